"""Where the repository trains, measures, saves, predicts, validates, tracks and registers."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Call, Module, constant, subtree
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.code.shell import parse_shell
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.patterns import (
    LIBRARIES,
    METRIC,
    NOT_MODELS,
    PREDICT,
    SAVE,
    SEED_ARGUMENTS,
    SEED_CALL,
    STOCHASTIC,
    TRAIN,
    TRAIN_FUNCTIONS,
    TRAIN_SHELL,
)
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task


class Ml:
    """The machine learning of a repository, by its calls."""

    def __init__(self, files: Files, code: Code, graph: Graph, tasks: list[Task], jobs: list[Job]) -> None:
        self._files, self._code, self._graph, self._tasks, self._jobs = files, code, graph, tasks, jobs

    @cached_property
    def modules(self) -> list[Module]:
        """The modules that are not tests and not set aside."""
        return self._code.modules

    def live(self, hits: list[Hit]) -> list[Hit]:
        """The hits that some script, task or framework would reach."""
        alive = self._graph.alive
        return [hit for hit in hits if hit.node in alive or hit.module.path.endswith((".R", ".r", ".jl", ".scala"))]

    @cached_property
    def training(self) -> list[Hit]:
        """Every live call that fits a model, scripts before notebooks."""
        if not self._code.uses(*LIBRARIES) and not self._hand_made:
            return []
        hits = self._code.find(self._trains)
        foreign = [module for module in self.modules if module.tree is None]
        hits += self._code.named(r"(^|\.)(train|fit|fit!|lm|glm|gbm)$", modules=foreign)
        hits += self._hand_made
        hits += [
            hit for hit in self._code.named(r"(^|\.)backward$") if hit.module.uses("torch", "accelerate", "lightning")
        ]
        return sorted(self.live(hits), key=lambda hit: (hit.module.path.endswith(".ipynb"), hit.module.path))

    @cached_property
    def _hand_made(self) -> list[Hit]:
        """Calls of the repository's own `train` or `fit` in a file about training that does its own arithmetic."""
        hits = []
        for module in self.modules:
            if not re.search(r"train|fit|model", module.path.rpartition("/")[2]) or not module.uses("numpy", "pandas"):
                continue
            for call in module.calls:
                if re.fullmatch(r"(train|fit)(_\w+)?", call.name) and call.name in module.functions:
                    hits.append(Hit(module, call))
        return hits

    def _trains(self, call: Call) -> bool:
        if call.last in TRAIN_FUNCTIONS:
            return True
        if not TRAIN.search(call.name) or "subprocess" in call.name:
            return False
        receiver = call.receiver.rpartition(".")[2] or call.receiver
        if not receiver:
            return False
        if (
            receiver.endswith(("model", "net", "self"))
            and call.last == "train"
            and not call.node.args
            and (not call.node.keywords)
        ):
            return False  # torch's switch between training and evaluation
        return not NOT_MODELS.search(receiver.rpartition(".")[2] or receiver)

    @cached_property
    def shell_training(self) -> list[Task]:
        """Tasks that train with a command-line tool."""
        return [task for task in self._tasks if any(TRAIN_SHELL.match(c.line) for c in parse_shell(task.script))]

    @cached_property
    def sql_training(self) -> list[tuple[Module, int]]:
        """Models that a database trains."""
        return [
            (module, line) for module in self.modules for text, line, _ in module.strings
            if re.search(r"\bCREATE\s+(OR\s+REPLACE\s+)?MODEL\b", text, re.IGNORECASE)
        ]  # fmt: skip

    @cached_property
    def trains(self) -> bool:
        """Whether the repository trains a model at all."""
        return bool(self.training or self.shell_training or self.sql_training)

    @cached_property
    def train_nodes(self) -> frozenset[Node]:
        """The places that train."""
        nodes: set[Node] = {hit.node for hit in self.training}
        nodes |= {("task", task.file, f"{task.tool} {task.name}") for task in self.shell_training}
        nodes |= {("py", module.path, "") for module, _ in self.sql_training}
        return frozenset(nodes)

    @cached_property
    def train_files(self) -> frozenset[str]:
        """The files that train."""
        return frozenset(node[1] for node in self.train_nodes)

    @cached_property
    def scripted(self) -> bool:
        """Whether something other than a notebook trains."""
        return any(not path.endswith(".ipynb") for path in self.train_files)

    @cached_property
    def pipelines(self) -> list[frozenset[Node]]:
        """Everything that starts a training, as what it reaches: tasks, scripts, notebooks, framework entries."""
        starts: list[frozenset[Node]] = []
        whole = [(task.tool, task.file) for task in self._tasks if task.tool in ("dvc", "snakemake", "mlproject")]
        for tool, file in dict.fromkeys(whole):
            starts.append(
                frozenset(("task", file, f"{tool} {t.name}") for t in self._tasks if (t.tool, t.file) == (tool, file))
            )
        starts += [frozenset({("task", task.file, f"{task.tool} {task.name}")}) for task in self._tasks]
        for module in self.modules:
            starts.append(frozenset(self._graph.run_file(module.path)))
            starts += [
                frozenset({("py", module.path, name)}) for name, function in module.functions.items()
                if function.decorators or function.last in ("main", "run", "pipeline", "create_pipeline", "register_pipelines")
            ]  # fmt: skip
        kedro = frozenset(
            ("py", m.path, name) for m in self.modules for name in m.functions if name.endswith("create_pipeline")
        )
        for file in dict.fromkeys(job.file for job in self._jobs):
            together = frozenset().union(*(self._graph.of_job(job) for job in self._jobs if job.file == file))
            starts.append(together)
        reached = [self._graph.reach(start) for start in [*starts, kedro] if start]
        return [nodes for nodes in reached if nodes & self.train_nodes]

    def in_pipeline(self, hits: list[Hit]) -> list[Hit]:
        """The live hits that run in the same run as a training, or in the file that trains."""
        together = frozenset().union(*self.pipelines) if self.pipelines else frozenset()
        found = [hit for hit in hits if hit.node in together]
        if self.scripted:
            found = [hit for hit in found if not hit.module.path.endswith(".ipynb")]
        return found

    @cached_property
    def metrics(self) -> list[tuple[Module, int]]:
        """Where quality is measured."""
        found: list[tuple[Module, int]] = []
        for module in self.modules:
            for call in module.calls:
                if (
                    METRIC.search(call.last)
                    or call.name.startswith("sklearn.metrics")
                    or (
                        re.search(r"(^|\.)(score|evaluate|cross_val_score|cross_validate|test|validate)$", call.name)
                        and call.receiver
                        and module.uses(*LIBRARIES)
                    )
                ):
                    found.append((module, call.line))
            found += [
                (module, call.line) for call in module.calls
                if re.search(r"(^|[._])(log|log_metrics?|report_\w{1,80}|log_dict|add_scalar|track|append|record)$", call.name)
                and any(METRIC.search(text) or text.endswith("loss") for text in call.strings()[:3])
            ]  # fmt: skip
            if module.tree is not None:
                for node in subtree(module.tree):
                    if isinstance(node, ast.Assign) and any(
                        isinstance(t, ast.Name) and METRIC.search(t.id) for t in node.targets
                    ):
                        found.append((module, node.lineno))
        return found

    @cached_property
    def saves(self) -> list[Hit]:
        """Where a model is written."""
        hits = self._code.find(
            lambda call: bool(SAVE.search(call.name)) or (call.last in ("save", "dump", "export") and _is_model(call))
        )
        hits += [hit for hit in self.training if hit.module.uses("sagemaker", "autogluon", "ultralytics")]
        hits += self._code.named(r"TrainingArguments$")
        return self.live(hits)

    @cached_property
    def predictions(self) -> list[Hit]:
        """Where predictions are made."""
        return self.live(self._code.find(lambda call: bool(PREDICT.search(call.name))))

    @cached_property
    def seeds(self) -> list[str]:
        """Where randomness is fixed."""
        found: list[str] = []
        for module in self.modules:
            for call in module.calls:
                fixed = any(
                    item.arg in SEED_ARGUMENTS
                    and not (isinstance(item.value, ast.Constant) and item.value.value is None)
                    for item in call.node.keywords
                )
                if fixed or (SEED_CALL.search(call.name) and (call.node.args or module.tree is None)):
                    found.append(module.where(call.line))
        for path in self._files.match(
            r"(^|/)(params|config|conf|settings|hparams|experiment)[^/]*\.(ya?ml|toml|json|ini)$|(^|/)(conf|config|configs|params)/"
        ):
            text = self._files.text(path)
            match = re.search(
                r"(?im)^[^\w\n]{0,200}(\w{0,80}seed|random_state)[^\w\n:=]{0,200}[:=]{1,3}[ \t]{0,40}[^\w\n]?\d", text
            )
            if match:
                found.append(Place.at(path, text, match.end()))
        return found

    @cached_property
    def chance(self) -> list[str]:
        """Where chance enters: splits, samples, estimators that draw random numbers."""
        return [
            module.where(call.line) for module in self.modules for call in module.calls if STOCHASTIC.search(call.name)
        ]


def _is_model(call: Call) -> bool:
    text = f"{call.receiver} {' '.join(call.strings())} {' '.join(map(str, (constant(a) for a in call.node.args)))}"
    words = " ".join(getattr(part, "id", "") for part in subtree(call.node) if isinstance(part, ast.Name))
    return bool(
        re.search(
            r"model|net\b|clf|classif|regress|pipe|estimator|weights|checkpoint|booster|\.onnx|\.pkl|\.joblib",
            f"{text} {words}",
            re.I,
        )
    )
