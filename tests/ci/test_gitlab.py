"""GitLab's pipeline, executed: a pristine project passes, each planted fault stops the right job."""

from __future__ import annotations

import json
import re

import pytest

from .command import must
from .conftest import NAME, Clone, commit
from .faults import plant, record_verbs
from .gitlab import pipeline, started
from .tools import has_rsync

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("gitlab"),
    pytest.mark.skipif(not has_rsync(), reason="gitlab-ci-local copies with rsync, which is not installed"),
]

SECRETS = {"AWS_ACCESS_KEY_ID": "storage-key", "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
CHANGE = {"check", "test", "rehearse"}


def test_a_pristine_project_passes_every_job(clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab", 2)
    # Its tests as a whole run under GitHub's workflow; here they need only be called.
    quick = env | {"PYTEST_ADDOPTS": "tests/test_config.py tests/test_fingerprint.py"}
    code, jobs, log = pipeline(project, quick, seconds=600)

    assert (code, jobs) == (0, dict.fromkeys(CHANGE, "PASS")), log
    assert "NOT the full data" in log
    assert (project / "reports/rehearsal/metrics.json").is_file()


@pytest.mark.parametrize("fault", ["secret", "type", "test"])
def test_a_fault_fails_its_job(fault: str, clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab", 2)
    verb, text = plant(project, fault, NAME)
    commit(project, env)
    code, jobs, log = pipeline(project, env | {"PYTEST_ADDOPTS": "--exitfirst"}, verb)

    assert code != 0
    assert jobs == {verb: "FAIL"}, log
    assert text in log


def test_training_on_the_full_data_registers_and_judges(clone: Clone, origin: Clone, env: dict[str, str]) -> None:
    must("uv", "run", "dvc", "push", cwd=origin("gitlab", 3), env=env, seconds=300)
    project = clone("gitlab", 3)
    code, jobs, log = pipeline(project, env, variables={"CI_PIPELINE_SOURCE": "schedule"}, seconds=600)

    assert (code, jobs) == (0, {"train": "PASS"}), log
    assert "NO TRACKING SERVER" in log
    report = json.loads((project / "reports/gate.json").read_text())
    assert report["verdict"] == "promote", "the first model has only the dummy to beat"
    assert f"Gate: {report['verdict']}, {report['reason']}" in log
    assert not (project / "reports/rehearsal").exists()


@pytest.mark.parametrize(
    ("broken", "secrets", "passes", "verbs"),
    [
        ((), SECRETS, True, ["setup", "pull", "run"]),
        (("pull",), {}, True, ["setup", "pull", "rehearse"]),
        (("pull",), SECRETS, False, ["setup", "pull"]),
        (("run",), {}, False, ["setup", "pull", "run"]),
    ],
    ids=["storage", "no storage", "key refused", "training fails"],
)
def test_training_decides_by_what_can_be_pulled(
    broken: tuple[str, ...],
    secrets: dict[str, str],
    passes: bool,
    verbs: list[str],
    clone: Clone,
    env: dict[str, str],
) -> None:
    project = clone("gitlab", 3)
    record_verbs(project, *broken)
    commit(project, env)
    code, jobs, log = pipeline(project, env, variables={"CI_PIPELINE_SOURCE": "web", **secrets})

    assert (code == 0, jobs) == (passes, {"train": "PASS" if passes else "FAIL"}), log
    assert list(dict.fromkeys(re.findall(r"verb (\w+):", log))) == verbs, "a failed job is printed twice"
    assert ("NOT THE FULL DATA" in log) == ("rehearse" in verbs)


def test_each_event_starts_its_jobs(clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab", 3)
    expected = {
        "push": CHANGE,
        "merge_request_event": CHANGE,
        "schedule": {"train"},
        "web": {"train"},
        "trigger": {"train"},
    }
    assert {source: started(project, env, source) for source in expected} == expected

    pointer = project / "data/raw/flights.parquet.dvc"
    pointer.write_text(re.sub("md5: .*", "md5: " + "0" * 32, pointer.read_text()))
    commit(project, env)
    assert started(project, env, "push") == {*CHANGE, "train"}
