"""`ladder set`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlops_ladder.commands._lifting import lift
from mlops_ladder.commands._options import Branch, DryRun, Json, Project
from mlops_ladder.errors import LadderError
from mlops_ladder.lift import requests


def command(
    answer: Annotated[str, typer.Argument(metavar="KEY=VALUE", help="The answer, as in: ci=gitlab")],
    path: Project = Path(),
    branch: Branch = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Change an answer that the project in PATH was made with, as in: ladder set ci=gitlab."""
    key, equals, value = answer.partition("=")
    if not equals:
        raise LadderError(f"'{answer}' is not KEY=VALUE.", "As in: ladder set ci=gitlab")
    lift(
        path,
        lambda lock: requests.answer(lock, key, value),
        lambda _: branch or f"ladder/set-{key}-{value}",
        dry_run=dry_run,
        as_json=as_json,
    )
