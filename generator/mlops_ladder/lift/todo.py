"""What a lift leaves to a person: tasks, each with commands that work as they are printed, and the way back."""

from __future__ import annotations

import shlex
from typing import Any

from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.conflicts import commands
from mlops_ladder.lift.fit import Aside
from mlops_ladder.lift.steps import LiftPlan, LiftStep


def undo(plan: LiftPlan, *, in_progress: bool) -> str:
    """The one command that brings back what was there before."""
    repo = plan.repo
    abort = "git cherry-pick --abort && " if in_progress else ""
    if plan.branch == repo.branch:
        return f"{abort}git reset --keep {repo.head[:12]}"
    back = shlex.quote(repo.branch) if repo.branch else f"--detach {repo.head[:12]}"
    return f"{abort}git switch {back} && git branch -D {shlex.quote(plan.branch)}"


def todo(plan: LiftPlan, outcome: Outcome) -> list[dict[str, Any]]:
    """What needs a person, each with the commands for it."""
    tasks = []
    if outcome.in_progress:
        side = plan.steps[-1].beside
        for path, what in plan.conflicts:
            ways = commands(path, what, side.get(path, ""), recorded=path in outcome.recorded)
            tasks.append(_task(path, f"{what} ({side[path]} is the new one)" if path in side else what, ways))
        tasks.append(_task("", "when all of these are settled", ["git cherry-pick --continue"]))
    for step in plan.steps:
        tasks += [_task(one.path, one.what, list(one.commands), one.line) for one in step.notices]
        what = "committed, but from now on the output of a stage, which DVC holds"
        tasks += [_task(path, what, [f"git rm --cached {shlex.quote(path)}"]) for path in step.handed]
    for step in plan.steps:
        tasks += [_task(aside.path, aside.why, _ways(step, aside)) for aside in step.aside]
    wanted = plan.steps[-1].change.lock.level
    if outcome.assessed is not None and outcome.assessed < wanted:
        what = f"the evidence amounts to level {outcome.assessed}, not {wanted}"
        tasks.append(_task("", what, ["ladder assess"]))
    if outcome.hooks and not outcome.in_progress:
        what = f"your hooks ({', '.join(outcome.hooks)}) have not run on the commit"
        # A hook that looks at the message may want another one than ours.
        worded = {"commit-msg", "prepare-commit-msg"} & set(outcome.hooks)
        tasks.append(_task("", what, ["git commit --amend" if worded else "git commit --amend --no-edit"]))
    return tasks


def before_merging(plan: LiftPlan) -> list[str]:
    """What to do before others meet a branch on which the data is in DVC: git takes the file from their folders."""
    moved = [item.path for step in plan.steps for item in step.data if item.moved]
    if not moved:
        return []
    path, before = shlex.quote(moved[0]), plan.repo.head[:12]
    return [
        "uv run python -m dvc remote modify storage url s3://BUCKET/PATH  # a place that all of you reach",
        "uv run python -m dvc push",
        "make pull  # brings the file back where a merge or a switch took it away",
        f"git show {before}:./{path} > {path}  # or the same bytes out of git's past",
    ]


def next_steps(plan: LiftPlan, outcome: Outcome) -> list[str]:
    """The commands to type when nothing is left to settle."""
    steps = ["make setup", "make run", "make test"]
    if outcome.in_progress and plan.left:
        return [*steps, f"ladder up --to {plan.steps[-1].change.lock.level + plan.left} --branch {plan.branch}"]
    return [*steps, "git add -A && git commit -m 'First run'"]


def _ways(step: LiftStep, aside: Aside) -> list[str]:
    name = shlex.quote(aside.path)
    if aside.dropped:
        return [f"git rm {name}  # or keep it"]
    return [f"git diff {step.commit[:12]}^ {step.commit[:12]} -- {name}  # what the template changes"]


def _task(path: str, what: str, ways: list[str], line: int = 0) -> dict[str, Any]:
    return {"path": path, "what": what, "commands": ways, **({"line": line} if line else {})}
