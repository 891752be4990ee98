"""Retraining: started by itself, gated, bounded, fed by production."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.checks.monitoring import DRIFT
from mlops_ladder.checks.registry import register_hits
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.gate import Gate
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of
from mlops_ladder.facts.triggers import Trigger

_TRAINING = re.compile(r"train|retrain|pipeline|\bct\b|continuous[- ]training", re.IGNORECASE)
SIGNAL = re.compile(
    r"drift|psi|degrad|decay|live_(quality|auc|accuracy|metric)|quality_(drop|loss)|performance_(drop|alert)|stale|monitor|skew|alarm",
    re.I,
)
_STARTS = (
    r"retrain|start_training|trigger|dispatch|run_deployment|start_pipeline|create_run|submit|TriggerDagRun|create_workflow|workflow_dispatch|"
    r"start_execution|send_task|create_pipeline|run_pipeline|PipelineJob|launch_job|enqueue|emit|RunRequest|fit_and_register|run_training|train$"
)


@check("training-trigger")
def trigger(triggers: list[Trigger], ml: Ml, code: Code, ci: list[Job], graph: Graph) -> Verdict:
    """Start the training pipeline on a schedule, on new data or on a merge, besides on demand."""
    registering = {hit.node for hit in register_hits(code, ml)}
    for start in triggers:
        if not start.nodes & ml.train_nodes:
            continue
        if start.kind in ("schedule", "event", "chain"):
            return met(start.where)
        job = start.job
        about = f"{job.name} {job.workflow} {job.file}" if job else ""
        if (
            start.nodes & registering
            or _TRAINING.search(about)
            or (job and any(re.search(r"data|dvc", path) for path in job.paths))
        ):
            return met(start.where)
    by_hand = [job for job in ci if job.triggers <= {"manual", "comment"} and graph.of_job(job) & ml.train_nodes]
    if by_hand:
        return missing(f"{by_hand[0].where} trains only when a person starts it")
    return missing()


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
def signal(
    code: Code,
    graph: Graph,
    ml: Ml,
    triggers: list[Trigger],
    ci: list[Job],
    manifests: Manifests,
    files: Files,
) -> Verdict:
    """Let the monitor start the training pipeline when drift or live quality crosses a limit, with nobody in between."""

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, (ast.Compare, ast.Call, ast.Subscript)) and bool(
            SIGNAL.search(words_of(node)) or DRIFT.search(words_of(node))
        )

    outcome = decisions(code, source, _STARTS, re.compile(f"{SIGNAL.pattern}|{DRIFT.pattern}", re.I))
    running = frozenset().union(*(t.nodes for t in triggers), frozenset())
    served = {
        ("py", m.path, name)
        for m in code.modules
        if m.uses("fastapi", "flask", "starlette")
        for name, f in m.functions.items()
        if f.decorators
    }
    running |= graph.reach(served)
    seen = ""
    acting = [
        e for e in outcome.effects if (e.kind == "call" and re.search(_STARTS, e.name, re.I)) or e.kind == "branch"
    ]
    for effect in sorted(acting, key=lambda e: e.where):
        training = (
            graph.reach({effect.node}) & ml.train_nodes
            or _starts_elsewhere(effect.module, effect.scope)
            or (
                effect.kind == "branch"
                and (
                    graph.of_file(effect.module.path) & ml.train_nodes
                    or any("TriggerDagRun" in c.name for c in effect.module.calls)
                )
            )
        )
        if not training:
            continue
        if effect.node in running or (
            any(effect.module.path == node[1] for node in running) and effect.kind == "branch"
        ):
            return met(effect.where)
        seen = f"{effect.where} would retrain on a signal, but only when a person runs it"
    for job in ci:
        condition = " ".join([job.condition, *(step.condition for step in job.steps)])
        starts = graph.of_job(job) & ml.train_nodes or re.search(
            r"gh workflow run|dispatches|pipelines?/trigger|trigger:", job.text
        )
        if (
            SIGNAL.search(condition)
            and "outputs" in condition
            and starts
            and job.triggers & {"schedule", "event", "chain"}
        ):
            return met(job.where)
        if job.triggers & {"event"} and graph.of_job(job) & ml.train_nodes:
            text = files.text(job.file)
            types = re.search(r"types:\s*(\[.*?\]|(?:\n\s+-\s*\S+)+)", text)
            if types and SIGNAL.search(types[1]) and _sender(code, files, job.file, types[1]):
                return met(job.where)
    for manifest in manifests.of("alertmanager"):
        urls = re.findall(r"url:\s*['\"]?(\S+)", files.text(manifest.path))
        if any(
            re.search(
                r"dispatches|retrain|trigger|dagRuns|pipelines?|run_deployment|events?/|hooks?/train",
                url,
                re.I,
            )
            for url in urls
        ):
            return met(f"{manifest.path}:{line_of(files.text(manifest.path), 'url:')}")
    for path in manifests.terraform + files.match(r"(cloudformation|template|infra|events?)[^/]*\.(ya?ml|json)$"):
        text = files.text(path)
        if (
            re.search(r"event_pattern|EventPattern", text)
            and re.search(r"CloudWatch Alarm|aws\.cloudwatch|Model Monitor|monitoring|drift", text, re.I)
            and re.search(r"pipeline|train", text, re.I)
        ):
            return met(f"{path}:{line_of(text, re.compile('event_pattern|EventPattern'))}")
    return missing(
        seen
        or (
            f"{outcome.sources[0][0].where(outcome.sources[0][1])} sees a signal, and no retraining follows"
            if outcome.sources
            else ""
        )
    )


def _starts_elsewhere(module: Module, scope: str) -> bool:
    """Whether a scope hands work to another system by its API or command line."""
    pattern = re.compile(
        r"/dispatches|workflow run|dagRuns|pipeline[s]?/trigger|start_pipeline_execution|run_deployment|TriggerDagRun|create_run|RunRequest|PipelineJob|submit_job|retrain|start_execution|trigger/pipeline",
        re.I,
    )
    words = [text for text, _, where in module.strings if where == scope] + [
        c.name for c in module.calls if c.scope == scope
    ]
    return any(pattern.search(word) for word in words)


def _sender(code: Code, files: Files, own: str, types: str) -> bool:
    """Whether something in the repository sends the event that a workflow waits for."""
    names = re.findall(r"[\w-]{4,}", types)
    texts = [text for module in code.modules for text, _, _ in module.strings]
    texts += [files.text(p) for p in files.match(r"\.(ya?ml|sh|tf|json)$") if p != own]
    return any(name in text for name in names for text in texts)


@check("retraining-limits")
def limits(code: Code, files: Files) -> Verdict:
    """Bound what starts by itself: a cooldown between trainings, a budget per month, a switch that stops all."""
    word = re.compile(
        r"cool_?down|kill_?switch|max_(retrains?|runs|trainings)|retrain(ing)?_(budget|limit)|min_(days|hours|interval)_between",
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
            places.append(f"{path}:{line_of(text, match[0])}")
    return found(places)
