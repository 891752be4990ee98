"""`ladder levels`."""

from __future__ import annotations

import click

from mlops_ladder.assess.catalogue import of_level
from mlops_ladder.assess.reports.ladder_text import diff_text, ladder_text, level_dict, level_text
from mlops_ladder.console import say
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import LEVELS, read_level


@click.command("levels")
@click.argument("level", type=click.IntRange(1, 5), required=False)
@click.option(
    "--diff", type=(click.IntRange(0, 5), click.IntRange(1, 5)), metavar="A B", help="What climbing from A to B adds."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(level: int | None, *, diff: tuple[int, int] | None, as_json: bool) -> None:
    """Show the five levels, one LEVEL in full, or what climbing adds."""
    if diff and diff[0] >= diff[1]:
        raise LadderError(f"Level {diff[1]} does not lie above level {diff[0]}.", "Name the lower level first.")
    if as_json:
        wanted = range(diff[0] + 1, diff[1] + 1) if diff else (level,) if level else LEVELS
        say.as_json({"levels": [level_dict(read_level(n), of_level(n)) for n in wanted]})
    elif diff:
        say.out(diff_text(*diff).rstrip())
    else:
        say.out((level_text(level) if level else ladder_text()).rstrip())
