"""The assessed level of what a command has just made."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.assess import assess


def assessed(project: Path, claimed: int) -> tuple[int, str]:
    """The computed level of a project, and that as a sentence; where it is below `claimed`, what is missing."""
    result = assess(project)
    if result.level >= claimed:
        return result.level, f"Assessed: level {result.level}"
    above = result.level + 1
    lacking = [f.capability.title for f in result.missing(above) if f.capability.required]
    return result.level, f"Assessed: level {result.level}; level {above} lacks: {'; '.join(lacking)} (ladder assess)"
