"""CircleCI: jobs as its workflows start them."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.model import EVERY_CHANGE, STEPS, Job, Step, shell_step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import line_of_key, line_of_value, script

FILES = re.compile(r"^\.circleci/config\.ya?ml$")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """Every job that a workflow starts."""
    return [job for path in paths for job in _jobs(path, files)]


def _jobs(path: str, files: Files) -> list[Job]:
    document = files.document(path)
    if not isinstance(document, dict) or not isinstance(document.get("jobs"), dict):
        return []
    bodies = document["jobs"]
    commands = document.get("commands") if isinstance(document.get("commands"), dict) else {}
    jobs: list[Job] = []
    workflows = document.get("workflows")
    flows = {k: v for k, v in workflows.items() if isinstance(v, dict)} if isinstance(workflows, dict) else {}
    for flow_name, flow in flows.items() or {"build": {"jobs": list(bodies)}}.items():
        timers = listed(flow.get("triggers"))
        scheduled = any(isinstance(item, dict) and "schedule" in item for item in timers)
        triggers = frozenset({"schedule"}) if scheduled else EVERY_CHANGE
        approvals = {str(name): line for name, line, options in _entries(flow) if options.get("type") == "approval"}
        for name, _, options in _entries(flow):
            body = bodies.get(name)
            if not isinstance(body, dict):
                continue
            filters = options.get("filters") if isinstance(options.get("filters"), dict) else {}
            names = (filters or {}).get("branches")
            only = _names(names.get("only")) if isinstance(names, dict) else []
            needs = tuple(map(str, listed(options.get("requires"))))
            waits = next((need for need in needs if need in approvals), "")
            steps = tuple(files.some(_steps(body.get("steps"), commands or {}, 0), STEPS, "the steps of a job"))
            jobs.append(
                Job(
                    "circleci",
                    path,
                    str(name),
                    str(flow_name),
                    triggers - {"pull_request"} if only else triggers,
                    steps,
                    line_of_key(bodies, name),
                    tuple(only),
                    needs=needs,
                    approval=Place(path, approvals[waits]) if waits else "",
                    checks_out=any(step.uses == "checkout" for step in steps),
                )
            )
    return jobs


def _names(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value]) if item]


def _entries(flow: dict[str, Any]) -> list[tuple[str, int, dict[str, Any]]]:
    """The jobs that a workflow names: name, line and options."""
    found: list[tuple[str, int, dict[str, Any]]] = []
    for item in listed(flow.get("jobs")):
        if isinstance(item, str):
            found.append((str(item), line_of_value(item), {}))
        elif isinstance(item, dict):
            for name, options in item.items():
                found.append((str(name), line_of_value(name), options if isinstance(options, dict) else {}))
    return found


def _steps(raw: Any, commands: dict[str, Any], depth: int) -> list[Step]:
    steps: list[Step] = []
    for item in listed(raw):
        if isinstance(item, str):
            if isinstance(commands.get(item), dict) and depth < 3 and len(steps) <= STEPS:
                steps += _steps(commands[item].get("steps"), commands, depth + 1)
            else:
                steps.append(Step(uses=str(item), line=line_of_value(item)))
        elif isinstance(item, dict):
            for name, value in item.items():
                if name != "run":
                    steps.append(Step(uses=str(name), line=line_of_value(name)))
                    continue
                options = value if isinstance(value, dict) else {"command": value}
                folder = join("", str(options.get("working_directory", "")))
                steps.append(shell_step(script(options.get("command")), folder=folder))
    return steps
