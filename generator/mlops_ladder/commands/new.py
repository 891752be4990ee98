"""`ladder new`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from mlops_ladder.commands._assessed import assessed
from mlops_ladder.console import say
from mlops_ladder.git.first_commit import FirstCommit
from mlops_ladder.new.create import Project, Request, create, plan
from mlops_ladder.project.answers import CI_HOSTS
from mlops_ladder.project.layers import read_level

TASKS = ("classification", "regression")


@click.command("new")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--level", type=int, help="Maturity level, 1 to 3.  [default: 1]")
@click.option("--ci", type=click.Choice(CI_HOSTS), help="Where CI runs.  [default: github]")
@click.option("--data", type=click.Path(path_type=Path), help="Your own CSV or Parquet file, instead of the sample.")
@click.option("--target", help="The column of --data to predict.")
@click.option("--time", help="The column of --data that orders its rows; the latest are held out.")
@click.option("--task", type=click.Choice(TASKS), help="What --target is, if inferred wrongly.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--no-git", is_flag=True, help="No repository and no first commit.")
@click.option("--dry-run", is_flag=True, help="Show what would be made; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(path: Path | None, *, yes: bool, no_git: bool, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Make a working ML project in the new folder PATH.

    It trains on the sample data (flights out of New York: late or not?) or, with --data and --target, on
    your own file. On a terminal, what is not given is asked for.
    """
    ask = not (yes or as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    request = _asked(path, options) if ask else _defaulted(path, options)
    project = plan(request, say.progress)
    done = FirstCommit() if dry_run else create(project, say.progress, commit=not no_git)
    found = None if dry_run else assessed(project.path, project.level)
    say.progress_done()
    if as_json:
        say.as_json(_report(project, done, found))
    elif found is None:
        say.out(say.tree(project.files))
        say.note(f"\n{len(project.files)} files; nothing was written.")
    else:
        say.out(_summary(project, done, found[1]))


def _defaulted(path: Path | None, options: dict[str, Any]) -> Request:
    if path is None:
        raise click.UsageError("Name the new folder: ladder new PATH")
    given = {key: value for key, value in options.items() if value is not None}
    request = Request(path, **given)
    taken = {"level": request.level, "ci": request.ci, "data": request.data or "the sample"}
    said = [f"--{key} {value}" for key, value in taken.items() if key not in given]
    if said:
        say.note(f"Taken by default: {', '.join(said)}")
    return request


def _asked(path: Path | None, options: dict[str, Any]) -> Request:
    from mlops_ladder.new.ask import ask

    return ask(path, {key: value for key, value in options.items() if value is not None})


def _summary(project: Project, done: FirstCommit, verdict: str) -> str:
    level = read_level(project.level)
    data = project.answers.data
    lines = [
        f"{project.answers.name}: level {level.number}, {level.name}",
        f"  {len(project.files)} files in {project.path}",
        f"  {data.task} of {data.target!r} from {data.file}, {data.rows:,} rows",
        f"  {'commit ' + done.commit[:10] if done.commit else done.note}",
        f"  {verdict}",
        "",
        "Next:",
        *(f"  {step}" for step in next_steps(project)),
    ]
    return "\n".join(lines)


def next_steps(project: Project) -> list[str]:
    """The commands to type after `ladder new`."""
    try:
        where = project.path.relative_to(Path.cwd())
    except ValueError:
        where = project.path
    return [f"cd {shlex.quote(str(where))}", "make setup", "make run"]


def _report(project: Project, done: FirstCommit, found: tuple[int | None, str] | None) -> dict[str, Any]:
    data = project.answers.data
    return {
        "path": str(project.path),
        "level": project.level,
        "package": project.answers.package,
        "ci": project.answers.ci,
        "data": {
            "file": data.file,
            "rows": data.rows,
            "target": data.target,
            "time": data.time,
            "task": data.task,
        },
        "files": project.files,
        "dry_run": found is None,
        "assessed_level": found[0] if found else None,
        "commit": done.commit,
        "note": done.note,
        "next": next_steps(project),
    }
