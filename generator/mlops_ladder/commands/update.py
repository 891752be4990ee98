"""`ladder update`."""

from __future__ import annotations

from pathlib import Path

import click

from mlops_ladder import __version__
from mlops_ladder.commands._lifting import lift
from mlops_ladder.lift import requests


@click.command("update")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--branch", help="The branch that gets the result.  [default: ladder/update-VERSION]")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(path: Path, *, branch: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring the project in PATH to this ladder's templates, at the level where it is."""
    lift(
        path,
        requests.update,
        lambda _: branch or f"ladder/update-{__version__}",
        dry_run=dry_run,
        as_json=as_json,
    )
