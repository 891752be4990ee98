"""Deployment: staging by itself, canary, approval, rollback by itself."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.ci.model import AUTOMATIC
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of, walk

_STAGING = re.compile(
    r"(^|[^a-z])(staging|stage|stg|pre-?prod|uat|qa|acceptance|acc|test-?env|integration|non-?prod|dev|development)([^a-z]|$)",
    re.I,
)
_PRODUCTION = re.compile(r"(^|[^a-z])(prod|production|prd|live)([^a-z]|$)", re.I)


@check("staging-deploy")
def staging(deploy: Deploy) -> Verdict:
    """Let a merge or a new champion start a job that deploys to a staging environment without anybody's help."""
    seen = ""
    for release in deploy.releases:
        job = release.job
        if not _STAGING.search(f"{job.environment} {job.name} {job.workflow} {release.text}"):
            seen = seen or f"{job.where} deploys, but to no staging environment"
            continue
        if job.approval or not job.triggers & AUTOMATIC:
            seen = f"{job.where} deploys to staging only when a person starts it"
            continue
        return met(job.where, f"{job.file}:{release.line}")
    for manifest in deploy.synced:
        if _STAGING.search(f"{manifest.name} {manifest.body.get('spec')}"):
            return met(manifest.where)
    for trigger, hit in deploy.coded:
        if _STAGING.search(words_of(hit.call.node)) or _STAGING.search(" ".join(t for t, _, _ in hit.module.strings)):
            return met(trigger.where, hit.where)
    return missing(seen or "nothing deploys by itself")


_CANARY_KINDS = ("Canary", "Rollout", "InferenceService", "SeldonDeployment", "VirtualService", "HTTPRoute", "TrafficSplit", "Ingress",
                 "Service", "GRPCRoute", "AnalysisTemplate")  # fmt: skip


def _splits(kind: str, body: dict[str, object]) -> bool:
    """Whether a Kubernetes object sends a part of the traffic, or a copy of it, to a new version."""
    pairs = walk(body)
    keys = {key for key, _ in pairs}
    if kind == "Canary":
        return bool(keys & {"stepWeight", "maxWeight", "stepWeights", "mirror", "iterations"})
    if kind == "Rollout":
        return "canary" in keys or "setWeight" in keys
    if kind == "InferenceService":
        return "canaryTrafficPercent" in keys
    if kind == "SeldonDeployment":
        shares = [value for key, value in pairs if key == "traffic" and isinstance(value, (int, float))]
        return len(shares) > 1 or any(key == "shadow" and value for key, value in pairs)
    if kind == "Ingress":
        return any("canary" in key and str(value).lower() != "false" for key, value in pairs)
    if kind == "Service":
        shares = [value for key, value in pairs if key == "percent" and isinstance(value, int)]
        return len(shares) > 1 and "serving.knative.dev" in str(body.get("apiVersion"))
    weights = [value for key, value in pairs if key == "weight" and isinstance(value, int) and 0 < value < 100]
    return (
        len(weights) > 1
        or bool(keys & {"mirror", "mirrorPercentage"})
        or any(key == "type" and value == "RequestMirror" for key, value in pairs)
    )


_CANARY_TEXT = re.compile(
    r"--traffic[ =]+\S*=\d|update-traffic .*=(\d{1,2})\b|--canary|canary_?[Tt]raffic|--no-traffic|set-?weight|AdditionalVersionWeights|"
    r"CodeDeployDefault\.\w*(Canary|Linear)|\"?TrafficRoutingConfiguration\"?|type\s*=\s*\"CANARY\"|CANARY|LINEAR|mirror-?traffic|"
    r"split_clients|traffic_split|traffic_percentage|shadow_production_variants|ShadowProductionVariants|"
    r"initial_variant_weight\s*=\s*0\.\d|argo rollouts? |deployment_strategy.*canary", re.IGNORECASE,
)  # fmt: skip


