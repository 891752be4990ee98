"""The assessment as Markdown: tables that nothing in them can break."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.reports.markdown import assessment_markdown, cell, table
from support.assessments import assessment, finding


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("a|b", "a\\|b"),
        ("two\n lines", "two lines"),
        ("`x` *y* _z_", "\\`x\\` \\*y\\* \\_z\\_"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("a\\|b", "a\\\\\\|b"),
    ],
)
def test_text_in_a_cell_is_text(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_a_table() -> None:
    assert table(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
    assert table(["a"], []) == ["| a |", "| --- |"]


def test_areas_and_findings_by_level_the_required_first() -> None:
    result = assessment(
        finding("a", "missing", 1, "a|b", required=False),
        finding("b", "met", 1),
        finding("c", "not applicable", 2),
        finding("d", "not judged", 3, "It broke"),
    )
    assert (
        assessment_markdown(result)
        == """\
# Level 1 of 5: Manual

- MLOps: level 1+

It broke. This is a bug of ladder, not of the repository: 'Title of d' is not judged.

## Areas

| area | level | level 1 | level 2 | level 3 | level 4 | level 5 |
| --- | --- | --- | --- | --- | --- | --- |
| data | 1+ | 1/2 |  | 0/1 |  |  |

## Level 1

|  | capability | evidence | advice |
| --- | --- | --- | --- |
| ✓ | Title of b (required) | b.py:1 |  |
| ✗ | Title of a | a\\|b | Do a. |

## Level 3

|  | capability | evidence | advice |
| --- | --- | --- | --- |
| ? | Title of d (required) | It broke |  |
"""
    )
