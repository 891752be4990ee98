"""Steps and plans of lifts without a project, for the tests of what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlops_ladder.git.run import Git
from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.steps import Change, LiftPlan, LiftStep
from mlops_ladder.project.lock import lock_of
from support.repos import ANSWERS

HEAD, COMMIT, DONE = "a" * 40, "b" * 40, "c" * 40
FOLDER = Path("/somewhere/my trips")


def step(level: int = 2, moved: tuple[str, ...] = (), **more: Any) -> LiftStep:
    """A step that does nothing but what is named."""
    change = Change(f"level {level - 1} -> {level}", "It gives more.", {}, {}, lock_of({}, ANSWERS, level), moved=moved)
    names = ("added", "updated", "merged", "removed", "aside", "conflicts", "verbs", "dependencies", "changed", "data")
    nothing = dict.fromkeys((*names, "handed", "drop"), ())
    return LiftStep(change=change, commit=COMMIT, tree="", **(nothing | more))


def planned(*steps: LiftStep, left: int = 0, branch: str = "main") -> LiftPlan:
    """The plan of some steps, from a branch."""
    repo = Repo(Git(FOLDER), FOLDER, "", HEAD, branch, {}, lock_of({}, ANSWERS, 1))
    return LiftPlan(repo, "ladder/level-2", steps, left)


CLEAN = Outcome(DONE, in_progress=False, hooks=(), assessed=2)
STOPPED = Outcome(DONE, in_progress=True, hooks=("pre-commit",))
