"""`ladder plan`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from mlops_ladder.assess import costs as ledger
from mlops_ladder.assess.assess import assess
from mlops_ladder.assess.costs import Cost, cost_of
from mlops_ladder.assess.judge import Assessment
from mlops_ladder.assess.reports.road_text import road_markdown, road_text
from mlops_ladder.assess.reports.text import not_looked_at
from mlops_ladder.assess.road import Road, road_to
from mlops_ladder.commands._options import Format, FormatJson, Repository
from mlops_ladder.commands._reporting import brought, deliver
from mlops_ladder.console import say
from mlops_ladder.console.files import write_file
from mlops_ladder.errors import BUG, FINDINGS, LadderError
from mlops_ladder.legible import json_text
from mlops_ladder.project.layers import LEVELS


def command(
    path: Repository = Path(),
    to: Annotated[
        int | None, typer.Option(min=LEVELS[0], max=LEVELS[-1], help="The level to reach.  [default: the next]")
    ] = None,
    rates: Annotated[Path | None, typer.Option(help="Your rates (TOML), for the costs.")] = None,
    people: Annotated[Path | None, typer.Option(help='Who has which role (TOML: "ML engineer" = "Ada").')] = None,
    example: Annotated[Path | None, typer.Option(help="Write a rates file to fill in, and stop.")] = None,
    form: Format = "table",
    as_json: FormatJson = False,
    output: Annotated[Path | None, typer.Option(help="Write the plan into this file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --example: show the file; write nothing.")] = False,
) -> None:
    """Plan the road of the repository in PATH to the next level: steps, effort, roles, tools, cost drivers.

    Exits with 1 when the rates file leaves something empty that a total needs.
    """
    if example:
        _example(example, dry_run=dry_run)
        return
    result = assess(path, keep_going=True, say=say.progress)
    say.progress_done()
    for finding in result.errors:
        say.note(f"{finding.note}. This is a bug of ladder: the plan leaves that capability out.")
    for doubt in not_looked_at(result):
        say.note(f"{doubt} The plan counts it in.")
    plan = road_to(result, to or 0, brought(path))
    cost = cost_of(plan, rates) if rates else None
    report = _report(result, plan, cost, _people(people), path, "json" if as_json else form)
    deliver(report, output)
    if cost is not None and cost.total is None:
        say.note(f"No total: {', '.join(cost.empty)} is empty in {rates}.")
        raise typer.Exit(FINDINGS)
    if result.errors:
        raise typer.Exit(BUG)


def _example(path: Path, *, dry_run: bool) -> None:
    if dry_run:
        say.out(ledger.example().rstrip())
    else:
        write_file(path, ledger.example(), keep=True)
        say.note(f"Written: {path}. Fill it in, then: ladder plan --rates {path}")


def _people(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LadderError(f"{path} cannot be read: {error}.", 'Write lines like: "ML engineer" = "Ada"') from error
    return {str(role): str(person) for role, person in table.items()}


def _report(result: Assessment, plan: Road, cost: Cost | None, people: dict[str, str], path: Path, form: str) -> str:
    if form == "json":
        body = plan.as_dict() | {"people": {role: people.get(role) for role in plan.roles}}
        return json_text(body | ({"cost": cost.as_dict()} if cost else {})) + "\n"
    if form == "markdown":
        return road_markdown(plan, cost, people)
    if form == "html":
        from mlops_ladder.assess.reports.html import assessment_html

        return assessment_html(result, path.resolve().name, plan, cost)
    return road_text(plan, cost, people)
