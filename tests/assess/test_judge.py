"""From verdicts to a level: what is shown, what is certain, and what is left open."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.judge import Assessment, judge
from mlops_ladder.checks.base import Verdict, advice
from mlops_ladder.project.layers import LEVELS
from support.assessments import assessment, finding

UNSEEN = {"conf/big.yaml": "is larger than 600,000 bytes"}


def judged(*tracks: str, unseen: dict[str, str] | None = None, **statuses: str) -> Assessment:
    """An assessment where all is met, but what is named (with `_` for `-`)."""
    said = {
        "met": Verdict("met", ("a.py:1",)),
        "missing": Verdict("missing", (), "nearly"),
        "not applicable": Verdict("not applicable", (), "no need"),
        "not judged": Verdict("not judged", (), "KeyError"),
        "no flaw": Verdict("met", (), "looked for", absence=True),
        "a flaw": Verdict("missing", (), "seen", absence=True),
    }
    found = {c: said[statuses.pop(c.id.replace("-", "_"), "met")] for c in catalogue()}
    assert statuses == {}
    return judge(found, list(tracks) or ["mlops"], unseen or {})


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


def test_where_not_all_was_looked_at_nothing_is_called_missing() -> None:
    result = judged(unseen=UNSEEN, ci_tests="missing", approval="missing", training="met")
    by_id = {f.capability.id: f for f in result.findings}

    assert (result.level, result.at_most, result.certain, result.complete) == (1, LEVELS[-1], False, False)
    assert {f.status for f in result.findings} == {"met", "not seen"}
    assert by_id["ci-tests"].note == "not found in what was looked at; nearly"
    assert by_id["ci-tests"].advice == advice("ci-tests")
    assert [f.capability.id for f in result.not_seen(2)] == ["ci-tests"]
    assert result.as_dict()["unseen"] == [
        {"why": "is larger than 600,000 bytes", "count": 1, "paths": ["conf/big.yaml"]}
    ]


def test_a_level_that_is_shown_is_certain_whatever_was_not_looked_at() -> None:
    assert judged(unseen=UNSEEN).certain
    assert not judged(unseen=UNSEEN).complete


@pytest.mark.parametrize(
    ("verdict", "status"), [("no flaw", "not seen"), ("a flaw", "missing"), ("met", "met"), ("missing", "not seen")]
)
def test_a_flaw_that_was_seen_stays_one_and_its_lack_is_not_claimed(verdict: str, status: str) -> None:
    by_id = {f.capability.id: f.status for f in judged(unseen=UNSEEN, no_secrets=verdict).findings}

    assert by_id["no-secrets"] == status


def test_names_of_strangers_are_on_one_line() -> None:
    found = {c: Verdict("met", ("m/\x1b[31m\n::error::x.py:1",)) for c in catalogue()}
    result = judge(found, ["mlops"], {"a\nb.py": "is larger than 600,000 bytes"})

    assert result.findings[0].evidence == (r"m/\x1b[31m\n::error::x.py:1",)
    assert list(result.unseen) == [r"a\nb.py"]


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
    assert not assessment(finding("a"), unseen=UNSEEN).complete


def test_a_finding_as_json_has_it() -> None:
    assert finding("a", "missing", 2, "nearly").as_dict() == {
        "id": "a", "area": "data", "track": "mlops", "level": 2, "required": True, "title": "Title of a",
        "status": "missing", "evidence": [], "note": "nearly", "advice": "Do a.",
    }  # fmt: skip
