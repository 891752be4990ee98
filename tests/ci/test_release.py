"""The release workflows of both hosts, executed: only the tools that reach a registry or a cluster are stubs."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from .act import STUBS, Run, act, workflow
from .conftest import Clone, commit
from .gitlab import pipeline, started
from .tools import has_rsync
from .verbs import record_verbs

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("release")]

on_gitlab = pytest.mark.skipif(
    not has_rsync(), reason="gitlab-ci-local copies with rsync, which is not installed: apt-get install rsync"
)
asks_jq = pytest.mark.skipif(
    shutil.which("jq") is None, reason="the stand-in for gh needs jq, which is not installed: apt-get install jq"
)
TOOLS = ("docker", "kubectl", "cosign", "buildah", "grype", "apk", "apt-get")
DIGEST = f"sha256:{7:064d}"
SECRETS = {
    "KUBE_CONFIG": "cluster-word",
    "AWS_ACCESS_KEY_ID": "storage-key",
    "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
    "MLFLOW_TRACKING_PASSWORD": "server-word",
    "SIGNING_KEY": "signing-word",
    "SERVICE_API_KEY": "service-word",
}
APPROVAL = {
    "state": "approved",
    "comment": 'Looks "good"',
    "environments": [{"name": "production"}],
    "user": {"login": "grace"},
}
OTHER = APPROVAL | {"environments": [{"name": "staging"}], "user": {"login": "ada"}}
STEPS = {
    "build": ["Build", "Does it start, with no right to write or to anything else?", "Scan", "Push"],
    "staging": ["Deploy the image to staging"],
    "canary": [
        "Deploy the image to production, whose champion stays",
        "Register and judge what was trained",
        "Roll the candidate out, up to the approval",
    ],
    "promote": ["Who approved", "Let it take over, and stay until it is safe"],
}


@pytest.fixture
def tools(env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment with the stubs, and where they tell their calls."""
    folder = tmp_path / "release-tools"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(STUBS / "tool")
    (tmp_path / "approvals.json").write_text(json.dumps([OTHER, APPROVAL]))
    return env | {
        "PATH": f"{folder}{os.pathsep}{env['PATH']}",
        "TOOL_CALLS": str(tmp_path / "tool-calls"),
        "GH_APPROVALS": str(tmp_path / "approvals.json"),
        "GITHUB_REPOSITORY": "Team/Flights",
    }


def calls(env: dict[str, str]) -> list[str]:
    """What the stubs were called with."""
    path = Path(env["TOOL_CALLS"])
    return path.read_text().splitlines() if path.exists() else []


def released(clone: Clone, host: str, *broken: str) -> Path:
    """A project with something to release."""
    project = clone(host)
    record_verbs(project, *broken)
    (project / "trusted_keys").touch()
    knobs = project / "service.toml"
    knobs.write_text(knobs.read_text("utf-8") + "\n", "utf-8")
    return project


def release(project: Path, env: dict[str, str], **secrets: str) -> Run:
    commit(project, env)
    return act(project, "release.yml", "push", env, secrets=secrets)


