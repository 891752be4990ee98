"""What takes a bad release back by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlops_ladder.facts.ci.model import AUTOMATIC, Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module, subtree
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.seen import Seen

_ROLLBACK_SHELL = re.compile(
    r"kubectl (-\S{1,80} \S{1,200} ){0,9}rollout undo|helm rollback|rollout abort|--to-revisions?|update-traffic|rollback|roll-back|revert|undo|traffic .{0,200}=100",
    re.I,
)
_ROLLBACK_TEXT = re.compile(
    r"AutoRollbackConfiguration|auto_rollback_configuration|deployment_circuit_breaker\s*\{[^}]{0,500}rollback\s{0,40}=\s{0,40}true|rollback:\s*true|"
    r"AutoRollback|DeploymentCircuitBreaker|rollback_configuration|auto_rollback", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ATOMIC = re.compile(r"helm (upgrade|install).{0,2000}(--atomic|--rollback-on-failure|--cleanup-on-fail)", re.DOTALL)
_FAILED = re.compile(r"failure\(\)|always\(\)|on_fail|failed|!=\s*'success'|outputs\.")
_NAME = re.compile(r"(^|_)(roll_?back|restore_(previous|champion)|revert|undo|abort_canary)(_|$)", re.IGNORECASE)
_KEYWORDS = frozenset({"AutoRollbackConfiguration", "auto_rollback_configuration", "auto_rollback_alarms"})


def rollbacks(
    manifests: Manifests, deploy: Deploy, code: Code, ml: Ml, files: Files, graph: Graph, jobs: list[Job]
) -> Seen:
    """The first rollback that nobody has to start; else the last that was seen and does not count."""
    note = ""
    for seen in _all(manifests, deploy, code, ml, files, graph, jobs):
        if seen:
            return seen
        note = seen.note
    return Seen((), note)


def _all(
    manifests: Manifests, deploy: Deploy, code: Code, ml: Ml, files: Files, graph: Graph, jobs: list[Job]
) -> Iterator[Seen]:
    yield from _judged(manifests, deploy)
    for release in deploy.releases:
        if _ATOMIC.search(release.text):
            yield Seen((Place(release.job.file, release.line),))
    for job in jobs:
        yield from _in_job(job, graph, files)
    infrastructure = files.match(
        r"(deploy|infra|template|endpoint|service|taskdef|sagemaker)[^/]{0,255}\.(ya?ml|json)$"
    )
    for path in [*manifests.terraform, *infrastructure]:
        if match := _ROLLBACK_TEXT.search(files.text(path)):
            yield Seen((Place.at(path, files.text(path), match.start()),))
    yield from _coded(deploy, code, ml)


def _judged(manifests: Manifests, deploy: Deploy) -> Iterator[Seen]:
    """Rollouts that an analysis judges."""
    idle = ""
    for manifest in manifests.of("Rollout", "Canary"):
        keys = {key for key, _ in walk(manifest.body)}
        limited = manifest.kind == "Rollout" or keys & {"metrics", "threshold"}
        if keys & {"analysis", "analyses"} and limited and deploy.applies(manifest.path):
            yield Seen((manifest.where,))
        idle = idle or f"{manifest.where} is not judged by any analysis that is applied"
    if idle:
        yield Seen((), idle)


def _in_job(job: Job, graph: Graph, files: Files) -> Iterator[Seen]:
    if not job.triggers & AUTOMATIC:
        if re.search(r"rollback", job.name, re.I):
            yield Seen((), f"{job.where} rolls back only when a person starts it")
        return
    caught = {step.run: bool(re.search(r"\|\||if !|trap|else", step.run)) for step in job.steps}
    for command, step in graph.job_commands(job):
        failed = _FAILED.search(f"{step.condition} {job.condition}")
        handled = caught[step.run] or command.ignored
        said = command.line.startswith(("echo", "printf", "#"))
        if _ROLLBACK_SHELL.search(command.line) and (failed or handled) and not said:
            yield Seen((Place(job.file, step.line),))
    whole = "\n".join(step.run for step in job.steps)
    if job.host in ("gitlab", "jenkins") and re.search(r"rollback|rollout undo", whole):
        if re.search(r"on_failure|post\s*\{|\|\|", job.condition + whole + files.text(job.file)):
            yield Seen((job.where,))


def _coded(deploy: Deploy, code: Code, ml: Ml) -> Iterator[Seen]:
    calls = code.find(
        lambda call: bool(_KEYWORDS & call.keywords()) or bool(_ROLLBACK_TEXT.search(" ".join(call.strings())))
    )
    calls += [hit for module in code.modules for hit in _conditional(module)]
    for hit in ml.live(calls):
        unattended = hit.node in deploy.unattended_nodes or hit.node in deploy.release_nodes
        if unattended or hit.module.uses("fastapi", "flask"):
            yield Seen((hit.where,))
        yield Seen((), f"{hit.where} rolls back, but nothing unattended reaches it")


def _conditional(module: Module) -> list[Hit]:
    """Calls of a rollback that stand under a condition or in the handling of an error."""
    if module.tree is None or not any(_NAME.search(call.last) for call in module.calls):
        return []
    under = {
        id(part)
        for node in subtree(module.tree)
        if isinstance(node, (ast.If, ast.ExceptHandler, ast.While, ast.IfExp))
        and "__name__" not in ast.dump(getattr(node, "test", ast.Constant(0)))
        for part in subtree(node)
    }
    calls = [call for call in module.calls if id(call.node) in under]
    shell = [
        call
        for call in calls
        if _ROLLBACK_SHELL.search(" ".join(call.strings())) and re.search(r"run|call|Popen|system|check_\w+", call.last)
    ]
    return [Hit(module, call) for call in [*(c for c in calls if _NAME.search(c.last)), *shell]]
