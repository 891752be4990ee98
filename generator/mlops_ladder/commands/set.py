"""`ladder set`."""

from __future__ import annotations

from pathlib import Path

import click

from mlops_ladder.commands._lifting import lift
from mlops_ladder.lift import requests


@click.command("set")
@click.argument("answer", metavar="KEY=VALUE")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--branch", help="The branch that gets the result.  [default: ladder/set-KEY-VALUE]")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(answer: str, path: Path, *, branch: str | None, dry_run: bool, as_json: bool) -> None:
    """Change an answer that the project in PATH was made with, as in: ladder set ci=gitlab."""
    key, equals, value = answer.partition("=")
    if not equals:
        raise click.UsageError(f"'{answer}' is not KEY=VALUE.")
    lift(
        path,
        lambda lock: requests.answer(lock, key, value),
        lambda _: branch or f"ladder/set-{key}-{value}",
        dry_run=dry_run,
        as_json=as_json,
    )