@asks_jq
def test_a_commit_goes_all_the_way_on_github(clone: Clone, tools: dict[str, str]) -> None:
    env = tools | {"READY": "3"}
    result = release(released(clone, "github"), env, **SECRETS)

    assert result.code == 0, result.log
    steps = [step for job in STEPS.values() for step in job]
    assert [name for name in result.steps if name in steps] == steps, result.log
    image = f"ghcr.io/team/flights@{DIGEST}"
    put = f"images: [{{name: service, newName: ghcr.io/team/flights, digest: {DIGEST}}}]"
    done = calls(env)
    assert [line for line in done if line.startswith(("cosign sign", "cosign attest"))] == [
        f"cosign sign --yes {image}",
        f"cosign attest --yes --type cyclonedx --predicate sbom.json {image}",
    ]
    assert [line for line in done if line.startswith(("kubectl", "images"))] == [
        "kubectl get deployment/service --ignore-not-found --output jsonpath={.status.readyReplicas}",
        "kubectl apply --kustomize deploy/k8s/staging",
        put,
        "kubectl rollout status deployment/service --timeout 5m",
        "kubectl get deployment/service --ignore-not-found --output jsonpath={.status.readyReplicas}",
        "kubectl apply --kustomize deploy/k8s/production",
        put,
        "kubectl rollout status deployment/service --timeout 10m",
    ]
    scanned, pushed = (
        next(n for n, line in enumerate(done) if line.startswith(what)) for what in ("scan", "docker push")
    )
    assert scanned < pushed
    assert re.findall("verb (?:deploy|approve).*", result.log) == [
        "verb deploy: signing=*** services=,,,*** mlflow=***,*** by= why=",
        'verb approve: signing= services=,,,*** mlflow=***,*** by=grace why=Looks "good"',
    ]
    bill = json.loads(Path(env["ARTIFACTS"], "sbom", "sbom.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    names = {part["name"] for part in bill["components"]}
    assert {"fastapi", "scikit-learn", "mlflow-skinny"} <= names
    assert not {"pytest", "dvc", "mlflow"} & names, "what is not in the image"


@asks_jq
@pytest.mark.parametrize("approvals", [[], [OTHER]], ids=["nobody", "another environment"])
def test_without_an_approval_nothing_is_promoted(approvals: list[object], clone: Clone, tools: dict[str, str]) -> None:
    Path(tools["GH_APPROVALS"]).write_text(json.dumps(approvals))
    result = release(released(clone, "github"), tools, **SECRETS)

    assert result.code != 0
    assert result.failed == ["Who approved"], result.log
    assert "::error title=Nobody approved::" in result.log, result.log
    assert "verb approve" not in result.log


@pytest.mark.parametrize(
    ("fault", "broken", "stops"),
    [
        ({"HEALTH": "unhealthy"}, (), "Does it start, with no right to write or to anything else?"),
        ({"SCAN_FINDS": "yes"}, (), "Scan"),
        ({"READY": "1", "NEVER_READY": "yes"}, (), "Deploy the image to staging"),
        ({}, ("run",), "Register and judge what was trained"),
        ({}, ("deploy",), "Roll the candidate out, up to the approval"),
    ],
    ids=["does not start", "vulnerable", "never ready", "training fails", "rolled back"],
)
def test_each_fault_stops_a_release_on_github(
    fault: dict[str, str], broken: tuple[str, ...], stops: str, clone: Clone, tools: dict[str, str]
) -> None:
    env = tools | fault
    result = release(released(clone, "github", *broken), env, **SECRETS)

    assert result.code != 0
    assert result.failed == [stops], result.log
    assert "verb approve" not in result.log
    pushed = any(line.startswith("docker push") for line in calls(env))
    assert pushed == (stops not in STEPS["build"])
    undone = [line for line in calls(env) if line.startswith("kubectl rollout undo")]
    assert bool(undone) == ("NEVER_READY" in fault)


def test_without_a_cluster_the_image_is_signed_and_this_is_said(clone: Clone, tools: dict[str, str]) -> None:
    result = release(released(clone, "github"), tools)

    assert result.code == 0, result.log
    assert "::warning title=No cluster::" in result.log
    assert any(line.startswith("cosign sign") for line in calls(tools))
    assert not any(line.startswith("kubectl") for line in calls(tools))
    assert "verb" not in result.log


def test_where_nothing_waits_nobody_is_asked(clone: Clone, tools: dict[str, str]) -> None:
    result = release(released(clone, "github"), tools | {"OVER": "yes"}, **SECRETS)

    assert result.code == 0, result.log
    assert "verb deploy" in result.log
    assert not set(STEPS["promote"]) & set(result.steps)


def test_jobs_on_github_have_their_own_environments_and_rights(clone: Clone) -> None:
    jobs = workflow(clone("github"), "release.yml")["jobs"]

    assert {name: job.get("environment") for name, job in jobs.items()} == {
        "build": None,
        "staging": "staging",
        "canary": "canary",
        "promote": "production",
    }
    assert {name: job.get("permissions") for name, job in jobs.items()} == {
        "build": {"contents": "read", "packages": "write", "id-token": "write"},
        "staging": None,
        "canary": None,
        "promote": {"contents": "read", "actions": "read"},
    }
    assert "secrets." not in json.dumps(jobs["build"])


VARIABLES = {
    "CI_PIPELINE_SOURCE": "push",
    "CI_REGISTRY": "registry.example",
    "CI_REGISTRY_IMAGE": "registry.example/team/flights",
    "CI_REGISTRY_USER": "ci",
    "CI_REGISTRY_PASSWORD": "registry-word",
    "GITLAB_USER_LOGIN": "grace",
}
BUILDING = {"sbom", "build", "scan", "sign"}
RELEASING = {*BUILDING, "staging", "canary"}


@on_gitlab
def test_a_commit_goes_up_to_the_manual_job_on_gitlab(clone: Clone, tools: dict[str, str], tmp_path: Path) -> None:
    project, env = released(clone, "gitlab"), tools | {"READY": "3"}
    commit(project, env)
    (tmp_path / "kube").write_text("cluster-word")
    variables = VARIABLES | {"KUBE_CONFIG": str(tmp_path / "kube"), "SIGNING_KEY": "signing-word"}
    assert RELEASING | {"promote"} <= started(project, env, "push")
    code, jobs, log = pipeline(project, env, *RELEASING, variables=variables)

    assert (code, jobs) == (0, dict.fromkeys(RELEASING, "PASS")), log
    image = f"registry.example/team/flights@{DIGEST}"
    done = calls(env)
    assert f"cosign sign --yes {image}" in done
    assert f"grype --only-fixed --fail-on high registry:{image}" in done
    applied = [line for line in done if line.startswith(("kubectl apply", "images"))]
    put = f"images: [{{name: service, newName: registry.example/team/flights, digest: {DIGEST}}}]"
    assert applied == [
        "kubectl apply --kustomize deploy/k8s/staging",
        put,
        "kubectl apply --kustomize deploy/k8s/production",
        put,
    ]
    assert "verb deploy: signing=signing-word" in log
    assert "verb approve" not in log

    code, jobs, log = pipeline(project, env, "promote", variables=variables)
    assert (code, jobs) == (0, {"promote": "PASS"}), log
    assert "by=grace why=pipeline" in log


@on_gitlab
@pytest.mark.parametrize(
    ("fault", "stops"),
    [({"SCAN_FINDS": "yes"}, "scan"), ({"READY": "1", "NEVER_READY": "yes"}, "staging"), ({}, "canary")],
    ids=["vulnerable", "never ready", "rolled back"],
)
def test_each_fault_stops_a_release_on_gitlab(
    fault: dict[str, str], stops: str, clone: Clone, tools: dict[str, str], tmp_path: Path
) -> None:
    project, env = released(clone, "gitlab", *(["deploy"] if stops == "canary" else [])), tools | fault
    commit(project, env)
    (tmp_path / "kube").write_text("cluster-word")
    code, jobs, log = pipeline(project, env, *RELEASING, variables=VARIABLES | {"KUBE_CONFIG": str(tmp_path / "kube")})

    assert code != 0
    assert [name for name, result in jobs.items() if result == "FAIL"] == [stops], log
    assert any(line.startswith("cosign sign") for line in calls(env)) == (stops != "scan")
    assert any(line.startswith("kubectl rollout undo") for line in calls(env)) == (stops == "staging")


@on_gitlab
def test_without_a_cluster_gitlab_says_so(clone: Clone, tools: dict[str, str]) -> None:
    project = released(clone, "gitlab")
    commit(project, tools)
    code, jobs, log = pipeline(project, tools, *RELEASING, variables=VARIABLES)

    assert (code, jobs) == (0, dict.fromkeys(RELEASING, "PASS")), log
    assert "NO CLUSTER" in log
    assert not any(line.startswith("kubectl") for line in calls(tools))
