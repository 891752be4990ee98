"""What `up`, `update` and `set` have in common: find the project, plan, print, carry out, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from mlops_ladder.console import say
from mlops_ladder.errors import BUG, FINDINGS, INTERRUPTED, OK, LadderError
from mlops_ladder.lift.carry_out import carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import leaving_no_trace, plan
from mlops_ladder.lift.report import as_data, plan_text, result_text
from mlops_ladder.lift.steps import Change
from mlops_ladder.lift.todo import undo
from mlops_ladder.project.lock import Lock


def lift(
    path: Path, changes: Callable[[Lock], list[Change]], branch: Callable[[Lock], str], *, dry_run: bool, as_json: bool
) -> None:
    """Carry out what a project's lock leads to, or only say so; exits with 1 where conflicts remain."""
    say.progress("looking at the project")
    found = inspect(path)
    with leaving_no_trace(found) if dry_run else nullcontext(found) as repo:
        say.progress("rendering")
        wanted = changes(repo.lock)
        say.progress("merging in memory")
        planned = plan(repo, wanted, branch(repo.lock))
    say.progress_done()
    if not planned.steps:
        say.as_json(as_data(planned, None, dry_run=dry_run)) if as_json else say.out("Nothing to do.")
        return
    if not as_json:
        say.out(plan_text(planned))
    if dry_run:
        if as_json:
            say.as_json(as_data(planned, None, dry_run=True))
        sys.exit(FINDINGS if planned.conflicts else OK)
    say.progress("writing")
    outcome = carry_out(planned)
    try:
        if not outcome.in_progress:
            say.progress("assessing the result")
            outcome = replace(outcome, assessed=_assessed(planned.repo.project))
        say.progress_done()
        if as_json:
            say.as_json(as_data(planned, outcome, dry_run=False))
        else:
            say.out("\n" + result_text(planned, outcome))
    except KeyboardInterrupt:
        say.progress_done()
        way_back = undo(planned, in_progress=outcome.in_progress)
        say.note(f"Interrupted; the lift is done, on branch {planned.branch}. Undo: {way_back}")
        sys.exit(INTERRUPTED)
    sys.exit(FINDINGS if outcome.in_progress else OK)


def _assessed(project: Path) -> int | None:
    """The level that the evidence in a project amounts to; nothing where it cannot be read, or Ctrl-C cut it short."""
    from mlops_ladder.assess.assess import level_of

    try:
        return level_of(project)[0]
    except LadderError as problem:
        if problem.code == BUG:
            say.error(problem)
        return None
    except KeyboardInterrupt:
        return None  # the lift itself is done: what is left to do and the way back are told all the same
