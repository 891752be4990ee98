"""`ladder update`."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder import __version__
from mlops_ladder.commands._lifting import lift
from mlops_ladder.commands._options import Branch, DryRun, Json, Project
from mlops_ladder.lift import requests


def command(path: Project = Path(), branch: Branch = None, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Bring the project in PATH to this ladder's templates, at the level where it is."""
    lift(
        path,
        requests.update,
        lambda _: branch or f"ladder/update-{__version__}",
        dry_run=dry_run,
        as_json=as_json,
    )
