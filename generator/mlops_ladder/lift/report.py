"""What a person and a program read of a lift: the plan before it, what is left to do after it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from mlops_ladder.legible import line
from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.steps import LiftPlan, LiftStep
from mlops_ladder.lift.todo import before_merging, next_steps, todo, undo


def plan_text(plan: LiftPlan) -> str:
    """The plan, as `--dry-run` prints it and as it is printed before anything is written."""
    parts = [_step_text(step) for step in plan.steps]
    where = f"To branch {plan.branch}, {len(plan.steps)} commit{'s' if len(plan.steps) > 1 else ''}."
    if any(step.notices for step in plan.steps):
        parts.append("Will need you:\n" + "\n".join(_notices_text(plan)))
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
            lines.append(f"  {_where(task)}{task['what']}")
            lines += [f"    {command}" for command in task["commands"]]
    if not _here(plan):
        lines += ["", f"All commands in: cd {shlex.quote(str(plan.repo.project))}"]
    if shared := before_merging(plan):
        lines += ["", "Before anybody merges this, the data being in DVC now:", *(f"  {command}" for command in shared)]
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
            "before_merging": before_merging(plan),
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


def _where(task: dict[str, Any]) -> str:
    line_ = f":{task['line']}" if task.get("line") else ""
    return f"{task['path']}{line_}: " if task["path"] else ""


def _notices_text(plan: LiftPlan) -> list[str]:
    found = [notice for step in plan.steps for notice in step.notices]
    return [line(f"  {_where({'path': one.path, 'line': one.line})}{one.what}") for one in found]


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
        ("changed", [f"{old} -> {new}" for old, new in step.changed]),
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
        "notices": [{"path": one.path, "line": one.line, "what": one.what} for one in step.notices],
        "data": [{"path": item.path, "md5": item.seen.md5, "size": item.seen.size} for item in step.data],
        "handed": list(step.handed),
        "verbs": [{"name": name, "help": text} for name, text in step.verbs],
        "dependencies": list(step.dependencies),
        "changed_dependencies": [{"from": old, "to": new} for old, new in step.changed],
    }


def _count(plan: LiftPlan) -> int:
    step = plan.steps[-1]
    return sum(map(len, (step.added, step.updated, step.merged, step.removed, step.conflicts)))


def _here(plan: LiftPlan) -> bool:
    return Path.cwd() == plan.repo.project.resolve()
