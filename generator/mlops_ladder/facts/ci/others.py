"""Azure Pipelines, CircleCI, Buildkite, Bitbucket, Travis, Cloud Build and Jenkins."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.gitlab import flat
from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.commands import join
from mlops_ladder.facts.text import line_of, walk

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
        for body in stage.get("jobs") or []:
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
        timers = flow.get("triggers") or []
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
            needs = tuple(map(str, options.get("requires") or []))
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
                )  # fmt: skip
            )
    return jobs


def _circle_entries(flow: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for item in flow.get("jobs") or []:
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
                run = value if isinstance(value, str) else str((value or {}).get("command", ""))
                folder = "" if isinstance(value, str) else join("", str((value or {}).get("working_directory", "")))
                first = run.strip().splitlines()[0] if run.strip() else ""
                steps.append(Step(run=run, line=line_of(text, first), folder=folder))
    return steps


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
            )  # fmt: skip
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
                    )  # fmt: skip
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
    for item in document.get("steps") or []:
        if isinstance(item, dict):
            words = [str(item.get("entrypoint", "")), *map(str, item.get("args") or [])]
            name = str(item.get("name", ""))
            tool = "gcloud" if "cloud-sdk" in name or "gcloud" in name else "docker" if name.endswith("docker") else ""
            run = " ".join([tool, *words]).strip() if not item.get("script") else str(item["script"])
            if words[0] in ("bash", "sh") and len(words) > 2:
                run = words[-1]
            steps.append(Step(run=run, uses=name, line=line_of(text, name)))
    return [Job(host, path, "build", "", frozenset({"push"}), tuple(steps))] if steps else []


def jenkins_jobs(path: str, text: str) -> list[Job]:
    """A Jenkinsfile, read as text: one job per stage. A multibranch project is assumed."""
    code = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    code = re.sub(r"(?m)(?<!:)//.*$", "", code)
    triggers = set(_EVERY)
    if re.search(r"\b(cron|parameterizedCron)\s*\(?\s*['\"]", code):
        triggers.add("schedule")
    if re.search(r"\b(GenericTrigger|upstream)\s*\(", code):
        triggers.add("event")
    stages = list(re.finditer(r"\bstage\s*\(\s*['\"]([^'\"]+)['\"]\s*\)", code)) or list(re.finditer(r"\A", code))
    jobs: list[Job] = []
    gate = ""
    for index, match in enumerate(stages):
        end = stages[index + 1].start() if index + 1 < len(stages) else len(code)
        body = code[match.end() : end]
        line = code.count("\n", 0, match.start()) + 1
        asks = re.search(r"\binput\b\s*[({\s]", body)
        if asks:
            gate = f"{path}:{line + body.count(chr(10), 0, asks.start())}"
        runs = [
            "".join(part).strip()
            for part in re.findall(
                r"\b(?:sh|bat)\s*\(?\s*(?:script\s*:\s*)?(?:'''(.*?)'''|\"\"\"(.*?)\"\"\"|'([^'\n]*)'|\"([^\"\n]*)\")",
                body, re.DOTALL,
            )
        ]  # fmt: skip
        on_main = re.search(r"when\s*\{[^}]*branch\s*(?:['\"(]|name)", body)
        branches = ("main",) if on_main else ()
        own = frozenset(triggers - {"pull_request"}) if on_main else frozenset(triggers)
        lenient = "catchError" in body or "returnStatus: true" in body or ("|| true" in body and len(runs) == 1)
        steps = tuple(Step(run, line=line, lenient=lenient) for run in runs)
        name = match[1] if match.re.groups and match.lastindex else "build"
        jobs.append(Job("jenkins", path, name, "", own, steps, line, branches, approval=gate))
    return jobs
