"""Delivery: predictions, a service, staging, canary, approval, rollback."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged, met, missing
from mlops_ladder.facts.ci.model import AUTOMATIC
from mlops_ladder.facts.code.decisions import words_of
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.serving import Serving

_STAGING = re.compile(
    r"(^|[^a-z])(staging|stage|stg|pre-?prod|uat|qa|acceptance|acc|test-?env|integration|non-?prod|dev(?!/(null|std|tty|shm))|development)([^a-z]|$)",
    re.I,
)
_DESCRIBED = (
    "Deployment", "StatefulSet", "InferenceService", "SeldonDeployment", "Rollout", "Kustomization", "compose", "RayService",
    "cloudformation", "CronJob", "Job", "Application",
)  # fmt: skip


@check("predictions")
def predictions(ml: Ml, code: Code, manifests: Manifests) -> Verdict:
    """Write a script that loads the model and writes a prediction for each row it is given."""
    apart = [hit for hit in ml.predictions if hit.module.path not in ml.train_files]
    places = [hit.where for hit in apart + ml.predictions]
    if not places:
        hits = code.named(
            r"(^|\.)(score|evaluate|cross_val_predict|transform|__call__|forward|deploy|batch_predict|transformer|serve|model|net|pipe|pipeline|classifier|\w{0,40}sess(ion)?\.run)$"
        )
        places = [
            hit.where
            for hit in ml.live(hits)
            if hit.module.path in ml.train_files or re.search(r"predict|infer|score|serve|app", hit.module.path)
        ]
    places += [
        m.where(line) for m in code.modules for text, line, _ in m.strings if re.search(r"\bML\.PREDICT\b", text)
    ]
    places += [m.where for m in manifests.of("InferenceService", "SeldonDeployment")]
    return found(places)


@check("batch-scoring")
def batch(serving: Serving) -> Verdict:
    """Score a file or table in one go with the model that the registry calls champion, and write its version beside each row."""
    return found(serving.batches)


@check("service")
def service(serving: Serving) -> Verdict:
    """Serve the model behind one route that checks its input, and add a health route that names the model's version."""
    return found(serving.services)


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


@check("canary")
def canary(canary: Seen) -> Verdict:
    """Send a small share of the traffic (or a copy of it) to the new version first: Argo Rollouts, Flagger, KServe, weights of the cloud."""
    return judged(canary)


@check("approval")
def approval(approval: Seen) -> Verdict:
    """Put production behind an environment with required reviewers (GitHub), a manual job (GitLab), an input step (Jenkins)."""
    return judged(approval)


@check("auto-rollback")
def auto_rollback(rollback: Seen) -> Verdict:
    """Tie the release to its own metrics, so that a bad one is taken back without anybody: analysis of Argo Rollouts or Flagger, `helm --atomic`, alarms."""
    return judged(rollback)


@check("infrastructure-as-code")
def infrastructure(manifests: Manifests, files: Files) -> Verdict:
    """Describe services, networks and rights in Terraform, Kubernetes manifests or a compose file, and review them like code."""
    places = [manifest.where for manifest in manifests.of(*_DESCRIBED)]
    places += [f"{path}:1" for path in manifests.terraform]
    return found(places + files.match(r"(^|/)(Pulumi\.yaml|cdk\.json|Chart\.yaml|main\.bicep|serverless\.ya?ml)$"))


@check("service-objectives")
def objectives(files: Files) -> Verdict:
    """Write down availability, latency and quality targets (docs/slo.md or an OpenSLO file), each with its measure."""
    places = list(files.match(r"(^|/)(slos?|service[_-]level[_-]objectives?|objectives)[^/]*\.(md|ya?ml|toml|json)$"))
    places += [
        path
        for path in files.match(r"\.ya?ml$")
        if re.search(
            r"openslo|sloth\.slok|pyrra|ServiceLevelObjective",
            files.text(path) if "slo" in path.lower() or "monitor" in path else "",
        )
    ]
    return found(places)
