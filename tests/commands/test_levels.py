"""`ladder levels`: all, one, or a difference."""

from __future__ import annotations

import json

import pytest

from mlops_ladder.assess.reports.ladder_text import diff_text, ladder_text, level_text
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import LEVELS
from support.ladder import invoked as ladder


def test_levels_shows_all_one_and_a_difference() -> None:
    assert [f"{n}  " in ladder("levels").stdout for n in range(1, 6)] == [True] * 5
    assert "champion-gate" in ladder("levels", 3).stdout
    assert "New roles" in ladder("levels", "--diff", 2, 4).stdout
    assert [level["number"] for level in json.loads(ladder("levels", "--diff", 2, 4, "--json").stdout)["levels"]] == [
        3,
        4,
    ]


def test_what_is_shown_is_the_report_alone() -> None:
    assert ladder("levels").stdout == ladder_text()
    assert ladder("levels", 3).stdout == level_text(3)
    assert ladder("levels", "--diff", 0, 2).stdout == diff_text(0, 2)


def test_json_has_all_levels_or_one() -> None:
    def numbers(*words: object) -> list[int]:
        return [level["number"] for level in json.loads(ladder("levels", *words, "--json").stdout)["levels"]]

    assert (numbers(), numbers(4)) == (list(LEVELS), [4])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--diff", 2, 9), "There is no level 9."),
        (("--diff", 3, 3), "Level 3 does not lie above level 3."),
        (("--diff", 4, 2), "Level 2 does not lie above level 4."),
        (("--diff", -1, 2), "Level 2 does not lie above level -1."),
    ],
)
def test_a_difference_that_goes_nowhere_is_refused(words: tuple[object, ...], said: str) -> None:
    problem = ladder("levels", *words).exception

    assert isinstance(problem, LadderError)
    assert problem.message == said
