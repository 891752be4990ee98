"""`ladder assess --run`: what the evidence promises is executed, in a copy and under a time limit."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mlops_ladder.assess.assess import WITHIN, opened, verdicts
from mlops_ladder.assess.catalogue import Capability
from mlops_ladder.assess.judge import Assessment, judge
from mlops_ladder.assess.running.commands import Planned, promised, set_up, uses_pip
from mlops_ladder.assess.running.copying import copy_of
from mlops_ladder.assess.running.environment import check_names, environment
from mlops_ladder.assess.running.origin import look
from mlops_ladder.assess.running.plan import Plan, named
from mlops_ladder.assess.running.process import Run, run
from mlops_ladder.assess.running.python import GUARDED, with_own_python
from mlops_ladder.assess.running.scratch import scratch
from mlops_ladder.checks import Verdict
from mlops_ladder.checks.base import flawed
from mlops_ladder.deadline import OutOfTime, deadline
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import DiskSource
from mlops_ladder.progress import Say, silent

Agree = Callable[[Plan], None]
"""Who is asked before anything is executed; an error means no."""


def _to_everything(plan: Plan) -> None:
    """Agree."""


def assess_and_run(
    path: Path,
    limit: float,
    track: str,
    progress: Say,
    *,
    keep_going: bool = False,
    within: float = WITHIN,
    agree: Agree = _to_everything,
    tell: Say = silent,
    hand_over: Sequence[str] = (),
) -> Assessment:
    """Assess a folder, then execute its set-up, its tests and its main job in a copy of its last commit.

    A capability whose command fails or takes longer than `limit` seconds counts as missing. The commands get a short
    environment; `hand_over` names more variables of the caller's for them. `tell` hears what is not as one may expect.

    Raises:
        LadderError: there is no such folder or variable, it cannot be copied, there is no bash, or `agree` says no.
    """
    shell = shutil.which("bash")
    if shell is None:
        raise LadderError(
            "bash was not found.", "--run needs it to execute commands; without --run nothing is executed."
        )
    check_names(hand_over)
    begun = time.monotonic()
    source = opened(path, within=within)
    assert isinstance(source, DiskSource)  # no revision was asked for
    facts = Facts(source)
    left = begun + within - time.monotonic()
    used, found = verdicts(facts, track, keep_going=keep_going, within=left, say=progress)
    try:
        with deadline(within):
            wanted = [planned for planned in promised(facts) if found[_capability(found, planned)].status == "met"]
            before = set_up(facts) if wanted else []
            pip = uses_pip(facts, before)
    except OutOfTime:
        tell("Nothing was executed: what to execute was not found in time.")
        return judge(found, used, facts.files.unseen)
    if not wanted:
        tell("Nothing was executed: no evidence names a command that --run may execute.")
        return judge(found, used, facts.files.unseen)
    plan = Plan((*before, *wanted), look(path, facts.files.base))
    agree(plan)
    with scratch() as place:
        folder, left_out = copy_of(plan.origin, source, facts.files.match(r"\.dvc$"), place)
        if left_out:
            tell(f"Left out, since they lead out of the repository: {named(left_out)}")
        surroundings = environment(place / "home", place / "tmp", hand_over)
        if before:
            surroundings = with_own_python(surroundings, place, shell, tell) if pip else {**surroundings, **GUARDED}

        def execute(command: str) -> Run:
            progress(command)
            return run(command, shell, folder, surroundings, limit)

        _hold_against(found, plan.commands, execute)
    return judge(found, used, facts.files.unseen)


def _hold_against(found: dict[Capability, Verdict], commands: Sequence[Planned], execute: Callable[[str], Run]) -> None:
    """Execute each command once, and let it speak in the verdict of every capability that names it."""
    failed = ""
    ended: dict[str, Run] = {}
    for planned in commands:
        if planned.command not in ended:
            ended[planned.command] = execute(planned.command)
        done = ended[planned.command]
        if planned.capability:
            own = _capability(found, planned)
            found[own] = _verdict(found[own], done, failed)
        elif done.code != 0:
            failed = done.said


def _capability(found: dict[Capability, Verdict], planned: Planned) -> Capability:
    return next(capability for capability in found if capability.id == planned.capability)


def _verdict(before: Verdict, done: Run, failed: str) -> Verdict:
    """The verdict after a command; a set-up that failed before is told beside what fails after it."""
    if done.code == 0:
        return Verdict("met", (done.said, *before.evidence))
    # That it fails was seen, whatever was not looked at.
    return flawed(f"{failed}; {done.said}" if failed else done.said)
