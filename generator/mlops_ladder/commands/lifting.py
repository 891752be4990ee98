"""What `up`, `update` and `set` have in common: find the project, plan, print, carry out, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from mlops_ladder import console
from mlops_ladder.commands.assessed import assessed
from mlops_ladder.errors import FINDINGS, OK
from mlops_ladder.lift import Change, leaving_no_trace, plan
from mlops_ladder.lift_report import as_data, plan_text, result_text
from mlops_ladder.model import Lock
from mlops_ladder.preflight import inspect
from mlops_ladder.upgrade import carry_out


def lift(
    path: Path, changes: Callable[[Lock], list[Change]], branch: Callable[[Lock], str], *, dry_run: bool, as_json: bool
) -> None:
    """Carry out what a project's lock leads to, or only say so; exits with 1 where conflicts remain."""
    console.progress("looking at the project")
    found = inspect(path)
    with leaving_no_trace(found) if dry_run else nullcontext(found) as repo:
        console.progress("rendering")
        wanted = changes(repo.lock)
        console.progress("merging in memory")
        planned = plan(repo, wanted, branch(repo.lock))
    console.progress_done()
    if not planned.steps:
        console.as_json(as_data(planned, None, dry_run=dry_run)) if as_json else console.out("Nothing to do.")
        return
    if not as_json:
        console.out(plan_text(planned))
    if dry_run:
        if as_json:
            console.as_json(as_data(planned, None, dry_run=True))
        sys.exit(FINDINGS if planned.conflicts else OK)
    console.progress("writing")
    outcome = carry_out(planned)
    claimed = planned.steps[-1].change.lock.level
    verdict = None if outcome.in_progress else assessed(path, claimed)
    console.progress_done()
    if as_json:
        level = {"assessed_level": verdict[0]} if verdict else {}
        console.as_json(as_data(planned, outcome, dry_run=False) | level)
    else:
        console.out("\n" + result_text(planned, outcome))
        if verdict:
            console.out(f"\n{verdict[1]}")
    sys.exit(FINDINGS if outcome.in_progress else OK)
