"""Jenkinsfiles, read as text."""

from __future__ import annotations

import re

from mlops_ladder.facts.ci.model import Job, Step

_EVERY = frozenset({"pull_request", "push"})


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
