"""Where something of a run is recorded in a tracker."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import constant
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen

TRACKERS = (
    "mlflow", "wandb", "neptune", "comet_ml", "clearml", "aim", "dvclive", "sagemaker", "google.cloud.aiplatform", "azureml",
)  # fmt: skip
_TRACKING = (
    (("mlflow",), r"(^|[._])(log_metrics?|log_params?|log_param|autolog|log_table|log_model)$"),
    (("wandb",), r"(^|\.)(log|WandbCallback|WandbLogger|WandbMetricsLogger|finish|wandb_log|log_evaluation)$"),
    (("neptune", "neptune_scale"), r"(^|\.)(init_run|Run|append|log_metrics|NeptuneCallback)$"),
    (("comet_ml",), r"(^|\.)(Experiment|start|log_metrics?|log_parameters?|OfflineExperiment)$"),
    (("clearml",), r"(^|\.)(Task\.init|report_scalar|report_single_value|PipelineDecorator\.\w+)$"),
    (("aim",), r"(^|\.)(Run|track|AimCallback|AimLogger)$"),
    (("dvclive",), r"(^|\.)(Live|log_metric|DVCLiveCallback|DVCLiveLogger)$"),
    (("google.cloud.aiplatform", "google.cloud"), r"(^|\.)(log_metrics|log_params|start_run)$"),
    (("sagemaker",), r"(^|\.)(log_metric|log_parameters?|Run|load_run)$"),
    (("azureml", "azure.ai.ml"), r"(^|\.)(log|log_metric|log_list|get_context)$"),
    (("sacred",), r"(^|\.)(log_scalar|Experiment)$"),
    (("polyaxon", "guild", "valohai", "swanlab", "trackio", "keepsake", "verta", "determined"), r"(^|\.)(log|log_metrics?|init|checkpoint|log_metric)$"),
    (("lightning", "pytorch_lightning"), r"(^|\.)(MLFlowLogger|WandbLogger|NeptuneLogger|CometLogger|ClearMLLogger)$"),
    (("zenml", "metaflow", "hopsworks", "kfp"), r"(^|\.)(log_metadata|log_metrics?|log_model_metadata|log_artifact_metadata)$"),
)  # fmt: skip
_TRACKED_BY_TRAINER = frozenset(
    {"wandb", "mlflow", "neptune", "comet_ml", "clearml", "all", "dvclive", "swanlab", "trackio"}
)


@dataclass(frozen=True)
class Tracking:
    """Live calls that record something of a run, and what was seen that records nothing."""

    hits: list[Hit]
    idle: list[str]
    runs: Seen


def load_tracking(files: Files, code: Code, graph: Graph, ml: Ml) -> Tracking:
    """What the repository records of its runs, and whether the run that trains is among them."""
    hits, idle = _hits(code, ml)
    if together := ml.in_pipeline(hits):
        return Tracking(hits, idle, Seen(tuple(hit.where for hit in together)))
    if elsewhere := _by_configuration(files, code, graph):
        return Tracking(hits, idle, Seen(tuple(elsewhere)))
    apart = [f"{hits[0].where} records, but not in the run that trains the model"] if hits else []
    return Tracking(hits, idle, Seen((), "; ".join(dict.fromkeys([*idle, *apart]))))


def _hits(code: Code, ml: Ml) -> tuple[list[Hit], list[str]]:
    idle: list[str] = []
    hits: list[Hit] = []
    for libraries, pattern in _TRACKING:
        hits += code.named(pattern, *libraries)
        unused = [module for module in code.uses(*libraries) if not any(h.module is module for h in hits)]
        idle += [f"{module.where(1)} imports {libraries[0]} and records nothing with it" for module in unused[:1]]
    off = {hit.module.path for hit in code.named(r"(^|\.)init$", "wandb") if hit.call.value("mode") == "disabled"}
    hits = [hit for hit in hits if hit.module.path not in off]
    idle += [f"{path} switches tracking off" for path in sorted(off)]
    hits += _by_trainer(code)
    # A wrapper of the project's own around the tracker counts through the function that calls it.
    live = ml.live(hits)
    if hits and not live:
        idle.append(f"{hits[0].where} records, but nothing calls it")
    return live, idle


def _by_trainer(code: Code) -> list[Hit]:
    """Trainers that are told to report to a tracker."""
    found = []
    for hit in code.named(r"TrainingArguments$|SFTConfig$|DPOConfig$|TrainerConfig$"):
        node = hit.call.keyword("report_to")
        values = [constant(item) for item in node.elts] if isinstance(node, (ast.List, ast.Tuple)) else [constant(node)]
        if any(value in _TRACKED_BY_TRAINER for value in values):
            found.append(hit)
    return found


def _by_configuration(files: Files, code: Code, graph: Graph) -> list[str]:
    """Tracking that is not a call in Python: kedro-mlflow, DVC experiments, MLflow from R."""
    kedro = files.match(r"(^|/)conf/.{0,500}mlflow\.ya?ml$")
    if kedro and any(
        "kedro-mlflow" in files.text(p) for p in files.match(r"(requirements.{0,200}\.txt|pyproject\.toml)$")
    ):
        return kedro
    for task in graph.tasks:
        if re.search(r"\bdvc exp (run|save)\b", task.script) and files.match(r"(^|/)dvc\.yaml$"):
            return [task.where]
    for module in code.modules:
        if module.path.endswith(".R") and any(name.startswith("mlflow") for name in module.imports.values()):
            return [module.where(1)]
    return []
