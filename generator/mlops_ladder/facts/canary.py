"""A small share of the traffic, or a copy of it, for the new version first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlops_ladder.facts.ci.model import AUTOMATIC
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.seen import Seen

_CANARY_KINDS = ("Canary", "Rollout", "InferenceService", "SeldonDeployment", "VirtualService", "HTTPRoute", "TrafficSplit", "Ingress",
                 "Service", "GRPCRoute", "AnalysisTemplate")  # fmt: skip
_CANARY_TEXT = re.compile(
    r"--traffic[ =]{1,9}\S{0,200}=\d|update-traffic .{0,200}=(\d{1,2})\b|--canary|canary_?[Tt]raffic|--no-traffic|set-?weight|AdditionalVersionWeights|"
    r"CodeDeployDefault\.\w{0,80}(Canary|Linear)|\"?TrafficRoutingConfiguration\"?|type[ \t]{0,40}=[ \t]{0,40}\"CANARY\"|CANARY|LINEAR|mirror-?traffic|"
    r"split_clients|traffic_split|traffic_percentage|shadow_production_variants|ShadowProductionVariants|"
    r"initial_variant_weight[ \t]{0,40}=[ \t]{0,40}0\.\d|argo rollouts? |deployment_strategy.{0,200}canary", re.IGNORECASE,
)  # fmt: skip
_KEYWORDS = frozenset((
    "traffic_split", "traffic_percentage", "canary_traffic_percent", "ProductionVariants", "shadow_production_variants",
    "DeploymentConfig", "deployment_config", "canary_weight", "canary_share", "DesiredWeightsAndCapacities",
))  # fmt: skip
_CALLS = (
    r"(^|[._])(canary|shadow)(_|$)|(^|[._])(start|run|begin|deploy|route|judge|evaluate|step|set)_(canary|shadow)\w{0,80}$|"
    r"update_endpoint_weights_and_capacities"
)


def canaries(manifests: Manifests, deploy: Deploy, code: Code, ml: Ml, files: Files) -> Iterator[Seen]:
    """Every canary or shadow: as a manifest, in a release, as infrastructure, in code."""
    # What nothing applies is worth a note only where it is the last that was seen.
    idle = Seen()
    for manifest in manifests.of(*_CANARY_KINDS):
        if _splits(manifest.kind, manifest.body):
            if deploy.applies(manifest.path):
                yield Seen((manifest.where,))
            idle = Seen((), f"{manifest.where} describes a canary, and nothing applies it")
    yield from _releases(deploy)
    for path in manifests.terraform if deploy.infrastructure else ():
        if match := _CANARY_TEXT.search(files.text(path)):
            yield Seen((Place.at(path, files.text(path), match.start()),))
    coded = _coded(deploy, code, ml)
    yield coded if coded or not idle.note else idle


def _releases(deploy: Deploy) -> Iterator[Seen]:
    for release in deploy.releases:
        job = release.job
        if match := _CANARY_TEXT.search(release.text):
            yield Seen((Place(job.file, release.line),), match[0])
        if re.search(r"canary|shadow", f"{job.name} {job.environment}", re.I) and job.triggers & AUTOMATIC:
            yield Seen((job.where,))


def _coded(deploy: Deploy, code: Code, ml: Ml) -> Seen:
    calls = code.find(lambda call: bool(_KEYWORDS & call.keywords())) + code.named(_CALLS)
    calls = [hit for hit in ml.live(calls) if not re.search(r"print|log|info", hit.call.last)]
    running = [hit for hit in calls if hit.node in deploy.unattended_nodes or hit.node in deploy.release_nodes]
    if running:
        return Seen(tuple(hit.where for hit in running))
    served = [
        h for h in calls if h.module.uses("fastapi", "flask", "starlette", "litestar", "ray", "bentoml", "aiohttp")
    ]
    if served and deploy.releases:
        return Seen(tuple(hit.where for hit in served))
    return Seen((), f"{calls[0].where} is about a canary, but nothing unattended reaches it" if calls else "")


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
