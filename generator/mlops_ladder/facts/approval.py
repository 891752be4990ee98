"""What a release to production waits for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.seen import Seen

PRODUCTION = re.compile(r"(^|[^a-z])(prod|production|prd|live)([^a-z]|$)", re.I)
_PENDING = re.compile(
    r"PendingManualApproval|ManualApproval|approval_status|requires?_approval|AWS::CodePipeline.*Approval",
    re.IGNORECASE,
)
_CLOUD = re.compile(r"category\s*[=:]\s*\"?Approval|requireApproval:\s*true|require_approval\s*=\s*true")


def approvals(deploy: Deploy, manifests: Manifests, code: Code, graph: Graph, files: Files) -> Iterator[Seen]:
    """Every way in which a person decides about production."""
    yield from _jobs(deploy)
    yield from _manifests(deploy, manifests)
    yield from _clouds(code, graph, manifests, files)
    yield _coded(deploy, code, graph)
    for module in code.modules:
        for text, line, _ in module.strings:
            if _PENDING.search(text):
                yield Seen((), f"{module.where(line)} speaks of an approval, and nothing waits for it")
                return
    yield Seen((), "production is reached without anybody's approval" if deploy.releases else "")


def _jobs(deploy: Deploy) -> Iterator[Seen]:
    for release in deploy.releases:
        job = release.job
        if not PRODUCTION.search(f"{job.environment} {job.name} {job.workflow} {release.text}"):
            continue
        if job.approval or PRODUCTION.search(job.environment) or deploy.waits_for_approval(job):
            yield Seen((job.approval or job.where,))
        if job.triggers and job.triggers <= {"manual"}:
            yield Seen((job.where,), "a person starts it")


def _manifests(deploy: Deploy, manifests: Manifests) -> Iterator[Seen]:
    for manifest in manifests.of("Rollout"):
        if any(key == "pause" and not value for key, value in walk(manifest.body)) and deploy.applies(manifest.path):
            yield Seen((manifest.where,))
    for manifest in deploy.synced_by_hand:
        if PRODUCTION.search(f"{manifest.name} {manifest.body.get('spec')}"):
            yield Seen((manifest.where,))


def _clouds(code: Code, graph: Graph, manifests: Manifests, files: Files) -> Iterator[Seen]:
    for module in code.modules:
        for text, line, scope in module.strings:
            if "PendingManualApproval" in text and ("py", module.path, scope) in graph.alive:
                yield Seen((module.where(line),))
    for path in [*manifests.terraform, *files.match(r"(codepipeline|cloudformation|template)[^/]*\.ya?ml$")]:
        if match := _CLOUD.search(files.text(path)):
            yield Seen((Place.at(path, files.text(path), match.start()),))
    for path in files.match(r"(clouddeploy|skaffold|delivery)[^/]*\.ya?ml$"):
        if match := re.search(r"requireApproval: true", files.text(path)):
            yield Seen((Place.at(path, files.text(path), match.start()),))


def _coded(deploy: Deploy, code: Code, graph: Graph) -> Seen:
    """Own code that reads an approval and acts on it."""

    def source(node: ast.AST, _: Module) -> bool:
        asks = isinstance(node, (ast.Call, ast.Compare, ast.Attribute, ast.Subscript))
        return asks and bool(re.search(r"approv(al|ed|er)", words_of(node), re.IGNORECASE))

    acts = r"promot|deploy|alias|release|transition|rollout|produc"
    kinds = ("raise", "exit", "call", "assert", "branch")
    effects = decisions(code, source, acts, re.compile("approv", re.I)).effects
    acting = [effect.where for effect in effects if effect.node in graph.alive and effect.kind in kinds]
    releases = acting and (deploy.releases or deploy.coded or code.named(r"set_registered_model_alias|promot"))
    return Seen(tuple(sorted(acting)) if releases else ())
