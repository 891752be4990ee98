"""GitHub Actions workflows, with local reusable workflows and composite actions followed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mlops_ladder.facts.ci.model import STEPS, Job, Step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import line_of_value, script

FILES = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")

_TRIGGERS = {
    "pull_request": "pull_request", "merge_group": "pull_request", "push": "push", "schedule": "schedule",
    "repository_dispatch": "event", "workflow_run": "chain", "workflow_call": "call", "workflow_dispatch": "manual",
    "release": "tag", "create": "tag", "deployment": "event", "deployment_status": "event", "registry_package": "event",
    "issues": "event", "check_run": "chain", "check_suite": "chain", "pull_request_target": "target",
    "issue_comment": "comment", "label": "comment",
}  # fmt: skip


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """Every job of every workflow that GitHub would load."""
    jobs: list[Job] = []
    calls: dict[str, list[Job]] = {}
    for path in paths:
        document = files.document(path)
        if not isinstance(document, dict) or not isinstance(document.get("jobs"), dict):
            continue
        for name, body in document["jobs"].items():
            if isinstance(body, dict) and (job := _job(path, name, document, body, files)):
                jobs.append(job)
                if isinstance(body.get("uses"), str) and body["uses"].startswith("./"):
                    calls.setdefault(join("", body["uses"]), []).append(job)
    return [_called(job, calls) for job in jobs]


def _called(job: Job, calls: dict[str, list[Job]]) -> Job:
    """A reusable workflow's job starts when one of its callers does."""
    callers = calls.get(job.file, ()) if "call" in job.triggers else ()
    triggers = job.triggers.union(*(caller.triggers for caller in callers)) - {"call"}
    needs = tuple(need for caller in callers for need in caller.needs)
    condition = " ".join(part for part in [job.condition, *(caller.condition for caller in callers)] if part)
    return replace(job, triggers=frozenset(triggers), needs=job.needs + needs, condition=condition)


def _job(path: str, name: Any, document: dict[Any, Any], body: dict[str, Any], files: Files) -> Job | None:
    condition = _expression(body.get("if"))
    if condition in ("false", "0"):
        return None
    triggers, branches, changed = _on(document.get("on", document.get(True)))
    triggers, branches = _restricted(triggers, branches, condition)
    default = _folder(document.get("defaults"), body.get("defaults"))
    steps = tuple(files.some(_steps(body.get("steps"), default, files), STEPS, "the steps of a job"))
    if isinstance(body.get("uses"), str):
        inputs = body.get("with") if isinstance(body.get("with"), dict) else {}
        steps = (Step(uses=body["uses"], line=line_of_value(body["uses"]), inputs=inputs or {}),)
    environment = body.get("environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    needs = body.get("needs", [])
    checks_out = bool(body.get("uses")) or any("checkout" in step.uses or "git clone" in step.run for step in steps)
    return Job(
        host="github",
        file=path,
        name=str(name),
        workflow=str(document.get("name", path)),
        triggers=triggers,
        steps=steps,
        line=line_of_value(name, line_of_value(body)),
        branches=branches,
        paths=changed,
        needs=tuple(map(str, needs)) if isinstance(needs, list) else (str(needs),),
        environment=str(environment or ""),
        approval="",
        lenient=body.get("continue-on-error") is True,
        condition=condition,
        checks_out=checks_out,
    )


def _on(on: Any) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    events: dict[str, Any] = {}
    if isinstance(on, str):
        events = {on: None}
    elif isinstance(on, list):
        events = {str(name): None for name in on}
    elif isinstance(on, dict):
        events = {str(name): value for name, value in on.items()}
    triggers: set[str] = set()
    branches: list[str] = []
    changed: list[str] = []
    for name, options in events.items():
        kind = _TRIGGERS.get(name)
        options = options if isinstance(options, dict) else {}
        if kind is None:
            continue
        if kind == "pull_request" and "types" in options and not _opened(options["types"]):
            continue
        if kind == "schedule" and not events[name]:
            continue
        if kind == "push" and "tags" in options and "branches" not in options:
            kind = "tag"
        if kind == "push":
            branches += [str(item) for item in _many(options.get("branches")) if str(item) not in ("*", "**")]
        if kind in ("pull_request", "push"):
            changed += [str(item) for item in _many(options.get("paths"))]
        triggers.add(kind)
    return frozenset(triggers), tuple(branches), tuple(changed)


def _opened(types: Any) -> bool:
    return bool({"opened", "synchronize", "reopened", "ready_for_review"} & {str(item) for item in _many(types)})


def _restricted(
    triggers: frozenset[str], branches: tuple[str, ...], condition: str
) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a job's `if:` leaves of its workflow's triggers."""
    if "||" not in condition:
        names = {"pull_request": "pull_request", "push": "push", "schedule": "schedule", "workflow_dispatch": "manual",
                 "repository_dispatch": "event", "workflow_run": "chain", "release": "tag"}  # fmt: skip
        for match in re.finditer(r"github\.event_name\s*(==|!=)\s*['\"](\w+)['\"]", condition):
            kind = names.get(match[2], match[2])
            triggers = triggers & {kind} if match[1] == "==" else triggers - {kind}
        if re.search(r"github\.ref(_name)?\s*==\s*['\"](refs/heads/)?(main|master|prod\w*|release)['\"]", condition):
            triggers, branches = triggers - {"pull_request"}, (*branches, "main")
        if re.search(r"startsWith\(\s*github\.ref\s*,\s*['\"]refs/tags", condition):
            triggers = frozenset({"tag"} if triggers & {"push", "tag"} else set())
    return triggers, branches


def _steps(raw: Any, folder: str, files: Files, depth: int = 0) -> list[Step]:
    steps: list[Step] = []
    for item in listed(raw):
        if not isinstance(item, dict) or _expression(item.get("if")) in ("false", "0"):
            continue
        run, uses = item.get("run"), item.get("uses")
        inputs = item.get("with") if isinstance(item.get("with"), dict) else {}
        step = Step(
            uses=str(uses) if isinstance(uses, str) else "",
            line=line_of_value(uses, line_of_value(item)),
            folder=join("", str(item.get("working-directory", folder))),
            lenient=item.get("continue-on-error") is True,
            condition=_expression(item.get("if")),
            inputs=inputs or {},
        )
        if isinstance(run, str):
            text = script(run)
            step = replace(step, run=text.text, line=text.line or step.line, lines=text.lines)
        steps.append(step)
        if step.uses.startswith("./") and depth < 3 and len(steps) <= STEPS:
            local = join("", step.uses)
            for name in (f"{local}/action.yml", f"{local}/action.yaml"):
                document = files.document(name)
                if isinstance(document, dict) and isinstance(document.get("runs"), dict):
                    nested = _steps(document["runs"].get("steps"), step.folder, files, depth + 1)
                    steps += [
                        replace(part, line=step.line, lines=(), lenient=step.lenient or part.lenient) for part in nested
                    ]
    return steps


def _folder(*defaults: Any) -> str:
    folder = ""
    for item in defaults:
        run = item.get("run") if isinstance(item, dict) else None
        if isinstance(run, dict) and run.get("working-directory"):
            folder = join("", str(run["working-directory"]))
    return folder


def _expression(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", str(value), flags=re.DOTALL).strip()


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
