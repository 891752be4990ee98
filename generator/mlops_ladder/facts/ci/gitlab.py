"""GitLab CI, with `extends`, `default` and local includes followed."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from mlops_ladder.facts.ci.model import Job, Step, shell_step
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import line_of_value, script

FILES = re.compile(r"^\.gitlab-ci\.ya?ml$")

_KEYWORDS = frozenset(
    {
        "stages", "variables", "workflow", "include", "default", "image", "services", "before_script", "after_script",
        "cache", "pages:deploy", "spec",
    }
)  # fmt: skip
INCLUDED = 100
"""Files that are followed from one that includes others."""
_ALL = frozenset({"pull_request", "push", "schedule", "event", "manual", "tag"})


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """Every job that GitLab would run."""
    return [job for path in paths for job in _file(path, files, {}, {path})[0]]


def _file(path: str, files: Files, inherited: dict[str, Any], read: set[str]) -> tuple[list[Job], dict[str, Any]]:
    """The jobs of a file and those that it includes, each file once, and the templates that they know."""
    document = files.document(path)
    if not isinstance(document, dict):
        return [], inherited
    templates = dict(inherited)
    jobs: list[Job] = []
    for local in files.some(_includes(document.get("include")), 100, "files that another includes"):
        for included in _matching(join("", local), files):
            if included in read:
                continue
            if len(read) > INCLUDED:
                files.unseen["included files"] = f"are followed up to the first {INCLUDED}"
                break
            read.add(included)
            inner, templates = _file(included, files, templates, read)
            jobs += inner
    templates.update({str(k): v for k, v in document.items() if isinstance(v, dict)})
    default = document.get("default") if isinstance(document.get("default"), dict) else {}
    before = document.get("before_script") or (default or {}).get("before_script")
    flow = document.get("workflow")
    rules = flow.get("rules") if isinstance(flow, dict) else None
    known: dict[str, dict[str, Any]] = {}
    for name, raw in document.items():
        if not isinstance(raw, dict) or name in _KEYWORDS or str(name).startswith("."):
            continue
        body = _extended(raw, templates, known, 0)
        if "script" in body or "trigger" in body:
            jobs.append(_job(path, name, body, before, rules))
    return jobs, templates


def _matching(name: str, files: Files) -> list[str]:
    """The files that an include names, which is a path or a pattern of paths."""
    if not re.search(r"[*?\[]", name):
        return [name] if name in files.set else []
    return fnmatch.filter(files.paths, name)


def _includes(value: Any) -> list[str]:
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and not item.startswith("http"):
            found.append(item)
        elif isinstance(item, dict) and isinstance(item.get("local"), str):
            found.append(item["local"])
    return [item for item in found if item.endswith((".yml", ".yaml"))]


def _extended(
    body: dict[str, Any], templates: dict[str, Any], known: dict[str, dict[str, Any]], depth: int
) -> dict[str, Any]:
    """A job with what it extends; `known` are templates that are extended already."""
    names = body.get("extends", [])
    merged: dict[str, Any] = {}
    for name in map(str, names if isinstance(names, list) else [names]):
        above = templates.get(name)
        if isinstance(above, dict) and depth < 10:
            if name not in known:
                known[name] = _extended(above, templates, known, depth + 1)
            merged |= known[name]
    return merged | body


def _job(path: str, name: Any, body: dict[str, Any], before: Any, flow: Any) -> Job:
    triggers, branches, manual, lenient, changed = _when(body, flow)
    environment = body.get("environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    run = script(body.get("before_script", before), body.get("script"))
    line = line_of_value(name)
    needs = [
        item.get("job", "") if isinstance(item, dict) else str(item)
        for item in listed(body.get("needs", body.get("dependencies")))
    ]
    return Job(
        host="gitlab",
        file=path,
        name=str(name),
        workflow=str(body.get("stage", "")),
        triggers=triggers,
        steps=(shell_step(run),) if run.text else (Step(line=line),),
        line=line,
        branches=branches,
        paths=changed,
        needs=tuple(needs),
        environment=str(environment or ""),
        approval=Place(path, line) if manual else "",
        lenient=lenient,
        condition=str(body.get("rules", "")),
    )


def _when(body: dict[str, Any], flow: Any) -> tuple[frozenset[str], tuple[str, ...], bool, bool, tuple[str, ...]]:
    """What starts a job: (triggers, branches, started by hand, may fail, changed paths)."""
    manual = body.get("when") == "manual"
    lenient = body.get("allow_failure") is True
    if body.get("when") == "never":
        return frozenset(), (), False, lenient, ()
    branches: set[str] = set()
    changed: list[str] = []
    if isinstance(body.get("rules"), list):
        triggers, branches, manual_rule, changed = _rules(body["rules"])
        manual = manual or manual_rule
    elif "only" in body:
        triggers, branches = _only(body["only"])
    else:
        triggers = set(_ALL)
    if "except" in body:
        triggers -= _only(body["except"])[0] - ({"push"} if _only(body["except"])[1] else set())
    if isinstance(flow, list) and flow:
        above, above_branches, _, _ = _rules(flow)
        if above:
            triggers &= above
            branches |= above_branches
    if manual:
        triggers = {"manual"}
    return frozenset(triggers), tuple(sorted(branches)), manual, lenient, tuple(changed)


def _rules(rules: list[Any]) -> tuple[set[str], set[str], bool, list[str]]:
    triggers: set[str] = set()
    never: set[str] = set()
    branches: set[str] = set()
    changed: list[str] = []
    manual = automatic = False
    for rule in rules:
        if not isinstance(rule, dict):
            continue
        condition = str(rule.get("if", ""))
        found, branch = _condition(condition)
        if rule.get("when") == "never":
            never |= found if condition else set()
            continue
        if isinstance(rule.get("changes"), list):
            changed += map(str, rule["changes"])
        triggers |= found - never
        branches |= branch
        if rule.get("when") == "manual":
            manual = True
        else:
            automatic = True
    if {"pull_request"} & triggers or (not branches):
        branches = set()
    return triggers, branches, manual and not automatic, changed


def _condition(condition: str) -> tuple[set[str], set[str]]:
    """The pipelines that a rule's `if` names; an empty or unknown condition holds for all."""
    names = {"merge_request_event": "pull_request", "external_pull_request_event": "pull_request", "schedule": "schedule",
             "trigger": "event", "api": "event", "pipeline": "event", "web": "manual", "push": "push"}  # fmt: skip
    listed = re.search(r"CI_PIPELINE_SOURCE\s*=~\s*/(.*?)/", condition)
    words = re.findall(r"['\"](\w+)['\"]", condition) + re.findall(r"\w+", listed[1] if listed else "")
    found = {names[name] for name in words if name in names}
    if "CI_MERGE_REQUEST" in condition:
        found.add("pull_request")
    if "CI_COMMIT_TAG" in condition:
        found.add("tag")
    branch = re.search(r"CI_COMMIT_(?:BRANCH|REF_NAME)\s*=[=~]\s*(\S+)", condition)
    if branch:
        return found - {"pull_request"} or {"push"}, {branch[1].strip("'\"")}
    return (found or set(_ALL)), set()


def _only(value: Any) -> tuple[set[str], set[str]]:
    refs = value.get("refs", []) if isinstance(value, dict) else value
    names = {"merge_requests": "pull_request", "schedules": "schedule", "pushes": "push", "branches": "push",
             "tags": "tag", "triggers": "event", "api": "event", "web": "manual", "pipelines": "event"}  # fmt: skip
    refs = [str(item) for item in (refs if isinstance(refs, list) else [refs])]
    triggers = {names[ref] for ref in refs if ref in names}
    branches = {ref for ref in refs if ref not in names}
    return triggers | ({"push"} if branches else set()) or set(_ALL), branches
