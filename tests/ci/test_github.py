"""GitHub's workflows, executed: a pristine project passes, each verb that fails stops the right step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .act import act, workflow
from .conftest import Clone, commit
from .verbs import record_verbs

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
CHANGE = {"check": CHECK, "test": TEST, "rehearse": REHEARSE}
SECRETS = {
    "AWS_ACCESS_KEY_ID": "storage-key",
    "AWS_SECRET_ACCESS_KEY": "storage-word",
    "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
    "MLFLOW_TRACKING_PASSWORD": "server-word",
}


def test_a_pristine_project_passes_every_step(clone: Clone, env: dict[str, str]) -> None:
    # Its tests as a whole run in the chain; here they need only be called.
    quick = env | {"PYTEST_ADDOPTS": "tests/test_config.py tests/test_pipeline.py"}
    result = act(clone("github"), "ci.yml", "pull_request", quick, seconds=600)

    assert result.code == 0, result.log
    assert set(result.steps.values()) == {"success"}
    assert list(result.steps)[-3:] == [CHECK, TEST, REHEARSE]
    assert "NOT the full data" in result.log
    assert "Model card: reports/model_card.md" in result.log, "the candidate of the rehearsal was judged"


@pytest.mark.parametrize("verb", CHANGE)
def test_a_verb_that_fails_stops_the_workflow(verb: str, clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, verb)
    commit(project, env)
    result = act(project, "ci.yml", "pull_request", env)

    assert result.code != 0
    assert result.failed == [CHANGE[verb]], result.log
    verbs = ["setup", *CHANGE]
    assert re.findall(r"verb (\w+):", result.log) == verbs[: verbs.index(verb) + 1]


def test_training_without_storage_rehearses_and_says_so(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, "pull")
    commit(project, env)
    result = act(project, "train.yml", "workflow_dispatch", env)

    assert result.code == 0, result.log
    assert result.failed == [PULL]
    assert TRAIN not in result.steps
    assert "::warning title=Not the full data::" in result.log
    assert "Gate: **refuse**, recorded by rehearse" in result.log
    assert "| Gate |" in result.log, "the model card is in the summary"
    kept = Path(env["ARTIFACTS"], "training", "reports", "rehearsal")
    assert sorted(path.name for path in kept.iterdir()) == ["gate.json", "model_card.md"], "and no predictions"


def test_training_with_storage_trusts_each_step_with_its_own_credentials(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
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
    project = clone("github")
    record_verbs(project)
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code == 0, result.log
    assert TRAIN in result.steps
    assert "::warning title=No tracking server::" in result.log


def test_storage_that_refuses_its_key_fails_the_training(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, "pull")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env, secrets=SECRETS)

    assert result.code != 0
    assert result.failed == [PULL]
    assert not {TRAIN, REHEARSAL} & set(result.steps)


def test_a_failed_training_fails_the_workflow_but_keeps_what_there_is(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, "run")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code != 0
    assert result.failed == [TRAIN]
    assert Path(env["ARTIFACTS"], "training", "reports", "gate.json").is_file()


def test_training_has_four_triggers_and_never_runs_twice_at_once(clone: Clone) -> None:
    training = workflow(clone("github"), "train.yml")

    assert set(training["on"]) == {"workflow_dispatch", "repository_dispatch", "schedule", "push"}
    assert training["on"]["push"] == {"branches": ["main"], "paths": ["data/raw/*.dvc"]}
    assert training["concurrency"] == {"group": "train", "cancel-in-progress": False}
    assert training["permissions"] == {"contents": "read"}