@check("canary")
def canary(manifests: Manifests, deploy: Deploy, code: Code, ml: Ml, files: Files) -> Verdict:
    """Send a small share of the traffic (or a copy of it) to the new version first: Argo Rollouts, Flagger, KServe, weights of the cloud."""
    seen = ""
    for manifest in manifests.of(*_CANARY_KINDS):
        if _splits(manifest.kind, manifest.body):
            if deploy.applies(manifest.path):
                return met(manifest.where)
            seen = f"{manifest.where} describes a canary, and nothing applies it"
    for release in deploy.releases:
        if match := _CANARY_TEXT.search(release.text):
            return met(f"{release.job.file}:{release.line}", note=match[0])
        if (
            re.search(r"canary|shadow", release.job.name + " " + release.job.environment, re.I)
            and release.job.triggers & AUTOMATIC
        ):
            return met(release.job.where)
    if deploy.infrastructure:
        for path in manifests.terraform:
            if match := _CANARY_TEXT.search(files.text(path)):
                return met(f"{path}:{line_of(files.text(path), match[0])}")
    calls = code.find(lambda c: bool({"traffic_split", "traffic_percentage", "canary_traffic_percent", "ProductionVariants", "shadow_production_variants",
                                      "DeploymentConfig", "deployment_config", "canary_weight", "canary_share", "DesiredWeightsAndCapacities"} & c.keywords()))  # fmt: skip
    calls += code.named(
        r"(^|[._])(canary|shadow)(_|$)|(^|[._])(start|run|begin|deploy|route|judge|evaluate|step|set)_(canary|shadow)\w*$|update_endpoint_weights_and_capacities"
    )
    calls = [hit for hit in ml.live(calls) if not re.search(r"print|log|info", hit.call.last)]
    running = [hit for hit in calls if hit.node in deploy.unattended_nodes or hit.node in deploy.release_nodes]
    if running:
        return met(*(hit.where for hit in running))
    served = [
        hit
        for hit in calls
        if hit.module.uses("fastapi", "flask", "starlette", "litestar", "ray", "bentoml", "aiohttp")
    ]
    if served and deploy.releases:
        return met(*(hit.where for hit in served))
    return missing(seen or (f"{calls[0].where} is about a canary, but nothing unattended reaches it" if calls else ""))


@check("approval")
def approval(
    deploy: Deploy,
    manifests: Manifests,
    code: Code,
    graph: Graph,
    files: Files,
) -> Verdict:
    """Put production behind an environment with required reviewers (GitHub), a manual job (GitLab), an input step (Jenkins)."""
    for release in deploy.releases:
        job = release.job
        live = _PRODUCTION.search(f"{job.environment} {job.name} {job.workflow} {release.text}")
        if live and (job.approval or _PRODUCTION.search(job.environment) or deploy.waits_for_approval(job)):
            return met(job.approval or job.where)
        if live and job.triggers and job.triggers <= {"manual"}:
            return met(job.where, note="a person starts it")
    for manifest in manifests.of("Rollout"):
        if any(key == "pause" and not value for key, value in walk(manifest.body)) and deploy.applies(manifest.path):
            return met(manifest.where)
    for manifest in deploy.synced_by_hand:
        if _PRODUCTION.search(f"{manifest.name} {manifest.body.get('spec')}"):
            return met(manifest.where)
    pending = re.compile(
        r"PendingManualApproval|ManualApproval|approval_status|requires?_approval|AWS::CodePipeline.*Approval",
        re.I,
    )
    for module in code.modules:
        for text, line, scope in module.strings:
            if re.search(r"PendingManualApproval", text) and ("py", module.path, scope) in graph.alive:
                return met(module.where(line))
    for path in [*manifests.terraform, *files.match(r"(codepipeline|cloudformation|template)[^/]*\.ya?ml$")]:
        if match := re.search(
            r"category\s*[=:]\s*\"?Approval|requireApproval:\s*true|require_approval\s*=\s*true",
            files.text(path),
        ):
            return met(f"{path}:{line_of(files.text(path), match[0])}")
    for path in files.match(r"(clouddeploy|skaffold|delivery)[^/]*\.ya?ml$"):
        if "requireApproval: true" in files.text(path):
            return met(f"{path}:{line_of(files.text(path), 'requireApproval')}")

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, (ast.Call, ast.Compare, ast.Attribute, ast.Subscript)) and bool(
            re.search(r"approv(al|ed|er)", words_of(node), re.IGNORECASE)
        )

    outcome = decisions(
        code, source, r"promot|deploy|alias|release|transition|rollout|produc", re.compile("approv", re.I)
    )
    acting = [
        e for e in outcome.effects if e.node in graph.alive and e.kind in ("raise", "exit", "call", "assert", "branch")
    ]
    if acting and (deploy.releases or deploy.coded or code.named(r"set_registered_model_alias|promot")):
        return met(*(e.where for e in sorted(acting, key=lambda e: e.where)))
    hints = next(
        (module.where(line) for module in code.modules for text, line, _ in module.strings if pending.search(text)),
        "",
    )
    return missing(
        f"{hints} speaks of an approval, and nothing waits for it"
        if hints
        else "production is reached without anybody's approval"
        if deploy.releases
        else ""
    )


@check("infrastructure-as-code")
def infrastructure(manifests: Manifests, files: Files) -> Verdict:
    """Describe services, networks and rights in Terraform, Kubernetes manifests or a compose file, and review them like code."""
    places = [
        manifest.where
        for manifest in manifests.of(
            "Deployment",
            "StatefulSet",
            "InferenceService",
            "SeldonDeployment",
            "Rollout",
            "Kustomization",
            "compose",
            "RayService",
            "cloudformation",
            "CronJob",
            "Job",
            "Application",
        )
    ]
    places += [f"{path}:1" for path in manifests.terraform] + files.match(
        r"(^|/)(Pulumi\.yaml|cdk\.json|Chart\.yaml|main\.bicep|serverless\.ya?ml)$"
    )
    return found(places)
