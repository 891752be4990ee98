"""From verdicts to levels; and the assessed level alone, found without a look at what does not count for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.assess.assess import Assessment, assess, assess_tree, judge, level_of, tracks_in_use
from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.checks.base import Verdict, advice
from mlops_ladder.new.create import Request, create, plan
from mlops_ladder.project.layers import LEVELS, available
from mlops_ladder.project.tree import File
from support.assessments import assessment, finding
from support.facts import facts_of


@pytest.mark.parametrize("level", available())
def test_the_quick_level_is_the_assessed_one(tmp_path: Path, level: int) -> None:
    project = plan(Request(tmp_path / "trips", level))
    create(project, commit=False)
    quick, lacking = level_of(project.path)

    assert quick == assess(project.path).level == level
    assert lacking
    assert {capability.level for capability in lacking} == {level + 1}


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


def judged(*tracks: str, **statuses: str) -> Assessment:
    """An assessment where all is met, but what is named (with `_` for `-`)."""
    said = {
        "met": Verdict("met", ("a.py:1",)),
        "missing": Verdict("missing", (), "nearly"),
        "not applicable": Verdict("not applicable", (), "no need"),
        "not judged": Verdict("not judged", (), "KeyError"),
    }
    found = {c: said[statuses.pop(c.id.replace("-", "_"), "met")] for c in catalogue()}
    assert statuses == {}
    return judge(found, list(tracks) or ["mlops"])


@pytest.mark.parametrize(
    ("statuses", "level"),
    [
        ({}, LEVELS[-1]),
        ({"training": "missing"}, 0),
        ({"ci_tests": "missing"}, 1),
        ({"ci_tests": "not applicable"}, LEVELS[-1]),
        ({"champion_gate": "missing", "canary": "missing"}, 2),
        ({"model_card": "missing"}, LEVELS[-1]),  # no level stands on it
        ({"llm_evals_in_ci": "missing"}, LEVELS[-1]),  # of the other track
    ],
)
def test_a_level_is_reached_when_all_that_it_and_those_below_stand_on_is_there(
    statuses: dict[str, str], level: int
) -> None:
    result = judged(**statuses)

    assert (result.level, result.tracks, result.certain) == (level, {"mlops": level}, True)


def test_the_level_is_that_of_the_lower_track() -> None:
    result = judged("mlops", "llmops", llm_evals_in_ci="missing", approval="missing")

    assert (result.level, result.tracks) == (1, {"mlops": 3, "llmops": 1})


def test_what_was_not_judged_leaves_a_lower_and_an_upper_bound() -> None:
    result = judged(ci_tests="not judged", approval="missing")

    assert (result.level, result.at_most, result.certain, result.complete) == (1, 3, False, False)
    assert result.as_dict()["errors"] == [{"check": "ci-tests", "error": "KeyError"}]
    assert judged(model_card="not judged").certain


@pytest.mark.parametrize(
    ("statuses", "level"),
    [
        ({}, 5),
        ({"model_saved": "missing"}, 0),
        ({"promotion_policy": "missing"}, 4),
        ({"promotion_policy": "not judged"}, 4),
        ({"aliases": "missing"}, 5),  # half of the others at its level is enough
        ({"verified_model": "missing"}, 3),
        ({"verified_model": "not applicable"}, 5),
        ({"verified_model": "not applicable", "promotion_policy": "missing"}, 3),
    ],
)
def test_the_level_of_an_area(statuses: dict[str, str], level: int) -> None:
    assert judged(**statuses).areas["registry"] == level


def test_an_area_that_does_not_apply_has_no_level() -> None:
    ids = [c.id.replace("-", "_") for c in catalogue() if c.area == "registry"]

    assert "registry" not in judged(**dict.fromkeys(ids, "not applicable")).areas


def test_advice_is_given_for_what_is_missing() -> None:
    by_id = {f.capability.id: f for f in judged(ci_tests="missing").findings}

    assert (by_id["ci-tests"].note, by_id["ci-tests"].advice) == ("nearly", advice("ci-tests"))
    assert by_id["training"].advice == ""


def test_what_is_missing_and_what_is_met_of_those_that_apply() -> None:
    result = assessment(
        finding("a", "missing", 2, required=False),
        finding("b", "missing", 2),
        finding("c", "met", 2),
        finding("d", "not applicable", 2),
        finding("e", "not judged", 2, "KeyError"),
        finding("f", "missing", 3),
    )

    assert [f.capability.id for f in result.missing(2)] == ["b", "a"]
    assert (result.counts("data", 2), result.counts("data", 3), result.counts("ci", 2)) == ((1, 4), (0, 1), (0, 0))
    assert (result.complete, assessment(finding("a")).complete) == (False, True)
    assert not assessment(finding("a"), truncated=True).complete


def test_a_finding_as_json_has_it() -> None:
    assert finding("a", "missing", 2, "nearly").as_dict() == {
        "id": "a", "area": "data", "track": "mlops", "level": 2, "required": True, "title": "Title of a",
        "status": "missing", "evidence": [], "note": "nearly", "advice": "Do a.",
    }  # fmt: skip


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
