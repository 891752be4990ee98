"""From a repository to verdicts, in the time there is; and the assessed level alone, found without the rest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlops_ladder.assess import assess as module
from mlops_ladder.assess.assess import assess, assess_tree, level_of, tracks_in_use, verdicts
from mlops_ladder.checks import CHECKS
from mlops_ladder.checks.base import Verdict
from mlops_ladder.deadline import OutOfTime
from mlops_ladder.errors import USAGE, LadderError
from mlops_ladder.new.create import Request, create, plan
from mlops_ladder.project.layers import LEVELS, available
from mlops_ladder.project.tree import File
from support.facts import facts_of


@pytest.mark.parametrize("level", available())
def test_the_quick_level_is_the_assessed_one(tmp_path: Path, level: int) -> None:
    project = plan(Request(tmp_path / "trips", level))
    create(project, commit=False)
    quick, lacking = level_of(project.path)

    assert quick == assess(project.path).level == level
    assert {capability.level for capability in lacking} == {level + 1} & set(LEVELS)


def test_a_shortfall_names_what_is_lacking(tmp_path: Path) -> None:
    project = plan(Request(tmp_path / "trips", 2))
    create(project, commit=False)
    (project.path / ".github/workflows/ci.yml").unlink()
    level, lacking = level_of(project.path)

    assert level == 1
    assert lacking


def test_a_folder_with_nothing_in_it_is_level_0(tmp_path: Path) -> None:
    assert level_of(tmp_path)[0] == 0


TRAIN = "from sklearn.svm import SVC\nSVC().fit([[0]], [0])\n"
CHAT = "from openai import OpenAI\nOpenAI().chat.completions.create(model='m', messages=[])\n"


@pytest.mark.parametrize(
    ("texts", "tracks"),
    [
        ({"train.py": TRAIN}, ["mlops"]),
        ({"chat.py": CHAT}, ["llmops"]),
        ({"train.py": TRAIN, "chat.py": CHAT}, ["mlops", "llmops"]),
        ({"a.py": "x = 1\n"}, ["mlops"]),
    ],
)
def test_the_tracks_in_use(texts: dict[str, str], tracks: list[str]) -> None:
    assert tracks_in_use(facts_of(texts)) == tracks
    assert tracks_in_use(facts_of(texts), "llmops") == ["llmops"]


def test_what_belongs_to_a_track_that_is_not_in_use_does_not_apply() -> None:
    found = {f.capability.id: f for f in assess_tree({"train.py": File(TRAIN.encode())}).findings}

    assert (found["training"].status, found["training"].evidence) == ("met", ("train.py:2",))
    assert (found["llm-evals-in-ci"].status, found["llm-evals-in-ci"].note) == (
        "not applicable", "the LLMOps track is not in use",
    )  # fmt: skip


def endless() -> Verdict:
    """A check that a hostile repository keeps busy."""
    while True:
        pass


def test_what_there_was_no_time_for_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.py").write_text(TRAIN)
    monkeypatch.setitem(CHECKS, "one-command", endless)
    before = time.monotonic()
    result = assess(tmp_path, within=1.0)
    statuses = {f.capability.id: f.status for f in result.findings}

    assert time.monotonic() - before < 20
    assert (statuses["training"], statuses["one-command"], statuses["approval"]) == ("met", "not seen", "not seen")
    assert "missing" not in statuses.values()
    assert result.unseen["."] == "could not be judged whole within 1 seconds"


def test_many_seconds_are_written_as_people_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise OutOfTime

    monkeypatch.setattr(module, "tracks_in_use", late)
    facts = facts_of({})
    verdicts(facts, within=3599.99)

    assert facts.files.unseen["."] == "could not be judged whole within 3600 seconds"


def test_a_level_alone_is_in_time_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKS, "training", endless)
    monkeypatch.setattr(module, "WITHIN", 0.5)
    with pytest.raises(LadderError, match=r"could not be assessed within 0\.5 seconds") as caught:
        level_of(tmp_path)
    assert caught.value.code == USAGE
    assert "--within" in caught.value.hint


def test_files_that_cannot_be_listed_in_time_are_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DiskSource", lambda _: endless())
    with pytest.raises(LadderError, match=r"could not be listed within 0\.5 seconds") as caught:
        assess(tmp_path, within=0.5)
    assert "--within" in caught.value.hint
