"""Start-up of the same small command line on argparse, click and typer: the ground for docs/decisions on click.

CPU time (user and system), medians of interleaved rounds. `uv run python bench/parsers.py`
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROUNDS = 15

PROGRAMS: dict[str, tuple[list[str], str]] = {
    "python -c pass": ([], "pass\n"),
    "argparse": (
        [],
        """
import argparse
parser = argparse.ArgumentParser(prog="ladder")
new = parser.add_subparsers(required=True).add_parser("new", help="Make a project.")
new.add_argument("path")
new.add_argument("--level", type=int, help="Maturity level.")
new.add_argument("--ci", choices=["github", "gitlab"], help="Where CI runs.")
new.add_argument("--yes", action="store_true", help="Ask nothing.")
print(parser.parse_args())
""",
    ),
    "click": (
        ["click>=8.2,<9"],
        """
import click

@click.group()
def cli():
    "Climb."

@cli.command("new")
@click.argument("path")
@click.option("--level", type=int, help="Maturity level.")
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Where CI runs.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
def new(**options):
    "Make a project."
    print(options)

cli()
""",
    ),
    "typer": (
        ["typer==0.29.*"],
        """
from enum import Enum
from typing import Annotated
import typer

cli = typer.Typer(RICH)

class Host(str, Enum):
    github = "github"
    gitlab = "gitlab"

@cli.callback()
def main() -> None:
    "Climb."

@cli.command("new")
def new(
    path: str,
    level: Annotated[int, typer.Option(help="Maturity level.")] = 1,
    ci: Annotated[Host, typer.Option(help="Where CI runs.")] = Host.github,
    yes: Annotated[bool, typer.Option(help="Ask nothing.")] = False,
) -> None:
    "Make a project."
    print(path, level, ci, yes)

cli()
""",
    ),
}
PROGRAMS["typer without rich"] = (
    PROGRAMS["typer"][0],
    PROGRAMS["typer"][1].replace("RICH", "rich_markup_mode=None, pretty_exceptions_enable=False"),
)
PROGRAMS["typer"] = (PROGRAMS["typer"][0], PROGRAMS["typer"][1].replace("RICH", ""))
CALLS = {"--help": ["--help"], "command": ["new", "house", "--level", "2", "--ci", "gitlab", "--yes"]}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        commands: dict[tuple[str, str], list[str | Path]] = {}
        for number, (name, (packages, source)) in enumerate(PROGRAMS.items()):
            env, script = Path(folder) / f"env{number}", Path(folder) / f"program{number}.py"
            script.write_text(source, "utf-8")
            subprocess.run(["uv", "--quiet", "venv", "--python", sys.executable, str(env)], check=True)
            if packages:
                install = ["uv", "--quiet", "pip", "install", "--compile-bytecode", "--python", str(env), *packages]
                subprocess.run(install, check=True)
            for call, arguments in CALLS.items():
                commands[name, call] = [env / "bin" / "python", script, *arguments]
        seconds: dict[tuple[str, str], list[float]] = {key: [] for key in commands}
        for round_number in range(ROUNDS + 1):
            for key, command in commands.items():
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run(command, check=True, capture_output=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if round_number:
                    seconds[key].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"{'CPU seconds':20}" + "".join(f"{call:>10}" for call in CALLS))
    for name in PROGRAMS:
        print(f"{name:20}" + "".join(f"{median(seconds[name, call]):10.3f}" for call in CALLS))


if __name__ == "__main__":
    main()
