"""`ladder new`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, Literal

import typer

from mlops_ladder.commands._options import DryRun, Json, asks_questions
from mlops_ladder.console import say
from mlops_ladder.errors import LadderError
from mlops_ladder.git.first_commit import FirstCommit
from mlops_ladder.new.create import Project, Request, create, plan
from mlops_ladder.new.exposure import exposure
from mlops_ladder.new.remarks import WAY_OUT, remarks
from mlops_ladder.project.answers import QUESTIONS, Value
from mlops_ladder.project.layers import read_level

MOST = 20  # columns named one by one


@asks_questions
def command(
    path: Annotated[Path | None, typer.Argument(metavar="PATH", help="The new folder.")] = None,
    *,
    level: Annotated[
        int | None, typer.Option(help="Maturity level, as `ladder levels` lists them.  [default: 1]")
    ] = None,
    choices: dict[str, Value],
    data: Annotated[Path | None, typer.Option(help="Your own CSV or Parquet file, instead of the sample.")] = None,
    target: Annotated[str | None, typer.Option(help="The column of --data to predict.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column of --data that orders its rows; the latest are held out.")
    ] = None,
    task: Annotated[
        Literal["classification", "regression"] | None, typer.Option(help="What --target is, if inferred wrongly.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the defaults.")] = False,
    no_git: Annotated[bool, typer.Option("--no-git", help="No repository and no first commit.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Make a working ML project in the new folder PATH.

    It trains on the sample data (flights out of New York: late or not?) or, with --data and --target, on
    your own file. On a terminal, what is not given is asked for.
    """
    options = {"level": level, "data": data, "target": target, "time": time, "task": task}
    given = {key: value for key, value in options.items() if value is not None}
    ask = not (yes or as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    request = _asked(path, choices, given) if ask else _defaulted(path, choices, given)
    project = plan(request, say.progress)
    done = FirstCommit() if dry_run else create(project, say.progress, commit=not no_git)
    say.progress_done()
    if as_json:
        say.as_json(_report(project, done, dry_run=dry_run))
    elif dry_run:
        say.out(say.tree(project.files))
        say.note(
            "\n".join([f"\n{len(project.files)} files; nothing was written.", *_remarks(project), *_told(project)])
        )
    else:
        say.out(_summary(project, done))


def _defaulted(path: Path | None, choices: dict[str, Value], given: dict[str, Any]) -> Request:
    if path is None:
        raise LadderError("The new folder has no name.", "Name it: ladder new PATH")
    request = Request(path, choices=choices, **given)
    taken = [] if "level" in given else [f"--level {request.level}"]
    taken += [question.option(question.default) for question in QUESTIONS if question.name not in choices]
    taken += [] if "data" in given else ["--data the sample"]
    if taken:
        say.note(f"Taken by default: {', '.join(taken)}")
    return request


def _asked(path: Path | None, choices: dict[str, Value], given: dict[str, Any]) -> Request:
    from mlops_ladder.new.ask import ask

    return ask(path, choices, given)


def _summary(project: Project, done: FirstCommit) -> str:
    level = read_level(project.level)
    data = project.answers.data
    lines = [
        f"{project.answers.name}: level {level.number}, {level.name}",
        f"  {len(project.files)} files in {project.path}",
        *([f"  {data.task} of {data.target!r} from {data.file}, {data.rows:,} rows"] if data else []),
        f"  {'commit ' + done.commit[:10] if done.commit else done.note}",
        *_remarks(project),
        *_told(project),
        "",
        "Next:",
        *(f"  {step}" for step in next_steps(project)),
    ]
    return "\n".join(lines)


def _remarks(project: Project) -> list[str]:
    """What was made of the user's columns, a line each."""
    if project.own_data is None or project.answers.data is None:
        return []
    found = remarks(project.answers.data)
    lines = []
    if found.left_out:
        lines += ["", "Columns left out:", *_lines(found.left_out), *_wrapped(WAY_OUT)]
    if found.columns or found.table:
        lines += ["", "To know:", *_lines(found.columns), *(f"  {said}" for said in found.table)]
    return lines


def _lines(named: Mapping[str, str]) -> list[str]:
    shown = [f"  {_some([name], str)}: {said}" for name, said in list(named.items())[:MOST]]
    more = len(named) - MOST
    return [*shown, *([f"  and {more} more, in docs/data.md"] if more > 0 else [])]


def _told(project: Project) -> list[str]:
    """What of the user's own data whoever reads the repository can read, as a paragraph."""
    found = exposure(project)
    if found is None:
        return []
    known = [f"each value of {_some(found.values)}"] if found.values else []
    known += [f"a cell of {_some(found.cells)}"] if found.cells else []
    known += [f"the lowest and highest of {_some(found.ranges)}"] if found.ranges else []
    text = f"rows, in {_some(found.rows, str)}; {', and '.join(known)}, in {_some(found.texts, str)}."
    return ["", "Of your data, whoever reads the repository can read:", *_wrapped(text)]


def _some(names: Sequence[str], shown: Callable[[str], str] = repr) -> str:
    """Names in a sentence, the first of many."""
    first = [shown(name if len(name) <= 60 else f"{name[:57]}...") for name in names[:12]]
    more = [f"{len(names) - 12} more"] if len(names) > 12 else []
    *before, last = [*first, *more]
    return f"{', '.join(before)} and {last}" if before else last


def _wrapped(text: str) -> list[str]:
    return wrap(text, 98, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def next_steps(project: Project) -> list[str]:
    """The commands to type after `ladder new`."""
    try:
        where = project.path.relative_to(Path.cwd())
    except ValueError:
        where = project.path
    return [*([f"cd {shlex.quote(str(where))}"] if where != Path() else []), "make setup", "make run"]


def _report(project: Project, done: FirstCommit, *, dry_run: bool) -> dict[str, Any]:
    data, told = project.answers.data, exposure(project)
    named = ("file", "rows", "target", "time", "task")
    return {
        "path": str(project.path),
        "level": project.level,
        "package": project.answers.package,
        **project.answers.choices,
        "data": {name: getattr(data, name) for name in named} if data else None,
        "remarks": asdict(remarks(data)) if data and project.own_data else None,
        "in_git": asdict(told) if told else None,
        "files": project.files,
        "dry_run": dry_run,
        "commit": done.commit,
        "note": done.note,
        "next": next_steps(project),
    }
