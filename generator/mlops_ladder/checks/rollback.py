"""Rollback: what takes a bad release back by itself."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, met, missing
from mlops_ladder.facts.ci.model import AUTOMATIC, Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import subtree
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of, walk

_ROLLBACK_SHELL = re.compile(
    r"kubectl (-\S+ \S+ )*rollout undo|helm rollback|rollout abort|--to-revisions?|update-traffic|rollback|roll-back|revert|undo|traffic .*=100",
    re.I,
)
_ROLLBACK_TEXT = re.compile(
    r"AutoRollbackConfiguration|auto_rollback_configuration|deployment_circuit_breaker\s*\{[^}]*rollback\s*=\s*true|rollback:\s*true|"
    r"AutoRollback|DeploymentCircuitBreaker|rollback_configuration|auto_rollback", re.IGNORECASE | re.DOTALL,
)  # fmt: skip


@check("auto-rollback")
def auto_rollback(
    manifests: Manifests, deploy: Deploy, code: Code, ml: Ml, files: Files, graph: Graph, ci: list[Job]
) -> Verdict:
    """Tie the release to its own metrics, so that a bad one is taken back without anybody: analysis of Argo Rollouts or Flagger, `helm --atomic`, alarms."""
    seen = ""
    for manifest in manifests.of("Rollout", "Canary"):
        keys = {key for key, _ in walk(manifest.body)}
        judged = keys & {"analysis", "analyses"} and (
            manifest.kind == "Rollout" or "metrics" in keys or "threshold" in keys
        )
        if judged and deploy.applies(manifest.path):
            return met(manifest.where)
        seen = seen or f"{manifest.where} is not judged by any analysis that is applied"
    for release in deploy.releases:
        if re.search(
            r"helm (upgrade|install).*(--atomic|--rollback-on-failure|--cleanup-on-fail)",
            release.text,
            re.DOTALL,
        ):
            return met(f"{release.job.file}:{release.line}")
    for job in ci:
        if not job.triggers & AUTOMATIC:
            if re.search(r"rollback", job.name, re.I):
                seen = f"{job.where} rolls back only when a person starts it"
            continue
        for command, step in graph.job_commands(job):
            failed = re.search(
                r"failure\(\)|always\(\)|on_fail|failed|!=\s*'success'|outputs\.",
                f"{step.condition} {job.condition}",
            )
            handled = re.search(r"\|\||if !|trap|else", step.run) or command.ignored
            if (
                _ROLLBACK_SHELL.search(command.line)
                and (failed or handled)
                and not command.line.startswith(("echo", "printf", "#"))
            ):
                return met(f"{job.file}:{step.line}")
        whole = "\n".join(step.run for step in job.steps)
        if (
            job.host in ("gitlab", "jenkins")
            and re.search(r"rollback|rollout undo", whole)
            and re.search(r"on_failure|post\s*\{|\|\|", job.condition + whole + files.text(job.file))
        ):
            return met(job.where)
    for path in [
        *manifests.terraform,
        *files.match(r"(deploy|infra|template|endpoint|service|taskdef|sagemaker)[^/]*\.(ya?ml|json)$"),
    ]:
        if match := _ROLLBACK_TEXT.search(files.text(path)):
            return met(f"{path}:{line_of(files.text(path), match[0])}")
    calls = code.find(
        lambda c: (
            bool({"AutoRollbackConfiguration", "auto_rollback_configuration", "auto_rollback_alarms"} & c.keywords())
            or bool(_ROLLBACK_TEXT.search(" ".join(c.strings())))
        )
    )
    calls += _conditional_rollbacks(code)
    for hit in ml.live(calls):
        if (
            hit.node in deploy.unattended_nodes
            or hit.node in deploy.release_nodes
            or hit.module.uses("fastapi", "flask")
        ):
            return met(hit.where)
        seen = f"{hit.where} rolls back, but nothing unattended reaches it"
    return missing(seen)


def _conditional_rollbacks(code: Code) -> list[Hit]:
    """Calls of a rollback that stand under a condition or in the handling of an error."""
    found_hits: list[Hit] = []
    name = re.compile(r"(^|_)(roll_?back|restore_(previous|champion)|revert|undo|abort_canary)(_|$)", re.IGNORECASE)
    for module in code.modules:
        if module.tree is None or not any(name.search(call.last) for call in module.calls):
            continue
        under = {
            id(part)
            for node in subtree(module.tree)
            if isinstance(node, (ast.If, ast.ExceptHandler, ast.While, ast.IfExp))
            and "__name__" not in ast.dump(getattr(node, "test", ast.Constant(0)))
            for part in subtree(node)
        }
        found_hits += [Hit(module, call) for call in module.calls if name.search(call.last) and id(call.node) in under]
        found_hits += [
            Hit(module, call)
            for call in module.calls
            if id(call.node) in under
            and _ROLLBACK_SHELL.search(" ".join(call.strings()))
            and re.search(r"run|call|Popen|system|check_\w+", call.last)
        ]
    return found_hits
