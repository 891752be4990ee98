"""What a person reads of an assessment on a terminal."""

from __future__ import annotations

from mlops_ladder.assess.reports.text import WIDTH, area_level, assessment_text, doubts, headline, tracks, wrapped
from support.assessments import assessment, finding


def test_the_headline() -> None:
    assert headline(assessment(level=0)) == "Level 0 of 5: level 1 is not reached"
    assert headline(assessment(level=2)) == "Level 2 of 5: Reproducible"
    failed = assessment(finding("a", "not judged"), finding("b", "not judged"), at_most=4)
    assert headline(failed) == "At least level 1 of 5, at most 4: not certain, for a check failed (a, b)"
    unseen = assessment(finding("a", "not seen"), at_most=4, unseen={".": "is large"})
    assert headline(unseen) == "At least level 1 of 5, at most 4: not certain, for not all was looked at"


def test_tracks_and_areas_have_a_plus_where_a_check_of_theirs_failed() -> None:
    findings = [finding("a", "not judged", area="ci"), finding("b", "not judged", required=False, area="model")]
    result = assessment(*findings, tracks={"mlops": 1, "llmops": 2}, areas={"ci": 1, "data": 2, "model": 0})

    assert tracks(result) == ["MLOps: level 1+", "LLMOps: level 2"]
    assert [area_level(result, area) for area in ("ci", "data", "model")] == ["1+", "2", "0+"]


def test_what_the_next_level_needs_and_was_not_seen_is_told_apart() -> None:
    result = assessment(finding("a", "missing", 2), finding("b", "not seen", 2, "not found in what was looked at"))
    told = assessment_text(result)

    assert "Level 2 needs:\n\n  ✗ Title of a (a)\n" in told
    assert "Level 2 needs what was not seen and may be there:\n\n  ? Title of b (b)\n      not found in what" in told


def test_doubts_are_told_one_by_one() -> None:
    assert doubts(assessment(finding("a"))) == []
    unseen = {".": "has more than 200,000 files"} | {f"{n}.yaml": "is larger than 600,000 bytes" for n in range(4)}
    cut, failed = doubts(assessment(finding("a", "not judged", note="It broke"), unseen=unseen))
    assert cut == (
        "Not all was looked at: the repository has more than 200,000 files; 0.yaml is larger than 600,000 bytes, and 3 "
        "more like it. What was not found is therefore not seen, and not called missing."
    )
    assert failed == "It broke. This is a bug of ladder, not of the repository: 'Title of a' is not judged."


def test_what_is_told_of_which_level() -> None:
    result = assessment(
        finding("next", "missing", 2, "nearly"),
        finding("optional", "missing", 2, required=False),
        finding("rest", "missing", 1, required=False),
        finding("far", "missing", 3),
        finding("ahead", "met", 3),
        finding("known", "met", 1),
    )
    assert (
        assessment_text(result)
        == """\
Level 1 of 5: Manual

  MLOps: level 1

  area             level     1      2      3      4      5
  data                 1    1/2    0/2    1/2
  (capabilities met / of those that apply, by level)

Level 2 needs:

  ✗ Title of next (next)
      seen: nearly
      Do next.

Missing at level 1 and below, without counting for the level:
  ✗ Title of rest (rest)

Already there, above level 2:
  ✓ Title of ahead: ahead.py:1
"""
    )


def test_the_highest_level_needs_nothing_and_lines_stay_within_the_width() -> None:
    result = assessment(finding("a", "missing", 5, "word " * 60, required=False), level=5)
    assert "needs:" not in assessment_text(result)
    long = assessment_text(assessment(finding("a", "missing", 2, "word " * 60)))
    assert max(map(len, long.splitlines())) <= WIDTH
    assert long.split().count("word") == 60


def test_what_is_to_be_copied_is_not_broken_at_its_hyphens() -> None:
    name = "one-two-three-four-five-six-seven-eight"
    lines = wrapped(f"{'word ' * 16} {name}", "    ", "  - ")

    assert lines == ["  - " + " ".join(["word"] * 16), f"    {name}"]
    assert wrapped("a-b") == ["a-b"]
