"""Buildkite: command steps, with block steps as approvals for what follows."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.model import EVERY_CHANGE, Job, shell_step
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import line_of_key, script

FILES = re.compile(r"^(\.buildkite/pipeline\.ya?ml|buildkite\.yml)$")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """One job a command step."""
    return [job for path in paths for job in _jobs(path, files.document(path))]


def _jobs(path: str, document: Any) -> list[Job]:
    jobs: list[Job] = []
    approval = ""
    for item in listed(document.get("steps") if isinstance(document, dict) else document):
        if not isinstance(item, dict):
            continue
        if "block" in item or "input" in item:
            approval = Place(path, line_of_key(item, "block" if "block" in item else "input"))
            continue
        run = script(item.get("command", item.get("commands")))
        if not run.text:
            continue
        branches = tuple(str(item["branches"]).split()) if item.get("branches") else ()
        condition = str(item.get("if", ""))
        step = shell_step(run)
        triggers = EVERY_CHANGE if not branches else frozenset({"push"})
        if "schedule" in condition:
            triggers = frozenset({"schedule"})
        jobs.append(
            Job(
                host="buildkite",
                file=path,
                name=str(item.get("label", item.get("key", step.line))),
                workflow="",
                triggers=triggers,
                steps=(step,),
                line=step.line,
                branches=branches,
                approval=approval,
                condition=condition,
                lenient=bool(item.get("soft_fail")),
            )
        )
    return jobs
