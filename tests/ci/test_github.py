"""GitHub's workflows, executed: a pristine project passes, each verb that fails stops the right step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command import must

from .act import act, workflow
from .conftest import Clone, Host, commit
from .verbs import record_verbs

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("github")]

CHECK, TEST, REHEARSE = (
    "Lint, formatting, types, secrets",
    "Tests",
    "The whole pipeline, on the committed sample",
)
PULL, INGEST, TRAIN, REHEARSAL, VERDICT, KEEP, RECORD, HOME = (
    "Pull the data",
    "Look for new data",
    "Train on the full data",
    "Rehearse on the sample",
    "Verdict of the gate",
    "Keep the reports",
    "What is to be committed",
    "Open or update the pull request",
)
CHANGE = {"check": CHECK, "test": TEST, "rehearse": REHEARSE}
SECRETS = {
    "AWS_ACCESS_KEY_ID": "storage-key",
    "AWS_SECRET_ACCESS_KEY": "storage-word",
    "AWS_SESSION_TOKEN": "storage-hour",
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
    assert "(reports/gate.json, reports/model_card.md)" in result.log, "the candidate of the rehearsal was judged"


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
    assert not {INGEST, TRAIN, HOME} & set(result.steps)
    assert "::warning title=Not the full data::" in result.log
    assert "Gate: **refuse**, recorded by rehearse" in result.log
    assert "| Gate |" in result.log, "the model card is in the summary"
    kept = Path(env["ARTIFACTS"], "training", "rehearsal")
    assert sorted(path.name for path in kept.iterdir()) == ["gate.json", "model_card.md"], "and no predictions"


def test_training_with_storage_trusts_each_step_with_its_own_credentials(
    clone: Clone, host: Host, env: dict[str, str]
) -> None:
    project = clone("github")
    record_verbs(project)
    commit(project, env)
    host(project)
    result = act(project, "train.yml", "workflow_dispatch", env, secrets=SECRETS)

    assert result.code == 0, result.log
    # act masks the values of secrets as GitHub does
    assert re.findall(r"verb .*", result.log) == [
        "verb setup: aws=,,us-east-1 mlflow=,",
        "verb pull: aws=***,***,***us-east-1 mlflow=,",
        "verb ingest: aws=***,***,***us-east-1 mlflow=,",
        "verb run: aws=***,***,***us-east-1 mlflow=***,***",
    ]
    assert not re.search("storage-|server-", result.log)


@pytest.mark.parametrize("is_open", [False, True], ids=["none is open", "one is open"])
def test_what_a_training_made_comes_home_as_one_pull_request(
    is_open: bool, clone: Clone, host: Host, env: dict[str, str]
) -> None:
    project = clone("github")
    record_verbs(project)
    commit(project, env)
    bare = host(project)
    if is_open:
        must("git", "push", "--quiet", "origin", "HEAD~1:refs/heads/training/main", cwd=project, env=env)
        Path(env["GH_OPEN"]).write_text("7\n")
    result = act(project, "train.yml", "schedule", env, secrets=SECRETS | {"GITHUB_TOKEN": "host-word"})

    assert result.code == 0, result.log
    assert list(result.steps)[-1] == HOME
    calls = ["auth setup-git", "pr list", "pr edit" if is_open else "pr create"]
    assert Path(env["GH_CALLS"]).read_text().splitlines() == [f"{call} with a token" for call in calls]
    changed = must("git", "diff", "--name-only", "main", "training/main", cwd=bare, env=env).split()
    assert changed == ["dvc.lock", "reports/metrics.json"]
    above, main = must("git", "rev-parse", "training/main~1", "main", cwd=bare, env=env).split()
    assert above == main


def test_a_pull_request_that_may_not_be_opened_fails_and_names_the_setting(
    clone: Clone, host: Host, env: dict[str, str]
) -> None:
    project = clone("github")
    record_verbs(project)
    commit(project, env)
    host(project)
    result = act(project, "train.yml", "schedule", env | {"GH_REFUSES": "yes"}, secrets=SECRETS)

    assert result.code != 0
    assert result.failed == [HOME]
    assert "Allow GitHub Actions to create and approve pull requests" in result.log


@pytest.mark.parametrize("event", ["schedule", "push"])
def test_without_anything_new_nothing_is_trained_but_a_merge_is_judged(
    event: str, clone: Clone, env: dict[str, str]
) -> None:
    project = clone("github")
    record_verbs(project, new=False)
    (project / "dvc.lock").write_text("schema: '2.0'\n")
    (project / "reports").mkdir()
    (project / "reports/metrics.json").touch()
    commit(project, env)
    result = act(project, "train.yml", event, env, secrets=SECRETS)

    assert result.code == 0, result.log
    assert "Nothing new" in result.log
    assert (TRAIN in result.steps) == (event == "push")
    assert HOME not in result.steps, "there is nothing to bring home"


def test_training_without_a_tracking_server_warns_that_the_candidate_is_lost(
    clone: Clone, host: Host, env: dict[str, str]
) -> None:
    project = clone("github")
    record_verbs(project)
    commit(project, env)
    host(project)
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
    assert not {INGEST, TRAIN, REHEARSAL, HOME} & set(result.steps)


def test_a_failed_training_fails_the_workflow_but_keeps_what_there_is(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, "run")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code != 0
    assert result.failed == [TRAIN]
    assert not {RECORD, HOME} & set(result.steps)
    assert Path(env["ARTIFACTS"], "training", "gate.json").is_file()


def test_a_file_that_is_refused_fails_the_workflow_before_a_training(clone: Clone, env: dict[str, str]) -> None:
    project = clone("github")
    record_verbs(project, "ingest")
    commit(project, env)
    result = act(project, "train.yml", "schedule", env)

    assert result.code != 0
    assert result.failed == [INGEST]
    assert not {TRAIN, HOME} & set(result.steps)


def test_training_has_four_triggers_and_never_runs_twice_at_once(clone: Clone) -> None:
    training = workflow(clone("github"), "train.yml")

    assert set(training["on"]) == {"workflow_dispatch", "repository_dispatch", "schedule", "push"}
    assert training["on"]["push"] == {"branches": ["main"], "paths": ["data/raw/*.dvc", "dvc.lock", "gate.toml"]}
    assert training["concurrency"] == {"group": "train", "cancel-in-progress": False}
    assert training["permissions"] == {"contents": "read"}
    assert "permissions" not in training["jobs"]["train"]
    assert training["jobs"]["bring-home"]["permissions"] == {"contents": "write", "pull-requests": "write"}
