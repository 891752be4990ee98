"""Azure Pipelines, Buildkite, Bitbucket, Travis and Cloud Build."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.gitlab import flat
from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.read.text import line_of, listed, walk

_EVERY = frozenset({"pull_request", "push"})


def azure_jobs(path: str, document: Any, text: str) -> list[Job]:
    """Azure Pipelines: stages, jobs and deployments."""
    if not isinstance(document, dict):
        return []
    triggers: set[str] = set()
    branches: tuple[str, ...] = ()
    trigger = document.get("trigger", "all")
    if trigger != "none":
        triggers.add("push")
        names = trigger.get("branches", {}) if isinstance(trigger, dict) else trigger
        names = names.get("include", []) if isinstance(names, dict) else names
        branches = tuple(str(n) for n in (names if isinstance(names, list) else []) if str(n) != "*")
    if document.get("pr", "all") != "none" and (trigger != "none" or "pr" in document):
        triggers.add("pull_request")
    if document.get("schedules"):
        triggers.add("schedule")
    resources = document.get("resources")
    if isinstance(resources, dict) and resources.get("pipelines"):
        triggers.add("chain")
    jobs: list[Job] = []
    stages = document.get("stages") or [
        {"stage": "", "jobs": document.get("jobs") or [{"steps": document.get("steps")}]}
    ]
    for stage in stages if isinstance(stages, list) else ():
        if not isinstance(stage, dict):
            continue
        condition = str(stage.get("condition", ""))
        for body in listed(stage.get("jobs")):
            if isinstance(body, dict):
                jobs.append(_azure_job(path, text, stage, body, frozenset(triggers), branches, condition))
    return jobs


def _azure_job(
    path: str,
    text: str,
    stage: dict[str, Any],
    body: dict[str, Any],
    triggers: frozenset[str],
    branches: tuple[str, ...],
    condition: str,
) -> Job:
    name = str(body.get("deployment") or body.get("job") or stage.get("stage") or "job")
    raw = [item for key, value in walk(body) if key == "steps" and isinstance(value, list) for item in value]
    raw = body["steps"] if isinstance(body.get("steps"), list) else raw
    environment = body.get("environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    condition = f"{condition} {body.get('condition', '')}".strip()
    if re.search(r"ne\(\s*variables\['Build\.Reason'\],\s*'PullRequest'|refs/heads/(main|master)", condition):
        triggers, branches = triggers - {"pull_request"}, (*branches, "main")
    line = line_of(text, name)
    approval = ""
    steps = []
    for item in raw:
        if not isinstance(item, dict):
            continue
        task = str(item.get("task", ""))
        inputs = item.get("inputs") if isinstance(item.get("inputs"), dict) else {}
        run = item.get("script") or item.get("bash") or item.get("pwsh") or (inputs or {}).get("inlineScript") or ""
        if task.startswith("ManualValidation"):
            approval = f"{path}:{line_of(text, task)}"
        steps.append(
            Step(
                run=str(run),
                uses=task,
                line=line_of(text, str(run).strip().splitlines()[0] if str(run).strip() else task),
                folder=join("", str(item.get("workingDirectory", "")).replace("$(System.DefaultWorkingDirectory)", "")),
                lenient=item.get("continueOnError") is True,
                condition=str(item.get("condition", "")),
                inputs=inputs or {},
            )
        )
    needs = stage.get("dependsOn") or []
    return Job(
        "azure", path, name, str(stage.get("stage", "")), triggers, tuple(steps), line, branches,
        needs=tuple(map(str, needs)) if isinstance(needs, list) else (str(needs),),
        environment=str(environment or ""), approval=approval, condition=condition,
        lenient=body.get("continueOnError") is True,
    )  # fmt: skip


def buildkite_jobs(path: str, document: Any, text: str) -> list[Job]:
    """Buildkite: command steps, with block steps as approvals for what follows."""
    raw = document.get("steps") if isinstance(document, dict) else document
    jobs: list[Job] = []
    approval = ""
    for item in raw if isinstance(raw, list) else ():
        if not isinstance(item, dict):
            continue
        if "block" in item or "input" in item:
            approval = f"{path}:{line_of(text, 'block' if 'block' in item else 'input')}"
            continue
        run = "\n".join(flat(item.get("command", item.get("commands"))))
        if not run:
            continue
        branches = tuple(str(item["branches"]).split()) if item.get("branches") else ()
        condition = str(item.get("if", ""))
        line = line_of(text, run.strip().splitlines()[0])
        triggers = _EVERY if not branches else frozenset({"push"})
        if "schedule" in condition:
            triggers = frozenset({"schedule"})
        jobs.append(
            Job(
                "buildkite",
                path,
                str(item.get("label", item.get("key", line))),
                "",
                triggers,
                (Step(run, line=line),),
                line,
                branches,
                approval=approval,
                condition=condition,
                lenient=bool(item.get("soft_fail")),
            )
        )
    return jobs


def bitbucket_jobs(path: str, document: Any, text: str) -> list[Job]:
    """Bitbucket Pipelines."""
    pipelines = document.get("pipelines") if isinstance(document, dict) else None
    jobs: list[Job] = []
    for kind, part in pipelines.items() if isinstance(pipelines, dict) else ():
        triggers = {"default": _EVERY, "pull-requests": frozenset({"pull_request"}), "tags": frozenset({"tag"}),
                    "custom": frozenset({"manual"})}.get(str(kind), frozenset({"push"}))  # fmt: skip
        branches = tuple(map(str, part)) if kind == "branches" and isinstance(part, dict) else ()
        for key, step in walk({"part": part}):
            if key == "step" and isinstance(step, dict):
                run = "\n".join(flat(step.get("script")))
                manual = step.get("trigger") == "manual"
                line = line_of(text, str(step.get("name", "step")))
                jobs.append(
                    Job(
                        "bitbucket",
                        path,
                        str(step.get("name", "step")),
                        str(kind),
                        triggers,
                        (Step(run, line=line),),
                        line,
                        branches,
                        environment=str(step.get("deployment", "")),
                        approval=f"{path}:{line}" if manual else "",
                    )
                )
    return jobs


def simple_jobs(host: str, path: str, document: Any, text: str) -> list[Job]:
    """Travis and Google Cloud Build: one job on every push."""
    if not isinstance(document, dict):
        return []
    if host == "travis":
        run = "\n".join(line for key in ("before_install", "install", "script") for line in flat(document.get(key)))
        return [Job(host, path, "build", "", _EVERY, (Step(run, line=line_of(text, "script")),))] if run else []
    steps = []
    for item in listed(document.get("steps")):
        if isinstance(item, dict):
            words = [str(item.get("entrypoint", "")), *map(str, listed(item.get("args")))]
            name = str(item.get("name", ""))
            tool = "gcloud" if "cloud-sdk" in name or "gcloud" in name else "docker" if name.endswith("docker") else ""
            run = " ".join([tool, *words]).strip() if not item.get("script") else str(item["script"])
            if words[0] in ("bash", "sh") and len(words) > 2:
                run = words[-1]
            steps.append(Step(run=run, uses=name, line=line_of(text, name)))
    return [Job(host, path, "build", "", frozenset({"push"}), tuple(steps))] if steps else []
