"""`ladder assess`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from mlops_ladder.assess.assess import WITHIN, assess
from mlops_ladder.assess.judge import Assessment
from mlops_ladder.assess.reports.badge import badge_json, badge_svg
from mlops_ladder.assess.reports.markdown import assessment_markdown
from mlops_ladder.assess.reports.text import assessment_text, doubts
from mlops_ladder.commands._options import Format, FormatJson, Repository
from mlops_ladder.commands._reporting import brought, deliver
from mlops_ladder.console import say
from mlops_ladder.console.files import append_file, write_file
from mlops_ladder.errors import BUG, FINDINGS, OK, LadderError
from mlops_ladder.legible import json_text
from mlops_ladder.project.layers import LEVELS


def command(
    path: Repository = Path(),
    rev: Annotated[
        str, typer.Option(help="Assess this commit, branch or tag instead of the files; PATH may be a bare clone.")
    ] = "",
    track: Annotated[Literal["mlops", "llmops"] | None, typer.Option(help="Look at one track only.")] = None,
    form: Format = "table",
    as_json: FormatJson = False,
    output: Annotated[Path | None, typer.Option(help="Write the report into this file.")] = None,
    min_level: Annotated[
        int | None, typer.Option(min=0, max=LEVELS[-1], help="Exit with 1 when the level is lower.")
    ] = None,
    execute: Annotated[
        bool, typer.Option("--run", help="Also execute set-up, tests and the main job, in a copy; asks before it does.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Let --run execute without asking.")] = False,
    limit: Annotated[float, typer.Option(min=0.1, help="Seconds that --run gives each command.")] = 600.0,
    within: Annotated[
        float, typer.Option(min=0.1, help="Seconds for the assessment; what has no verdict by then is not seen.")
    ] = WITHIN,
    hand_over: Annotated[
        list[str] | None, typer.Option("--env", metavar="NAME", help="A variable that the commands of --run get, too.")
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="Add the report to the job summary of GitHub Actions.")
    ] = False,
    badge: Annotated[Path | None, typer.Option(help="Write a badge: .svg, or .json for shields.io.")] = None,
) -> None:
    """Compute the maturity level of the repository in PATH from evidence in its files.

    Nothing of the repository is executed or imported, unless --run asks for it. Exits with 1 when --min-level is
    not shown to be reached, and with 3 when a check of ladder failed; where --min-level is given, only if that leaves
    it open.
    """
    if not execute and (yes or hand_over):
        raise LadderError("--yes and --env are of use with --run only.", "Add --run, or leave them out.")
    if execute:
        result = _executed(path, rev, track or "", limit, within, yes, hand_over or [])
    else:
        result = _assessed(path, rev, track or "", within)
    report = _report(result, path, "json" if as_json else form)
    deliver(report, output)
    if badge:
        write_file(badge, badge_json(result) if badge.suffix == ".json" else badge_svg(result))
    if summary:
        append_file(_summary_file(), assessment_markdown(result))
    if not result.complete and (output or as_json or form != "table"):  # a table on the screen has said so
        for doubt in doubts(result):
            say.note(doubt)
    code = _verdict(result, min_level)
    if code:
        raise typer.Exit(code)


def _verdict(result: Assessment, wanted: int | None) -> int:
    """The exit code. What is open spoils it, unless the wanted level is reached or missed all the same."""
    if wanted is None:
        return BUG if result.errors else OK
    if result.level >= wanted:
        return OK
    if result.at_most >= wanted:
        say.note(f"Whether level {wanted} is reached is not certain.")
        return BUG if result.errors else FINDINGS
    say.note(f"Level {result.at_most} is below the wanted level {wanted}.")
    return FINDINGS


def _assessed(path: Path, rev: str, track: str, within: float) -> Assessment:
    result = assess(path, rev, track, keep_going=True, within=within, say=say.progress)
    say.progress_done()
    return result


def _executed(
    path: Path, rev: str, track: str, limit: float, within: float, yes: bool, hand_over: list[str]
) -> Assessment:
    if rev:
        raise LadderError("--run needs files, and --rev has none.", "Check the revision out and assess its folder.")
    from mlops_ladder.assess.run_evidence import assess_and_run

    result = assess_and_run(
        path,
        limit,
        track,
        say.progress,
        keep_going=True,
        within=within,
        agree=lambda plan: _agree(plan.text, yes),
        tell=say.note,
        hand_over=hand_over,
    )
    say.progress_done()
    return result


def _agree(plan: str, yes: bool) -> None:
    """Show what would be executed, and ask unless the answer was given."""
    say.note(plan)
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise LadderError(
            "--run asks before it executes, and there is no terminal to ask on.",
            "If you trust this repository with your account, add --yes.",
        )
    say.note("Execute them? [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise LadderError("Nothing was executed.", "Without --run, ladder assess only reads.")


def _report(result: Assessment, path: Path, form: str) -> str:
    if form == "json":
        return json_text(result.as_dict()) + "\n"
    if form == "markdown":
        return assessment_markdown(result)
    if form == "html":
        from mlops_ladder.assess.reports.html import assessment_html
        from mlops_ladder.assess.road import road_to

        return assessment_html(result, path.resolve().name, road_to(result, brought=brought(path)))
    return assessment_text(result)


def _summary_file() -> Path:
    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        raise LadderError(
            "There is no job summary here: GITHUB_STEP_SUMMARY is not set.",
            "On GitLab, keep the report as an artifact: --format html --output report.html",
        )
    return Path(name)
