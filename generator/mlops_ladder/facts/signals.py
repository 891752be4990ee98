"""Signals of production that start a training by themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.dataflow import Effect
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.drift import DRIFT
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen, first
from mlops_ladder.facts.triggers import Trigger

SIGNAL = re.compile(
    r"drift|psi|degrad|decay|live_(quality|auc|accuracy|metric)|quality_(drop|loss)|performance_(drop|alert)|stale|monitor|skew|alarm",
    re.I,
)
# A workflow's word for results that are older than their data: that is no signal of production.
_OLDER_THAN_DATA = re.compile(r"outputs\.stale\b")
_STARTS = (
    r"retrain|start_training|trigger|dispatch|run_deployment|start_pipeline|create_run|submit|TriggerDagRun|create_workflow|workflow_dispatch|"
    r"start_execution|send_task|create_pipeline|run_pipeline|PipelineJob|launch_job|enqueue|emit|RunRequest|fit_and_register|run_training|train$"
)
_STARTS_A_JOB = re.compile(r"gh workflow run|dispatches|pipelines?/trigger|trigger:")
_HOOK = re.compile(r"dispatches|retrain|trigger|dagRuns|pipelines?|run_deployment|events?/|hooks?/train", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"/dispatches|workflow run|dagRuns|pipeline[s]?/trigger|start_pipeline_execution|run_deployment|TriggerDagRun|create_run|"
    r"RunRequest|PipelineJob|submit_job|retrain|start_execution|trigger/pipeline", re.IGNORECASE,
)  # fmt: skip


class Signals:
    """What a drift, a loss of quality or an alarm sets going."""

    def __init__(
        self,
        files: Files,
        code: Code,
        graph: Graph,
        ml: Ml,
        jobs: list[Job],
        triggers: list[Trigger],
        manifests: Manifests,
    ) -> None:
        self._files, self._code, self._graph, self._ml = files, code, graph, ml
        self._jobs, self._triggers, self._manifests = jobs, triggers, manifests

    @property
    def retraining(self) -> Seen:
        """A retraining that a signal starts, with nobody in between."""
        code = self._in_code()
        if code:
            return code
        return first(chain(self._in_jobs(), self._in_alerts(), self._in_infrastructure(), [code]))

    def _in_code(self) -> Seen:
        def source(node: ast.AST, _: Module) -> bool:
            asks = isinstance(node, (ast.Compare, ast.Call, ast.Subscript))
            return asks and bool(SIGNAL.search(words_of(node)) or DRIFT.search(words_of(node)))

        hint = re.compile(f"{SIGNAL.pattern}|{DRIFT.pattern}", re.I)
        outcome = decisions(self._code, source, _STARTS, hint)
        acting = [
            e for e in outcome.effects if e.kind == "branch" or (e.kind == "call" and re.search(_STARTS, e.name, re.I))
        ]
        running = self._running()
        note = ""
        for effect in sorted(acting, key=lambda e: e.where):
            if not self._trains(effect):
                continue
            nearby = effect.kind == "branch" and any(effect.module.path == path for _, path, _ in running)
            if effect.node in running or nearby:
                return Seen((effect.where,))
            note = f"{effect.where} would retrain on a signal, but only when a person runs it"
        if not note and outcome.sources:
            module, line, _ = outcome.sources[0]
            note = f"{module.where(line)} sees a signal, and no retraining follows"
        return Seen((), note)

    def _running(self) -> frozenset[Node]:
        """What runs by itself: what a trigger starts, and what a service answers with."""
        served: set[Node] = {
            ("py", module.path, name)
            for module in self._code.uses("fastapi", "flask", "starlette")
            for name, function in module.functions.items()
            if function.decorators
        }
        return frozenset().union(*(t.nodes for t in self._triggers), self._graph.reach(served))

    def _trains(self, effect: Effect) -> bool:
        """Whether what hangs on a signal is a training."""
        if self._graph.reach({effect.node}) & self._ml.train_nodes or _starts_elsewhere(effect.module, effect.scope):
            return True
        inside = self._graph.of_file(effect.module.path) & self._ml.train_nodes
        starts = any("TriggerDagRun" in call.name for call in effect.module.calls)
        return effect.kind == "branch" and bool(inside or starts)

    def _in_jobs(self) -> Iterator[Seen]:
        for job in self._jobs:
            trains = self._graph.of_job(job) & self._ml.train_nodes
            condition = " ".join([job.condition, *(step.condition for step in job.steps)])
            condition = _OLDER_THAN_DATA.sub("outputs", condition)
            if SIGNAL.search(condition) and "outputs" in condition and job.triggers & {"schedule", "event", "chain"}:
                if trains or _STARTS_A_JOB.search(job.text):
                    yield Seen((job.where,))
            if "event" in job.triggers and trains:
                types = re.search(
                    r"types:[ \t]*(\[[^\]\n]{0,1000}\]|(?:\n[ \t]+-[ \t]*\S+)+)", self._files.text(job.file)
                )
                if types and SIGNAL.search(types[1]) and self._is_sent(types[1], job.file):
                    yield Seen((job.where,))

    def _is_sent(self, types: str, own: str) -> bool:
        """Whether something in the repository sends the event that a workflow waits for."""
        names = re.findall(r"[\w-]{4,}", types)
        texts = [text for module in self._code.modules for text, _, _ in module.strings]
        texts += [self._files.text(p) for p in self._files.match(r"\.(ya?ml|sh|tf|json)$") if p != own]
        return any(name in text for name in names for text in texts)

    def _in_alerts(self) -> Iterator[Seen]:
        """Alerts that are sent to what starts a training."""
        for manifest in self._manifests.of("alertmanager"):
            text = self._files.text(manifest.path)
            for url in re.finditer(r"(?m)^[^#\n]*url:\s*['\"]?(\S+)", text):
                if _HOOK.search(url[1]):
                    yield Seen((Place.at(manifest.path, text, url.start(1)),))

    def _in_infrastructure(self) -> Iterator[Seen]:
        templates = self._files.match(r"(cloudformation|template|infra|events?)[^/]*\.(ya?ml|json)$")
        about = re.compile(r"CloudWatch Alarm|aws\.cloudwatch|Model Monitor|monitoring|drift", re.I)
        for path in self._manifests.terraform + templates:
            text = self._files.text(path)
            pattern = re.search(r"event_pattern|EventPattern", text)
            if pattern and about.search(text) and re.search(r"pipeline|train", text, re.I):
                yield Seen((Place.at(path, text, pattern.start()),))


def _starts_elsewhere(module: Module, scope: str) -> bool:
    """Whether a scope hands work to another system by its API or command line."""
    words = [text for text, _, where in module.strings if where == scope]
    words += [call.name for call in module.calls if call.scope == scope]
    return any(_ELSEWHERE.search(word) for word in words)
