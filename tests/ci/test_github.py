"""GitHub's workflows, executed: a pristine project passes, each planted fault stops the right step."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .act import act, workflow
from .conftest import NAME, Clone, commit
from .faults import FAULTS, plant, record_verbs

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("github")]

CHECK, TEST, REHEARSE = (
    "Lint, formatting, types, secrets",
    "Tests",
    "The whole pipeline, on the committed sample",
)
PULL, TRAIN, REHEARSAL, VERDICT, KEEP = (
    "Pull the data",
    "Train on the full data",
    "Rehearse on the sample",
    "Verdict of the gate",
    "Keep the reports",
)
SECRETS = {
    "AWS_ACCESS_KEY_ID": "storage-key",
    "AWS_SECRET_ACCESS_KEY": "storage-word",
    "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
    "MLFLOW_TRACKING_PASSWORD": "server-word",
}


def test_a_pristine_project_passes_every_step(clone: Clone, env: dict[str, str]) -> None:
    result = act(clone("github", 2), "ci.yml", "pull_request", env, seconds=600)

    assert result.code == 0, result.log
    assert set(result.steps.values()) == {"success"}
    assert list(result.steps)[-3:] == [CHECK, TEST, REHEARSE]
    assert "NOT the full data" in result.log


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_workflow(fault: str, clone: Clone, env: dict[str, str]) -> None:
    project = clone("github", 2)
    verb, text = plant(project, fault, NAME)
    commit(project, env)
    result = act(project, "ci.yml", "pull_request", env | {"PYTEST_ADDOPTS": "--exitfirst"})

    assert result.code != 0
    assert result.failed == [{"check": CHECK, "test": TEST}[verb]], result.log
    assert text in result.log
    assert REHEARSE not in result.steps


def test_training_without_storage_rehearses_and_says_so(clone: Clone, env: dict[str, str]) -> None:
    result = act(clone("github", 3), "train.yml", "workflow_dispatch", env, seconds=600)

    assert result.code == 0, result.log
    assert result.failed == [PULL]
    assert TRAIN not in result.steps
    assert "::warning title=Not the full data::" in result.log
    kept = Path(env["ARTIFACTS"], "training", "reports", "rehearsal")
    verdict = json.loads((kept / "gate.json").read_text())["verdict"]
    assert f"Gate: **{verdict}**" in result.log
    assert "| Gate |" in result.log, "the model card is in the summary"
    assert (kept / "model_card.md").is_file()
    assert not list(kept.rglob("predictions.csv"))


def test_training_with_storage_trusts_each_step_with_its_own_credentials(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github", 3)
    record_verbs(project)
    commit(project, env)
    result = act(project, "train.yml", "workflow_dispatch", env, secrets=SECRETS)

    assert result.code == 0, result.log
    assert list(result.steps)[-4:] == [PULL, TRAIN, VERDICT, KEEP]
    # act masks the values of secrets as GitHub does
    assert re.findall(r"verb .*", result.log) == [
        "verb setup: aws=, mlflow=,",
        "verb pull: aws=***,*** mlflow=,",
        "verb run: aws=***,*** mlflow=***,***",
    ]
    assert not re.search("storage-|server-", result.log)


def test_training_without_a_tracking_server_warns_that_the_candidate_is_lost(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github", 3)
    record_verbs(project)
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code == 0, result.log
    assert TRAIN in result.steps
    assert "::warning title=No tracking server::" in result.log


def test_storage_that_refuses_its_key_fails_the_training(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github", 3)
    record_verbs(project, "pull")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env, secrets=SECRETS)

    assert result.code != 0
    assert result.failed == [PULL]
    assert not {TRAIN, REHEARSAL} & set(result.steps)


def test_a_failed_training_fails_the_workflow_but_keeps_what_there_is(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github", 3)
    record_verbs(project, "run")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code != 0
    assert result.failed == [TRAIN]
    assert Path(env["ARTIFACTS"], "training", "reports", "run.json").is_file()


def test_training_has_four_triggers_and_never_runs_twice_at_once(clone: Clone) -> None:
    training = workflow(clone("github", 3), "train.yml")

    assert set(training["on"]) == {"workflow_dispatch", "repository_dispatch", "schedule", "push"}
    assert training["on"]["push"] == {"branches": ["main"], "paths": ["data/raw/*.dvc"]}
    assert training["concurrency"] == {"group": "train", "cancel-in-progress": False}
    assert training["permissions"] == {"contents": "read"}
