"""`ladder up`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlops_ladder.commands._lifting import lift
from mlops_ladder.commands._options import Branch, DryRun, Json, Project
from mlops_ladder.lift import requests
from mlops_ladder.project.lock import Lock


def command(
    path: Project = Path(),
    to: Annotated[int | None, typer.Option(help="The level to reach, one commit a level.  [default: the next]")] = None,
    branch: Branch = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Lift the project in PATH one level, on a branch, with all that you have made of it.

    Ends as one commit a level, or as an ordinary cherry-pick at the first level that conflicts.
    """

    def goal(lock: Lock) -> int:
        return lock.level + 1 if to is None else to

    lift(
        path,
        lambda lock: requests.climb(lock, goal(lock)),
        lambda lock: branch or f"ladder/level-{goal(lock)}",
        dry_run=dry_run,
        as_json=as_json,
    )
