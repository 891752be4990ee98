"""Jenkinsfiles, read as text."""

from __future__ import annotations

import re

from mlops_ladder.facts.ci.model import EVERY_CHANGE, Job, Step
from mlops_ladder.facts.evidence import Place, line_number
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import blocks, quoted

FILES = re.compile(r"(^|/)Jenkinsfile(\.[^/]*)?$")
_SHELL = re.compile(r"\b(?:sh|bat)\s*(?:\(\s*)?(?:script\s*:\s*)?('{3}|\"{3}|'|\")")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """One job per stage. A multibranch project is assumed."""
    return [job for path in paths for job in _jobs(path, files.text(path))]


def _jobs(path: str, text: str) -> list[Job]:
    code = re.sub(r"(?m)(?<!:)//.*$", "", _without_comments(text))
    triggers = set(EVERY_CHANGE)
    if re.search(r"\b(cron|parameterizedCron)\s*(?:\(\s*)?['\"]", code):
        triggers.add("schedule")
    if re.search(r"\b(GenericTrigger|upstream)\s*\(", code):
        triggers.add("event")
    stages = list(re.finditer(r"\bstage\s*\(\s*['\"]([^'\"]+)['\"]\s*\)", code)) or list(re.finditer(r"\A", code))
    jobs: list[Job] = []
    gate = ""
    for index, match in enumerate(stages):
        end = stages[index + 1].start() if index + 1 < len(stages) else len(code)
        body = code[match.end() : end]
        line = line_number(code, match.start())
        asks = re.search(r"\binput\b\s*[({\s]", body)
        if asks:
            gate = Place.at(path, code, match.end() + asks.start())
        runs = list(quoted(body, _SHELL))
        on_main = re.search(r"when\s*\{[^}]{0,500}branch\s*(?:['\"(]|name)", body)
        branches = ("main",) if on_main else ()
        own = frozenset(triggers - {"pull_request"}) if on_main else frozenset(triggers)
        lenient = "catchError" in body or "returnStatus: true" in body or ("|| true" in body and len(runs) == 1)
        steps = tuple(_step(run, line_number(code, match.end() + start), lenient) for start, run in runs)
        name = match[1] if match.re.groups and match.lastindex else "build"
        jobs.append(Job("jenkins", path, name, "", own, steps, line, branches, approval=gate))
    return jobs


def _without_comments(text: str) -> str:
    parts: list[str] = []
    end = 0
    for start, after in blocks(text, "/*", "*/"):
        parts += [text[end:start], "\n" * text.count("\n", start, after)]
        end = after
    return "".join([*parts, text[end:]])


def _step(text: str, first: int, lenient: bool) -> Step:
    """A shell step; `first` is the line on which its text starts."""
    blank = len(text) - len(text.lstrip())
    lines = tuple(range(first + text[:blank].count("\n"), first + text.count("\n") + 1))
    return Step(text.strip(), line=lines[0] if lines else first, lenient=lenient, lines=lines)
