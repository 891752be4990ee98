"""The assessed level of what a command has just made."""

from __future__ import annotations

from pathlib import Path


def assessed(project: Path, claimed: int) -> tuple[int, str]:
    """The computed level of a project, and that as a sentence; where it is below `claimed`, what is missing."""
    from mlops_ladder.assess.assess import level_of

    level, lacking = level_of(project)
    if level >= claimed:
        return level, f"Assessed: level {level}"
    names = "; ".join(capability.title for capability in lacking)
    return level, f"Assessed: level {level}; level {level + 1} lacks: {names} (ladder assess)"
