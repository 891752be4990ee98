"""What a person and a program read of a lift: the plan before it, what is left to do after it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from mlops_ladder.legible import line
from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.plan import LiftPlan, LiftStep


def plan_text(plan: LiftPlan) -> str:
    """The plan, as `--dry-run` prints it and as it is printed before anything is written."""
    parts = [_step_text(step) for step in plan.steps]
    where = f"To branch {plan.branch}, {len(plan.steps)} commit{'s' if len(plan.steps) > 1 else ''}."
    if plan.left:
        where += f" {plan.left} more to come once the conflicts are resolved."
    return "\n\n".join([*parts, where])


def result_text(plan: LiftPlan, outcome: Outcome) -> str:
    """What has come about, what needs a person, and the way back."""
    tasks = todo(plan, outcome)
    lines = []
    if outcome.in_progress:
        lines.append(f"Stopped at {len(plan.conflicts)} of {_count(plan)} changes, on branch {plan.branch}.")
    else:
        lines.append(f"Done: commit {outcome.commit[:10]} on branch {plan.branch}.")
        if outcome.assessed is not None:
            lines.append(f"Assessed from its evidence: level {outcome.assessed}.")
    if tasks:
        lines += ["", "Needs you:"]
        for task in tasks:
            lines.append(f"  {task['path']}: {task['what']}" if task["path"] else f"  {task['what']}")
            lines += [f"    {command}" for command in task["commands"]]
    if not _here(plan):
        lines += ["", f"All commands in: cd {shlex.quote(str(plan.repo.project))}"]
    lines += ["", "Next:", *(f"  {command}" for command in next_steps(plan, outcome))]
    lines += ["", "Undo:", f"  {undo(plan, in_progress=outcome.in_progress)}"]
    return "\n".join(map(line, lines))


def as_data(plan: LiftPlan, outcome: Outcome | None, *, dry_run: bool) -> dict[str, Any]:
    """The same facts for programs; `result` is null where nothing was written."""
    result = None
    if outcome is not None:
        result = {
            "commit": outcome.commit,
            "in_progress": outcome.in_progress,
            "assessed_level": outcome.assessed,
            "todo": todo(plan, outcome),
            "next": next_steps(plan, outcome),
            "undo": undo(plan, in_progress=outcome.in_progress),
        }
    return {
        "project": str(plan.repo.project),
        "from_level": plan.repo.lock.level,
        "to_level": plan.steps[-1].change.lock.level if plan.steps else plan.repo.lock.level,
        "branch": plan.branch if plan.steps else "",
        "dry_run": dry_run,
        "steps": [_step_data(step) for step in plan.steps],
        "left": plan.left,
        "result": result,
    }


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
        tasks += [_task(path, what, _commands(path, what)) for path, what in plan.conflicts]
        tasks.append(_task("", "when all of these are settled", ["git cherry-pick --continue"]))
    for step in plan.steps:
        done = {item.path for item in step.data}
        for path in step.change.moved:
            if path not in done and f"{path}.dvc" not in plan.repo.mine:
                command = f"uv run dvc add {shlex.quote(path)}"
                tasks.append(_task(path, "is not there as a plain file, so it was not put under DVC", [command]))
        what = "committed, but from now on the output of a stage, which DVC holds"
        tasks += [_task(path, what, [f"git rm --cached {shlex.quote(path)}"]) for path in step.handed]
    for step in plan.steps:
        tasks += [_task(aside.path, aside.why, [_template_change(step, aside.path)]) for aside in step.aside]
    wanted = plan.steps[-1].change.lock.level
    if outcome.assessed is not None and outcome.assessed < wanted:
        what = f"the evidence amounts to level {outcome.assessed}, not {wanted}"
        tasks.append(_task("", what, ["ladder assess"]))
    if outcome.hooks and not outcome.in_progress:
        what = f"your hooks ({', '.join(outcome.hooks)}) have not run on the commit"
        tasks.append(_task("", what, ["git commit --amend --no-edit"]))
    return tasks


def next_steps(plan: LiftPlan, outcome: Outcome) -> list[str]:
    """The commands to type when nothing is left to settle."""
    steps = ["make setup", "make run", "make test"]
    if outcome.in_progress and plan.left:
        return [*steps, f"ladder up --to {plan.steps[-1].change.lock.level + plan.left} --branch {plan.branch}"]
    return steps


def _step_text(step: LiftStep) -> str:
    lines = [step.change.title, f"  {step.change.gives}", ""]
    named = {
        "added": step.added,
        "updated": step.updated,
        "merged": step.merged,
        "removed": step.removed,
        "kept": tuple(f"{aside.path} ({aside.why})" for aside in step.aside),
        "git to DVC": step.handed,
        "in conflict": tuple(f"{path} ({what})" for path, what in step.conflicts),
    }
    for word, paths in named.items():
        for number, path in enumerate(paths):
            count = str(len(paths)) if number == 0 else ""
            lines.append(f"  {word if number == 0 else '':<12}{count:>4}  {path}")
    for number, item in enumerate(step.data):
        how = "from git to DVC; the file stays in place" if item.moved else "comes, held by DVC"
        count = str(len(step.data)) if number == 0 else ""
        lines.append(f"  {'data' if number == 0 else '':<12}{count:>4}  {item.path} ({how})")
    for word, names in (
        ("new verbs", [f"make {name:<12} {text}" for name, text in step.verbs]),
        ("new packages", list(step.dependencies)),
    ):
        for number, name in enumerate(names):
            lines.append(f"  {word if number == 0 else '':<16}  {name}")
    return "\n".join(map(line, lines))


def _step_data(step: LiftStep) -> dict[str, Any]:
    return {
        "title": step.change.title,
        "gives": step.change.gives,
        "level": step.change.lock.level,
        "added": list(step.added),
        "updated": list(step.updated),
        "merged": list(step.merged),
        "removed": list(step.removed),
        "kept": [{"path": aside.path, "why": aside.why} for aside in step.aside],
        "conflicts": [{"path": path, "what": what} for path, what in step.conflicts],
        "data": [{"path": item.path, "md5": item.seen.md5, "size": item.seen.size} for item in step.data],
        "handed": list(step.handed),
        "verbs": [{"name": name, "help": text} for name, text in step.verbs],
        "dependencies": list(step.dependencies),
    }


def _commands(path: str, what: str) -> list[str]:
    name = shlex.quote(path)
    if what.startswith("binary"):
        return [f"git add {name}  # keep yours", f"git checkout --theirs {name} && git add {name}  # take the new one"]
    if what.startswith("edited by you"):
        return [f"git add {name}  # keep it", f"git rm {name}  # let it go"]
    if what.startswith(("moved", "a file on one side")):
        return ["git status", f"git add {name}  # or git rm, for every path named there"]
    return [f"git add {name}  # after editing it"]


def _template_change(step: LiftStep, path: str) -> str:
    return f"git diff {step.commit[:12]}^ {step.commit[:12]} -- {shlex.quote(path)}  # what the template changes"


def _task(path: str, what: str, commands: list[str]) -> dict[str, Any]:
    return {"path": path, "what": what, "commands": commands}


def _count(plan: LiftPlan) -> int:
    step = plan.steps[-1]
    return sum(map(len, (step.added, step.updated, step.merged, step.removed, step.conflicts)))


def _here(plan: LiftPlan) -> bool:
    return Path.cwd() == plan.repo.project.resolve()
