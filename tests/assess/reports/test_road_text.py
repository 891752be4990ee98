"""The plan for a terminal and as Markdown."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.costs import Cost, Line
from mlops_ladder.assess.reports.road_text import road_markdown, road_text
from mlops_ladder.assess.reports.text import WIDTH
from mlops_ladder.assess.road import BASIS
from support.assessments import capability, road

PLAN = road(capability("a", effort_days=(2, 5.5)), capability("b", required=False, roles=("approver",)))
COST = Cost("EUR", (Line("people", (100, 1234.4), (0, 10)),), ())


def test_steps_in_order_with_effort_advice_and_tools() -> None:
    text = road_text(PLAN, None, {"approver": "Ada"})
    head, _, tail = text.partition("\nRoles to name:\n")

    assert head.startswith("""\
From level 1 to level 2: 2 steps

  1. * Title of a  [2 to 5.5 days]
       Do a.
       Tools, one of a kind: DVC
  2.   Title of b  [1 to 2 days]
       Do b.
       Tools, one of a kind: DVC

* = the level stands on it

Effort: 3 to 7.5 person-days
""")
    assert BASIS in " ".join(head.split())
    assert (
        tail
        == """\
  ML engineer              2.0 to 5.5 days   unassigned
  approver                 1.0 to 2.0 days   Ada

Cost drivers: people
Amounts need your own rates: ladder plan --rates FILE
"""
    )
    assert max(map(len, text.splitlines())) <= WIDTH


def test_markdown_has_the_same_in_tables() -> None:
    lines = road_markdown(PLAN, None, {"approver": "A|da"}).splitlines()

    assert lines[0] == "# From level 1 to level 2"
    assert [line for line in lines if line.startswith("## ")] == ["## Roles to name", "## Cost"]
    assert "|  | capability | person-days | roles | tools, one of a kind |  | advice |" in lines
    assert "| role | person-days | who |" in lines
    assert "| 1 | Title of a (required) | 2 to 5.5 | ML engineer | DVC |  | Do a. |" in lines
    assert "| 2 | Title of b | 1 to 2 | approver | DVC |  | Do b. |" in lines
    assert f"**3 to 7.5 person-days.** {BASIS}" in lines
    assert "| approver | 1.0 to 2.0 | A\\|da |" in lines
    assert "| ML engineer | 2.0 to 5.5 | unassigned |" in lines


@pytest.mark.parametrize("form", [road_text, road_markdown])
def test_what_ladder_up_brings_is_said(form: object) -> None:
    said = "ladder up" in form(road(capability("a"), brought=True), None, {})  # type: ignore[operator]
    assert (said, "ladder up" in form(PLAN, None, {})) == (True, False)  # type: ignore[operator]


def test_cost_with_a_total_and_without_one() -> None:
    with_total = road_text(PLAN, COST, {})
    assert "Cost in EUR, from your rates (one-off; monthly):\n" in with_total
    assert "  people       100 to 1,234; 0 to 10\n  total        100 to 1,234; 0 to 10\n" in with_total
    without = road_text(PLAN, Cost("", COST.lines, ("people.rate", "currency")), {})
    assert "Cost in your currency, from" in without
    assert without.endswith("  No total: people.rate, currency is empty in the rates file.\n")
