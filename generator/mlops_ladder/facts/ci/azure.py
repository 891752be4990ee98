"""Azure Pipelines: stages, jobs and deployments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed, walk
from mlops_ladder.facts.read.yaml import line_of_key, line_of_value, script

FILES = re.compile(r"(^|/)azure-pipelines[^/]*\.ya?ml$|^\.(azure|azuredevops|pipelines)/.*\.ya?ml$")
_SCRIPTS = ("script", "bash", "pwsh")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """Every job and deployment of every stage."""
    return [job for path in paths for job in _jobs(path, files.document(path))]


def _jobs(path: str, document: Any) -> list[Job]:
    if not isinstance(document, dict):
        return []
    triggers: set[str] = set()
    branches: tuple[str, ...] = ()
    trigger = document.get("trigger", "all")
    if trigger != "none":
        triggers.add("push")
        names = trigger.get("branches", {}) if isinstance(trigger, dict) else trigger
        names = names.get("include", []) if isinstance(names, dict) else names
        branches = tuple(str(name) for name in listed(names) if str(name) != "*")
    if document.get("pr", "all") != "none" and (trigger != "none" or "pr" in document):
        triggers.add("pull_request")
    if document.get("schedules"):
        triggers.add("schedule")
    resources = document.get("resources")
    if isinstance(resources, dict) and resources.get("pipelines"):
        triggers.add("chain")
    jobs: list[Job] = []
    bare = [{"steps": document.get("steps")}]
    for stage in listed(document.get("stages") or [{"stage": "", "jobs": document.get("jobs") or bare}]):
        for body in listed(stage.get("jobs")) if isinstance(stage, dict) else ():
            if isinstance(body, dict):
                job = _job(path, stage, body, frozenset(triggers), branches)
                jobs.append(job if job.line else replace(job, line=line_of_key(document, "steps")))
    return jobs


def _job(
    path: str, stage: dict[str, Any], body: dict[str, Any], triggers: frozenset[str], branches: tuple[str, ...]
) -> Job:
    name = body.get("deployment") or body.get("job") or stage.get("stage") or "job"
    raw = [item for key, value in walk(body) if key == "steps" and isinstance(value, list) for item in value]
    raw = body["steps"] if isinstance(body.get("steps"), list) else raw
    environment = body.get("environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    condition = f"{stage.get('condition', '')} {body.get('condition', '')}".strip()
    if re.search(r"ne\(\s*variables\['Build\.Reason'\],\s*'PullRequest'|refs/heads/(main|master)", condition):
        triggers, branches = triggers - {"pull_request"}, (*branches, "main")
    items = [item for item in raw if isinstance(item, dict)]
    waits = [item["task"] for item in items if str(item.get("task", "")).startswith("ManualValidation")]
    needs = stage.get("dependsOn") or []
    return Job(
        host="azure",
        file=path,
        name=str(name),
        workflow=str(stage.get("stage", "")),
        triggers=triggers,
        steps=tuple(_step(item) for item in items),
        line=line_of_value(name, line_of_value(body, 0)),
        branches=branches,
        needs=tuple(map(str, needs)) if isinstance(needs, list) else (str(needs),),
        environment=str(environment or ""),
        approval=Place(path, line_of_value(waits[-1])) if waits else "",
        lenient=body.get("continueOnError") is True,
        condition=condition,
    )


def _step(item: dict[str, Any]) -> Step:
    inputs = item.get("inputs") if isinstance(item.get("inputs"), dict) else {}
    run = next((item[key] for key in _SCRIPTS if item.get(key)), (inputs or {}).get("inlineScript"))
    text = script(run)
    return Step(
        run=text.text,
        uses=str(item.get("task", "")),
        line=text.line or line_of_value(item.get("task"), line_of_value(item)),
        lines=text.lines if text.line else (),
        folder=join("", str(item.get("workingDirectory", "")).replace("$(System.DefaultWorkingDirectory)", "")),
        lenient=item.get("continueOnError") is True,
        condition=str(item.get("condition", "")),
        inputs=inputs or {},
    )
