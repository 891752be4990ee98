"""Bitbucket Pipelines."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.model import EVERY_CHANGE, Job, shell_step
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.read.yaml import line_of_key, line_of_value, script

FILES = re.compile(r"^bitbucket-pipelines\.yml$")
_TRIGGERS = {
    "default": EVERY_CHANGE,
    "pull-requests": frozenset({"pull_request"}),
    "tags": frozenset({"tag"}),
    "custom": frozenset({"manual"}),
}


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """One job a step of each pipeline."""
    return [job for path in paths for job in _jobs(path, files.document(path))]


def _jobs(path: str, document: Any) -> list[Job]:
    pipelines = document.get("pipelines") if isinstance(document, dict) else None
    jobs: list[Job] = []
    for kind, part in pipelines.items() if isinstance(pipelines, dict) else ():
        branches = tuple(map(str, part)) if kind == "branches" and isinstance(part, dict) else ()
        for key, step in walk({"part": part}):
            if key != "step" or not isinstance(step, dict):
                continue
            line = line_of_value(step.get("name"), line_of_value(key))
            manual = step.get("trigger") == "manual"
            jobs.append(
                Job(
                    host="bitbucket",
                    file=path,
                    name=str(step.get("name", "step")),
                    workflow=str(kind),
                    triggers=_TRIGGERS.get(str(kind), frozenset({"push"})),
                    steps=(shell_step(script(step.get("script"))),),
                    line=line,
                    branches=branches,
                    environment=str(step.get("deployment", "")),
                    approval=Place(path, line_of_key(step, "trigger")) if manual else "",
                )
            )
    return jobs
