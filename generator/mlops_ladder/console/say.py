"""All that a person reads: results to stdout, everything else to stderr; legible without colour.

Whatever is said may hold names and texts of strangers, so it is escaped here, at the one way out.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import typer

from mlops_ladder.errors import LadderError
from mlops_ladder.legible import json_text, line, lines

READER_GONE = 141  # what a shell shows for a program that a broken pipe ended


def out(text: str = "") -> None:
    """A line of the result."""
    try:
        typer.echo(lines(text))
    except BrokenPipeError:
        # typer would end with 1, which means findings here.
        quit_quietly()


def quit_quietly() -> NoReturn:
    """End because nobody reads stdout any more; without this, Python complains when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(READER_GONE)


def legible_everywhere() -> None:
    """Let no encoding of the terminal be a reason to fail: what it cannot write becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def note(text: str) -> None:
    """A line beside the result, in the place of the last progress text."""
    progress_done()
    typer.echo(lines(text), err=True)


def as_json(value: Any) -> None:
    """The result for programs."""
    out(json_text(value))


def error(problem: LadderError) -> None:
    """An expected error: the fact, then the way out."""
    typer.echo(f"{_coloured('error:', 'red')} {line(problem.message)}", err=True)
    if problem.hint:
        typer.echo(f"\n{_coloured('hint:', 'cyan')} {line(problem.hint)}", err=True)


def _coloured(text: str, colour: str) -> str:
    # typer itself leaves colour out where no terminal is.
    return text if os.environ.get("NO_COLOR") else typer.style(text, fg=colour, bold=True)


def progress(text: str) -> None:
    """What is being done now, on a terminal only; each text replaces the last."""
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[2K{line(text)} ...", nl=False, err=True)


def progress_done() -> None:
    """Take the last progress text away."""
    if sys.stderr.isatty():
        typer.echo("\r\x1b[2K", nl=False, err=True)


def tree(paths: list[str]) -> str:
    """Paths as an indented tree."""
    lines: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for path in sorted(paths, key=lambda p: p.split("/")):
        *folders, name = path.split("/")
        for depth in range(len(folders)):
            folder = tuple(folders[: depth + 1])
            if folder not in seen:
                seen.add(folder)
                lines.append(f"{'  ' * depth}{folders[depth]}/")
        lines.append(f"{'  ' * len(folders)}{name}")
    return "\n".join(lines)
