"""`ladder levels`."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_ladder.assess.catalogue import of_level
from mlops_ladder.assess.reports.ladder_text import diff_text, ladder_text, level_dict, level_text
from mlops_ladder.commands._options import Json
from mlops_ladder.console import say
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import LEVELS, read_level


def command(
    level: Annotated[
        int | None, typer.Argument(metavar="[LEVEL]", min=LEVELS[0], max=LEVELS[-1], help="One level, in full.")
    ] = None,
    diff: Annotated[
        tuple[int, int] | None, typer.Option(metavar="A B", help="What climbing from level A to B adds.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the levels, one LEVEL in full, or what climbing adds."""
    if diff and diff[1] not in LEVELS:
        raise LadderError(f"There is no level {diff[1]}.", f"Choose one of {', '.join(map(str, LEVELS))}.")
    if diff and not 0 <= diff[0] < diff[1]:
        raise LadderError(f"Level {diff[1]} does not lie above level {diff[0]}.", "Name the lower level first.")
    if as_json:
        wanted = range(diff[0] + 1, diff[1] + 1) if diff else (level,) if level else LEVELS
        say.as_json({"levels": [level_dict(read_level(n), of_level(n)) for n in wanted]})
    elif diff:
        say.out(diff_text(*diff).rstrip())
    else:
        say.out((level_text(level) if level else ladder_text()).rstrip())
