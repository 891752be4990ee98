"""GitLab's pipeline, executed: a pristine project trains, each verb that fails stops the right job."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from mlops_ladder.project.assets import shipped_file
from support.command import must

from .conftest import Clone, Host, commit
from .gitlab import pipeline, started
from .test_release import RELEASING
from .tools import has_rsync
from .verbs import record_verbs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("gitlab"),
    pytest.mark.skipif(not has_rsync(), reason="gitlab-ci-local copies with rsync, which is not installed"),
]

SECRETS = {"AWS_ACCESS_KEY_ID": "storage-key", "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
CHANGE = ("check", "test", "rehearse")
TRAINING = {"train", "bring-home"}


@pytest.mark.parametrize("broken", [None, *CHANGE])
def test_a_change_goes_through_every_verb(broken: str | None, clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab")
    record_verbs(project, *filter(None, [broken]))
    commit(project, env)
    code, jobs, log = pipeline(project, env)

    assert (code == 0) == (broken is None), log
    assert jobs == {verb: "FAIL" if verb == broken else "PASS" for verb in CHANGE}, log
    assert set(re.findall(r"verb (\w+):", log)) == {"setup", *CHANGE}
    if broken is None:
        assert (project / "reports/rehearsal/gate.json").is_file(), "the records of the rehearsal are kept"


def test_new_data_is_trained_on_comes_home_and_is_judged_once_it_is_merged(
    clone: Clone, origin: Clone, host: Host, env: dict[str, str], tmp_path: Path
) -> None:
    must("uv", "run", "python", "-m", "dvc", "push", cwd=origin("gitlab"), env=env, seconds=300)
    project = clone("gitlab")
    bare = host(project)
    rows = pd.read_parquet(shipped_file("data"))
    incoming = tmp_path / "exports"
    incoming.mkdir()
    rows.tail(300).assign(temperature=rows["temperature"] + 0.01).to_parquet(incoming / "week.parquet")
    address = "https://training:home-word@gitlab.example/team/flights.git"
    env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf", "GIT_CONFIG_VALUE_0": address}
    variables = {
        "CI_SERVER_HOST": "gitlab.example",
        "CI_PROJECT_PATH": "team/flights",
        "INCOMING": str(incoming),
        "TRAINING_TOKEN": "home-word",
    }

    def run(source: str) -> str:
        said = variables | {"CI_PIPELINE_SOURCE": source}
        code, jobs, log = pipeline(project, env, "train", "bring-home", variables=said, seconds=600)
        assert (code, jobs) == (0, {"train": "PASS", "bring-home": "PASS"}), log
        return log

    log = run("schedule")
    assert "week.parquet: 300 new rows" in log
    assert "NO TRACKING SERVER" in log
    report = json.loads((project / "reports/gate.json").read_text())
    assert f"Gate: {report['verdict']}, {report['reason']}" in log
    assert not (project / "reports/rehearsal").exists()
    changed = must("git", "diff", "--name-only", "main", "training/main", cwd=bare, env=env).split()
    pointer = "data/raw/flights.parquet.dvc"
    assert changed == ["data/ingested.json", pointer, "dvc.lock", "reports/metrics.json"]
    options = (bare / "push-options").read_text().splitlines()
    assert options == ["merge_request.create", "merge_request.target=main", "merge_request.remove_source_branch"]

    # The emulation shares .git with its jobs, which a runner does not.
    must("git", "fetch", "--quiet", "origin", cwd=project, env=env)
    must("git", "reset", "--quiet", "--hard", "origin/main", cwd=project, env=env)
    must("git", "clean", "-fdxq", cwd=project, env=env)
    must("git", "pull", "--quiet", "--ff-only", "origin", "training/main", cwd=project, env=env)
    assert started(project, env, "push") == {*CHANGE, *TRAINING, *RELEASING, "promote"}
    log = run("push")
    assert "Data and pipelines are up to date" in log
    assert "Nothing to bring home" in log
    report = json.loads((project / "reports/gate.json").read_text())
    assert report["verdict"] == "promote", "the first model has only the dummy to beat"
    assert "Nothing new: every result" in run("schedule")


@pytest.mark.parametrize(
    ("broken", "secrets", "passes", "verbs"),
    [
        (("pull",), {}, True, ["setup", "pull", "rehearse"]),
        (("pull",), SECRETS, False, ["setup", "pull"]),
        (("ingest",), SECRETS, False, ["setup", "pull", "ingest"]),
        (("run",), {}, False, ["setup", "pull", "ingest", "run"]),
    ],
    ids=["no storage", "key refused", "a file refused", "training fails"],
)
def test_training_decides_by_what_can_be_pulled(
    broken: tuple[str, ...],
    secrets: dict[str, str],
    passes: bool,
    verbs: list[str],
    clone: Clone,
    env: dict[str, str],
) -> None:
    project = clone("gitlab")
    record_verbs(project, *broken)
    commit(project, env)
    code, jobs, log = pipeline(project, env, variables={"CI_PIPELINE_SOURCE": "web", **secrets})

    expected = {"train": "PASS", "bring-home": "PASS"} if passes else {"train": "FAIL"}
    assert (code == 0, jobs) == (passes, expected), log
    assert list(dict.fromkeys(re.findall(r"verb (\w+):", log))) == verbs, "a failed job is printed twice"
    assert ("NOT THE FULL DATA" in log) == ("rehearse" in verbs)


def test_each_event_starts_its_jobs(clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab")
    expected = {
        "push": set(CHANGE),
        "merge_request_event": set(CHANGE),
        "schedule": TRAINING,
        "web": TRAINING,
        "trigger": TRAINING,
    }
    assert {source: started(project, env, source) for source in expected} == expected

    pointer = project / "data/raw/flights.parquet.dvc"
    pointer.write_text(re.sub("md5: .*", "md5: " + "0" * 32, pointer.read_text()))
    commit(project, env)
    assert started(project, env, "push") == {*CHANGE, *TRAINING}


def test_without_a_token_the_results_of_a_training_are_not_lost_in_silence(clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab")
    record_verbs(project)
    commit(project, env)
    code, jobs, log = pipeline(project, env, variables={"CI_PIPELINE_SOURCE": "web", **SECRETS})

    assert (code, jobs) == (1, {"train": "PASS", "bring-home": "FAIL"}), log
    assert "NOT BROUGHT HOME" in log
