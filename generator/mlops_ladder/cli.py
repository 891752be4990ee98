"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

import click

from mlops_ladder import __version__


@click.group()
@click.version_option(__version__, prog_name="ladder")
def cli() -> None:
    """Climb the five MLOps maturity levels with working software."""


def main() -> None:
    """Run the command and turn an expected error into a message and an exit code."""
    cli(prog_name="ladder")
