"""The road from an assessment to a level: what is missing, in order, with effort, roles, tools and cost drivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlops_ladder.assess.catalogue import Capability
from mlops_ladder.assess.judge import Assessment, Finding
from mlops_ladder.assess.vocabulary import COSTS
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import LEVELS

BASIS = (
    "Effort is our estimate, not a measurement: person-days of somebody who knows the tool, for one model and one "
    "team, without waiting times. Low: the pieces are at hand; high: they have to be agreed on first."
)


@dataclass(frozen=True)
class Stretch:
    """One capability on the road that is missing or was not seen; `brought` when `ladder up` brings its files."""

    capability: Capability
    note: str
    advice: str
    brought: bool


@dataclass(frozen=True)
class Road:
    """A road map."""

    level: int
    goal: int
    steps: tuple[Stretch, ...]

    @property
    def effort(self) -> tuple[float, float]:
        """Person-days of all steps, low and high."""
        low, high = (sum(step.capability.effort_days[i] for step in self.steps) for i in (0, 1))
        return low, high

    @property
    def roles(self) -> dict[str, tuple[float, float]]:
        """Role -> person-days; the effort of a step is split evenly among its roles."""
        days: dict[str, tuple[float, float]] = {}
        for step in self.steps:
            low, high = step.capability.effort_days
            for role in step.capability.roles:
                before = days.get(role, (0.0, 0.0))
                share = len(step.capability.roles)
                days[role] = (before[0] + low / share, before[1] + high / share)
        return days

    @property
    def costs(self) -> dict[str, list[str]]:
        """Cost driver -> the steps that it comes with."""
        return {
            driver: hits
            for driver in COSTS
            if (hits := [s.capability.id for s in self.steps if driver in s.capability.costs])
        }

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON has it."""
        return {
            "level": self.level,
            "goal": self.goal,
            "steps": [
                {
                    "id": s.capability.id, "level": s.capability.level, "area": s.capability.area,
                    "title": s.capability.title, "required": s.capability.required, "seen": s.note,
                    "advice": s.advice, "brought_by_ladder_up": s.brought, "needs": list(s.capability.needs),
                    "effort_days": list(s.capability.effort_days), "roles": list(s.capability.roles),
                    "tools": list(s.capability.tools), "costs": list(s.capability.costs),
                }
                for s in self.steps
            ],
            "effort_days": list(self.effort),
            "basis": BASIS,
            "roles": {role: list(days) for role, days in self.roles.items()},
            "costs": self.costs,
        }  # fmt: skip


def road_to(result: Assessment, goal: int = 0, brought: frozenset[int] = frozenset()) -> Road:
    """The road to `goal`, by default the next level; `brought` are the levels whose files `ladder up` can bring.

    Raises:
        LadderError: the goal is no level, or lies below.
    """
    goal = goal or min(result.level + 1, LEVELS[-1])
    if goal not in LEVELS:
        raise LadderError(f"There is no level {goal}.", f"Choose one of {', '.join(map(str, LEVELS))}.")
    if goal < result.level:
        raise LadderError(f"The repository is at level {result.level} already.", "Name a higher level, or none.")
    missing = [f for f in result.findings if f.status in ("missing", "not seen") and f.capability.level <= goal]
    steps = tuple(Stretch(f.capability, f.note, f.advice, f.capability.level in brought) for f in _ordered(missing))
    return Road(result.level, goal, steps)


def _ordered(missing: list[Finding]) -> list[Finding]:
    """By level; within it the required first, but nothing before what it needs."""
    left = sorted(missing, key=lambda f: (f.capability.level, not f.capability.required))
    waiting = {f.capability.id for f in left}
    order: list[Finding] = []
    while left:
        ready = next((f for f in left if not waiting & set(f.capability.needs)), left[0])
        left.remove(ready)
        waiting.discard(ready.capability.id)
        order.append(ready)
    return order
