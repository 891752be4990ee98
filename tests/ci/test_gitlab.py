"""GitLab's pipeline, executed: a pristine project trains, each verb that fails stops the right job."""

from __future__ import annotations

import json
import re

import pytest

from support.command import must

from .conftest import Clone, commit
from .gitlab import pipeline, started
from .tools import has_rsync
from .verbs import record_verbs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("gitlab"),
    pytest.mark.skipif(not has_rsync(), reason="gitlab-ci-local copies with rsync, which is not installed"),
]

SECRETS = {"AWS_ACCESS_KEY_ID": "storage-key", "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
CHANGE = ("check", "test", "rehearse")


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


def test_training_on_the_full_data_registers_and_judges(clone: Clone, origin: Clone, env: dict[str, str]) -> None:
    must("uv", "run", "dvc", "push", cwd=origin("gitlab"), env=env, seconds=300)
    project = clone("gitlab")
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
    project = clone("gitlab")
    record_verbs(project, *broken)
    commit(project, env)
    code, jobs, log = pipeline(project, env, variables={"CI_PIPELINE_SOURCE": "web", **secrets})

    assert (code == 0, jobs) == (passes, {"train": "PASS" if passes else "FAIL"}), log
    assert list(dict.fromkeys(re.findall(r"verb (\w+):", log))) == verbs, "a failed job is printed twice"
    assert ("NOT THE FULL DATA" in log) == ("rehearse" in verbs)


def test_each_event_starts_its_jobs(clone: Clone, env: dict[str, str]) -> None:
    project = clone("gitlab")
    expected = {
        "push": set(CHANGE),
        "merge_request_event": set(CHANGE),
        "schedule": {"train"},
        "web": {"train"},
        "trigger": {"train"},
    }
    assert {source: started(project, env, source) for source in expected} == expected

    pointer = project / "data/raw/flights.parquet.dvc"
    pointer.write_text(re.sub("md5: .*", "md5: " + "0" * 32, pointer.read_text()))
    commit(project, env)
    assert started(project, env, "push") == {*CHANGE, "train"}
