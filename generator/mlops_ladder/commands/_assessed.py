"""The assessed level of what a command has just made."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.console import say
from mlops_ladder.errors import BUG, LadderError


def assessed(project: Path, claimed: int) -> tuple[int | None, str]:
    """The computed level of a project, and that as a sentence; where it is below `claimed`, what is missing.

    A check that fails is a bug of ours, and no reason to doubt what has just been made: then there is no level.
    """
    from mlops_ladder.assess.assess import level_of

    try:
        level, lacking = level_of(project)
    except LadderError as problem:
        if problem.code != BUG:
            raise
        say.error(problem)
        return None, "Not assessed: a check of ladder failed"
    if level >= claimed:
        return level, f"Assessed: level {level}"
    names = "; ".join(capability.title for capability in lacking)
    return level, f"Assessed: level {level}; level {level + 1} lacks: {names} (ladder assess)"
