"""`ladder up`."""

from __future__ import annotations

from pathlib import Path

import click

from mlops_ladder.commands._lifting import lift
from mlops_ladder.lift import requests
from mlops_ladder.project.lock import Lock


@click.command("up")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--to", type=int, help="The level to reach, one commit a level.  [default: the next]")
@click.option("--branch", help="The branch that gets the result.  [default: ladder/level-N]")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(path: Path, *, to: int | None, branch: str | None, dry_run: bool, as_json: bool) -> None:
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
