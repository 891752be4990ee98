"""Image, compose and Kubernetes files under the tools that read them, and these tools on planted faults."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ci.tools import script
from support import cases, trees
from support.command import must, run
from support.shapes import project

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="kubectl is not installed: apt-get install kubernetes-client"
)
OVERLAYS = ("base", "staging", "production")
WRITABLE = {
    "service": {"/app/.serving", "/tmp"},
    "watch": {"/app/.serving", "/app/reports", "/tmp"},
    "training": {"/work", "/tmp"},
}
made = pytest.mark.parametrize(
    ("host", "name"), [(cases.HOSTS[0], name) for name in cases.NAMES] + [(cases.HOSTS[1], cases.NAMES[0])]
)


@pytest.fixture
def root(host: str, name: str, tmp_path: Path) -> Path:
    """What is deployed of a pristine project, on disk."""
    tree = project("flights", cases.TOP, host, name).tree
    return trees.write(tmp_path / "project", {path: tree[path] for path in tree if path.startswith("deploy/")})


def objects(root: Path, overlay: str) -> list[dict[str, Any]]:
    """What an overlay brings to a cluster."""
    return list(yaml.safe_load_all(must("kubectl", "kustomize", root / "deploy/k8s" / overlay, cwd=root)))


def refused_by_kubernetes(root: Path, overlay: str) -> bool:
    """Whether a cluster would not take an object of an overlay."""
    path = root / "objects.yaml"
    path.write_text(must("kubectl", "kustomize", root / "deploy/k8s" / overlay, cwd=root), "utf-8")
    return run(script("kubernetes-validate"), "--strict", path, cwd=root).returncode != 0


def refused_by_compose(root: Path) -> bool:
    command = ("--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml")
    return run(script("check-jsonschema"), *command, cwd=root).returncode != 0


def hadolint(root: Path) -> str:
    return run(script("hadolint"), "--failure-threshold", "info", "deploy/Dockerfile", cwd=root).stdout


def pods(root: Path, overlay: str) -> dict[str, dict[str, Any]]:
    """The specification of each pod that an overlay runs, by the name of what runs it."""
    found = {}
    for item in objects(root, overlay):
        if item["kind"] == "Deployment":
            found["service"] = item["spec"]["template"]["spec"]
        elif item["kind"] == "CronJob":
            found["training"] = item["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found


@made
def test_every_tool_accepts_every_file(root: Path) -> None:
    assert not any(refused_by_kubernetes(root, overlay) for overlay in OVERLAYS)
    namespaces = root / "deploy/k8s/namespaces.yaml"
    must(script("kubernetes-validate"), "--strict", namespaces, cwd=root)
    assert not refused_by_compose(root)
    assert hadolint(root) == ""


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("k8s/base/service.yaml", "revisionHistoryLimit: 3", 'revisionHistoryLimit: "3"', "kubernetes"),
        ("k8s/base/service.yaml", "readinessProbe:", "readinesProbe:", "kubernetes"),
        ("k8s/base/network.yaml", "podSelector: {}", "podSelectors: {}", "kubernetes"),
        ("compose.yaml", "restart: unless-stopped", "restarts: unless-stopped", "compose"),
        ("Dockerfile", "RUN install --directory", "RUN cd /tmp && install --directory", "hadolint"),
        ("Dockerfile", "USER 10001:10001", "USER root", "hadolint"),
    ],
)
def test_every_tool_would_find_a_fault(root: Path, file: str, old: str, new: str, found: str) -> None:
    path = root / "deploy" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))

    assert refused_by_kubernetes(root, "production") == (found == "kubernetes")
    assert refused_by_compose(root) == (found == "compose")
    assert bool(hadolint(root)) == (found == "hadolint")


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
def test_pods_have_no_rights_and_bounds(root: Path) -> None:
    for overlay in OVERLAYS[1:]:
        for name, pod in pods(root, overlay).items():
            assert pod["automountServiceAccountToken"] is False, name
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["securityContext"]["runAsUser"] == 10001
            for container in pod["containers"]:
                assert container["securityContext"] == {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                }
                assert {"memory", "ephemeral-storage"} <= container["resources"]["limits"].keys()
                mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
                assert mounted == WRITABLE[container["name"]]
        service = pods(root, overlay)["service"]["containers"][0]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= service.keys()


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
def test_environments_differ_by_configuration_only(root: Path) -> None:
    def by_kind(overlay: str) -> dict[tuple[str, str], dict[str, Any]]:
        return {(item["kind"], item["metadata"]["name"]): item for item in objects(root, overlay)}

    staging, production = by_kind("staging"), by_kind("production")
    assert staging.keys() == production.keys()
    assert {key for key in staging if staging[key] != production[key]} == {
        ("Deployment", "service"),
        ("HorizontalPodAutoscaler", "service"),
    }
    assert pods(root, "staging")["service"]["containers"][0]["args"] == ["--alias", "staging"]
    assert "args" not in pods(root, "production")["service"]["containers"][0]
    bounds = production["HorizontalPodAutoscaler", "service"]["spec"]
    assert (bounds["minReplicas"], bounds["maxReplicas"]) == (3, 12)


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
def test_network_policies_cover_every_pod_and_begin_with_nothing(root: Path) -> None:
    policies = {
        item["metadata"]["name"]: item["spec"] for item in objects(root, "base") if item["kind"] == "NetworkPolicy"
    }

    assert policies.pop("nothing") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies.keys() == pods(root, "base").keys()
    assert "ingress" not in policies["training"]


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
def test_the_line_of_the_workflow_puts_the_signed_image_in(root: Path) -> None:
    digest = "sha256:" + "0" * 63 + "7"
    with (root / "deploy/k8s/base/kustomization.yaml").open("a") as file:
        file.write(f"images: [{{name: service, newName: registry.example/team/flights, digest: {digest}}}]\n")

    images = {name: pod["containers"][0]["image"] for name, pod in pods(root, "production").items()}
    assert images["service"] == f"registry.example/team/flights@{digest}"
    assert images["training"].startswith("ghcr.io/astral-sh/uv:")


@pytest.mark.parametrize(("host", "name"), [(cases.HOSTS[0], cases.NAMES[0])])
def test_compose_holds_no_secret_and_opens_no_port_to_others(root: Path) -> None:
    compose = yaml.safe_load((root / "deploy/compose.yaml").read_text())

    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if any(word in variable for word in ("PASSWORD", "SECRET", "KEY")):
                assert re.fullmatch(r"\$\{\w+:[?-]\}", value), f"{name}: {variable}"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
    assert "${MLFLOW_ADMIN_PASSWORD:?}" in compose["configs"]["auth"]["content"]
