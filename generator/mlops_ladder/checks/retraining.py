"""Retraining: started by itself, gated, bounded, fed by production."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged, met, missing
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.gate import Gate
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.registry import Registry
from mlops_ladder.facts.signals import Signals
from mlops_ladder.facts.triggers import Trigger

_TRAINING = re.compile(r"train|retrain|pipeline|\bct\b|continuous[- ]training", re.IGNORECASE)


@check("training-trigger")
def trigger(triggers: list[Trigger], ml: Ml, registry: Registry, ci: list[Job], graph: Graph) -> Verdict:
    """Start the training pipeline on a schedule, on new data or on a merge, besides on demand."""
    registering = {hit.node for hit in registry.hits}
    for start in triggers:
        if not start.nodes & ml.train_nodes:
            continue
        job = start.job
        about = f"{job.name} {job.workflow} {job.file}" if job else ""
        on_data = job and any(re.search(r"data|dvc", path) for path in job.paths)
        by_itself = start.kind in ("schedule", "event", "chain")
        if by_itself or start.nodes & registering or _TRAINING.search(about) or on_data:
            return met(start.where)
    by_hand = [job for job in ci if job.triggers <= {"manual", "comment"} and graph.of_job(job) & ml.train_nodes]
    return missing(f"{by_hand[0].where} trains only when a person starts it" if by_hand else "")


@check("training-on-demand")
def on_demand(ci: list[Job], graph: Graph, ml: Ml, triggers: list[Trigger]) -> Verdict:
    """Let the same workflow be started by hand too (`workflow_dispatch`, a manual job, the orchestrator's button)."""
    places = [job.where for job in ci if "manual" in job.triggers and graph.of_job(job) & ml.train_nodes]
    places += [start.where for start in triggers if start.job is None and start.nodes & ml.train_nodes]
    return found(places)


@check("champion-gate")
def champion_gate(gates: list[Gate]) -> Verdict:
    """Compare the challenger with the champion on one frozen holdout, and let the outcome decide: no promotion, or a failing job, when it is not better."""
    held = [gate for gate in gates if not gate.ignored]
    if held:
        return met(*(gate.where for gate in held))
    if gates:
        return missing(f"{gates[0].where} compares with the champion, but {gates[0].ignored}")
    return missing("nothing compares a new model with the one in production")


@check("signal-retraining")
def signal(signals: Signals) -> Verdict:
    """Let the monitor start the training pipeline when drift or live quality crosses a limit, with nobody in between."""
    return judged(signals.retraining)


@check("retraining-limits")
def limits(code: Code, files: Files) -> Verdict:
    """Bound what starts by itself: a cooldown between trainings, a budget per month, a switch that stops all."""
    word = re.compile(
        r"cool_?down|kill_?switch|max_(retrains?|runs|trainings)|retrain(ing)?_(budget|limit)|min_(days|hours|interval)_between|"
        r"\[(brakes|limits?|budgets?)\][^\[]{0,500}\b(re)?train\w{0,20}[ \t]{0,9}=",
        re.I,
    )
    places = [module.where(call.line) for module in code.modules for call in module.calls if word.search(call.name)]
    places += [
        module.where(line)
        for module in code.modules
        for text, line, _ in module.strings
        if len(text) < 60 and word.search(text)
    ]
    for path in files.match(r"\.(toml|ya?ml|json)$"):
        text = files.text(path) if re.search(r"monitor|retrain|polic|config|loop|drift|trigger|params", path) else ""
        if match := word.search(text):
            places.append(Place.at(path, text, match.start()))
    return found(places)
