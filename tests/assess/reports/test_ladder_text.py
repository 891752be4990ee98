"""The ladder itself: all rungs, one of them, and what climbing adds."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.catalogue import of_level
from mlops_ladder.assess.reports.ladder_text import (
    diff_text,
    ladder_text,
    level_dict,
    level_text,
    unique,
    unique_stages,
)
from mlops_ladder.assess.reports.text import WIDTH
from mlops_ladder.project.layers import LEVELS, read_level
from support.assessments import capability


def test_all_rungs_the_highest_on_top() -> None:
    lines = ladder_text().splitlines()
    rungs = [line.split(maxsplit=2)[1:] for line in lines if "╫═══╫" in line]

    assert rungs == [[str(number), read_level(number).name] for number in reversed(LEVELS)]
    for number in LEVELS:
        required = sum(c.required for c in of_level(number))
        assert f"  ║   ║     {len(of_level(number))} capabilities, {required} of them required" in lines


@pytest.mark.parametrize("number", LEVELS)
def test_one_rung_has_each_of_its_capabilities_once_by_track(number: int) -> None:
    text = level_text(number)
    words = " ".join(text.split())

    assert text.startswith(f"Level {number}: {read_level(number).name}\n")
    for found in of_level(number):
        mark = "* " if found.required else ""
        assert words.count(f"{mark}{found.title} ({found.id})") == 1
    heads = {"mlops": "\nMLOps (", "both": "\nBoth tracks (", "llmops": "\nLLMOps ("}
    there = {track for track, head in heads.items() if head in text}
    assert there == {found.track for found in of_level(number)}
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_difference_names_what_is_between_and_the_roles_that_are_new() -> None:
    text = diff_text(2, 4)
    own = [*of_level(3), *of_level(4)]
    known = {role for number in (1, 2) for found in of_level(number) for role in found.roles}
    new = dict.fromkeys(role for found in own for role in found.roles if role not in known)

    assert text.startswith(f"From level 2 to level 4: {len(own)} capabilities\n")
    assert [line.split()[1] for line in text.splitlines() if line.startswith("  * ")] == [
        str(found.level) for found in own if found.required
    ]
    assert new
    assert " ".join(text.split()).endswith(f"New roles: {', '.join(new)}")
    low, high = (sum(found.effort_days[end] for found in own) for end in (0, 1))
    assert f"  Effort: {low:g} to {high:g} person-days" in text


def test_without_new_roles_a_difference_says_none() -> None:
    assert diff_text(LEVELS[-1], LEVELS[-1]).endswith("  New roles: none\n")


def test_each_value_once_in_the_order_of_its_first_place() -> None:
    own = (capability("a", roles=("x", "y"), stage="b"), capability("b", roles=("z", "x"), stage="a"))

    assert unique((*own, own[0]), "roles") == ["x", "y", "z"]
    assert unique_stages((*own, own[0])) == ["b", "a"]


def test_a_rung_as_json_has_it() -> None:
    value = level_dict(read_level(2), (capability("a", 2, needs=("b",), ml_test_score=("D1",)),))

    assert (value["number"], value["name"]) == (2, read_level(2).name)
    assert value["capabilities"] == [
        {
            "id": "a", "area": "data", "track": "mlops", "stage": "training", "title": "Title of a", "required": True,
            "sources": ["own"], "ml_test_score": ["D1"], "tools": ["DVC"], "roles": ["ML engineer"], "needs": ["b"],
            "effort_days": [1, 2], "costs": ["people"],
        }
    ]  # fmt: skip
    assert [value[key] for key in ("roles", "tools", "costs", "stages")] == [
        ["ML engineer"], ["DVC"], ["people"], ["training"],
    ]  # fmt: skip
