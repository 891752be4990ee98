"""`ladder keep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlops_ladder.commands._options import DryRun, Json
from mlops_ladder.console import say
from mlops_ladder.legible import line
from mlops_ladder.lift.keep import keep, record
from mlops_ladder.project.lock import LOCK


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files that the templates made.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let lifts touch them again.")] = False,
    project: Annotated[Path, typer.Option(help="The project's folder.")] = Path(),
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take FILEs over: `up`, `update` and `set` leave them as they are, and say what the templates change in them.

    It is written to .ladder.toml, which is to be committed.
    """
    lock = keep(project, files, undo=undo)
    if not dry_run:
        record(project, lock)
    if as_json:
        say.as_json({"kept": list(lock.kept), "dry_run": dry_run})
        return
    say.out("\n".join(map(line, lock.kept)) if lock.kept else "Nothing is kept.")
    say.note("Nothing was written." if dry_run else f"\nNext:\n  git commit -m 'Keep our own files' {LOCK}")
