"""What is missing on the way to a level: in which order, with how much effort, by whom, at what cost."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.road import BASIS, road_to
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import LEVELS
from support.assessments import assessment, capability, finding, road


def steps(*found: object, **more: object) -> list[str]:
    return [step.capability.id for step in road_to(assessment(*found), **more).steps]  # type: ignore[arg-type]


def test_what_is_missing_up_to_the_next_level() -> None:
    found = [finding("a", "missing"), finding("b", "missing", 2), finding("c", "met", 2), finding("d", "missing", 3)]

    assert steps(*found) == ["a", "b"]
    assert steps(*found, goal=3) == ["a", "b", "d"]
    assert steps(*found, goal=1) == ["a"]
    assert steps(finding("c", "not applicable", 2), finding("d", "not judged", 2)) == []


def test_by_level_and_within_it_what_is_required_first() -> None:
    found = [finding("a", "missing", 2, required=False), finding("b", "missing", 2), finding("c", "missing")]

    assert steps(*found) == ["c", "b", "a"]


def test_nothing_before_what_it_needs() -> None:
    needs = [
        finding("a", "missing", 2, needs=("c",)),
        finding("b", "missing", 2, needs=("a", "met")),
        finding("c", "missing", 2, required=False),
    ]
    assert steps(*needs) == ["c", "a", "b"]
    circle = [finding("a", "missing", 2, needs=("b",)), finding("b", "missing", 2, needs=("a",))]
    assert steps(*circle) == ["a", "b"]


def test_a_step_has_what_was_seen_the_advice_and_whether_ladder_up_brings_it() -> None:
    result = assessment(finding("a", "missing", 2, "nearly"), finding("b", "missing", 1))
    found = {step.capability.id: step for step in road_to(result, brought=frozenset({2})).steps}

    assert (found["a"].note, found["a"].advice, found["a"].brought) == ("nearly", "Do a.", True)
    assert not found["b"].brought


def test_the_goal_is_the_next_level_or_the_last() -> None:
    assert (road_to(assessment()).level, road_to(assessment()).goal) == (1, 2)
    assert road_to(assessment(level=LEVELS[-1])).goal == LEVELS[-1]
    assert road_to(assessment(level=0)).goal == 1


@pytest.mark.parametrize(("goal", "words"), [(9, "no level 9"), (-1, "no level -1"), (1, "at level 2 already")])
def test_a_goal_that_is_no_level_or_lies_below_is_refused(goal: int, words: str) -> None:
    with pytest.raises(LadderError, match=words) as caught:
        road_to(assessment(level=2), goal)
    assert caught.value.hint


def test_effort_is_summed_and_split_among_the_roles_of_a_step() -> None:
    plan = road(
        capability("a", effort_days=(2, 6), roles=("ML engineer", "approver")),
        capability("b", effort_days=(1, 1.5)),
    )
    assert plan.effort == (3, 7.5)
    assert plan.roles == {"ML engineer": (2, 4.5), "approver": (1, 3)}
    assert (road().effort, road().roles, road().costs) == ((0, 0), {}, {})


def test_costs_name_the_steps_that_they_come_with_in_the_order_of_the_vocabulary() -> None:
    plan = road(capability("a", costs=("storage", "people")), capability("b"))

    assert list(plan.costs.items()) == [("people", ["a", "b"]), ("storage", ["a"])]


def test_the_road_as_json_has_it() -> None:
    value = road(capability("a", needs=("b",), effort_days=(1, 3)), brought=True).as_dict()

    assert value == {
        "level": 1, "goal": 2, "effort_days": [1, 3], "basis": BASIS, "roles": {"ML engineer": [1.0, 3.0]},
        "costs": {"people": ["a"]},
        "steps": [
            {
                "id": "a", "level": 1, "area": "data", "title": "Title of a", "required": True, "seen": "",
                "advice": "Do a.", "brought_by_ladder_up": True, "needs": ["b"], "effort_days": [1, 3],
                "roles": ["ML engineer"], "tools": ["DVC"], "costs": ["people"],
            }
        ],
    }  # fmt: skip
