"""CircleCI: jobs as its workflows start them."""

from __future__ import annotations

from typing import Any

from mlops_ladder.facts.ci.gitlab import flat
from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.read.text import line_of, listed

_EVERY = frozenset({"pull_request", "push"})


def circle_jobs(path: str, document: Any, text: str) -> list[Job]:
    """CircleCI: jobs as its workflows start them."""
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
        triggers = frozenset({"schedule"}) if scheduled else _EVERY
        approvals = {name for name, options in _circle_entries(flow) if options.get("type") == "approval"}
        for name, options in _circle_entries(flow):
            body = bodies.get(name)
            if not isinstance(body, dict):
                continue
            filters = options.get("filters") if isinstance(options.get("filters"), dict) else {}
            names = (filters or {}).get("branches")
            only = flat(names.get("only")) if isinstance(names, dict) else []
            needs = tuple(map(str, listed(options.get("requires"))))
            waits = next((need for need in needs if need in approvals), "")
            steps = tuple(_circle_steps(body.get("steps"), commands or {}, text, 0))
            jobs.append(
                Job(
                    "circleci",
                    path,
                    str(name),
                    str(flow_name),
                    triggers - {"pull_request"} if only else triggers,
                    steps,
                    line_of(text, f"{name}:"),
                    tuple(only),
                    needs=needs,
                    approval=f"{path}:{line_of(text, waits)}" if waits else "",
                    checks_out=any(step.uses == "checkout" for step in steps),
                )
            )
    return jobs


def _circle_entries(flow: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for item in listed(flow.get("jobs")):
        if isinstance(item, str):
            found.append((item, {}))
        elif isinstance(item, dict):
            found += [(str(name), options if isinstance(options, dict) else {}) for name, options in item.items()]
    return found


def _circle_steps(raw: Any, commands: dict[str, Any], text: str, depth: int) -> list[Step]:
    steps: list[Step] = []
    for item in raw if isinstance(raw, list) else ():
        if isinstance(item, str):
            if isinstance(commands.get(item), dict) and depth < 3:
                steps += _circle_steps(commands[item].get("steps"), commands, text, depth + 1)
            else:
                steps.append(Step(uses=item, line=line_of(text, item)))
        elif isinstance(item, dict):
            for name, value in item.items():
                if name != "run":
                    steps.append(Step(uses=str(name), line=line_of(text, str(name))))
                    continue
                options = value if isinstance(value, dict) else {"command": value if isinstance(value, str) else ""}
                run = str(options.get("command", ""))
                folder = join("", str(options.get("working_directory", "")))
                first = run.strip().splitlines()[0] if run.strip() else ""
                steps.append(Step(run=run, line=line_of(text, first), folder=folder))
    return steps
