"""Experimentation: trained, measured, seeded, tracked."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing, not_applicable
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import constant
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.packages import Packages
from mlops_ladder.facts.read.files import Files


@check("training")
def training(ml: Ml) -> Verdict:
    """Write a script that fits the model from the data, so that it can be run again."""
    places = [hit.where for hit in ml.training] + [task.where for task in ml.shell_training]
    places += [module.where(line) for module, line in ml.sql_training]
    return found(places, "no live code fits a model")


@check("metrics")
def metrics(ml: Ml) -> Verdict:
    """Compute the metrics on data that the model has not seen, and write them to a file."""
    places = [module.where(line) for module, line in ml.metrics]
    places += [task.where for task in ml.shell_training]
    return found(places, "no code measures the model")


@check("seeded")
def seeded(ml: Ml) -> Verdict:
    """Set one seed in the configuration and hand it to every random source: split, estimator, NumPy, PyTorch."""
    if ml.seeds:
        return met(*ml.seeds)
    if not ml.chance:
        return not_applicable("nothing in the code draws random numbers")
    return missing(f"{ml.chance[0]} draws random numbers without a seed")


@check("baseline")
def baseline(code: Code, ml: Ml) -> Verdict:
    """Score a trivial model (DummyClassifier, last value, mean) on the same data and report it beside yours."""
    hits = code.named(
        r"Dummy(Classifier|Regressor)$|NaiveSeasonal|SeasonalNaive|NaiveDrift|(^|\.|_)baseline(_|$)|null_model"
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        if module.path in ml.train_files or re.search(r"eval|metric|baseline", module.path):
            places += [
                module.where(line)
                for text, line, _ in module.strings
                if re.search(r"baseline|dummy", text, re.I) and len(text) < 60
            ]
    return found(places)


@check("config-driven")
def config_driven(code: Code, files: Files, ml: Ml) -> Verdict:
    """Keep every setting of the training in one file (config.toml, params.yaml) that the code reads and checks."""
    hits = code.named(
        r"(^|\.)(tomllib\.loads?|tomli\.loads?|toml\.loads?|yaml\.(safe_load|load|full_load)|OmegaConf\.\w+|hydra\.main|read_yaml|"
        r"ConfigParser|params_show|load_config|read_config|HfArgumentParser|LightningCLI|ConfigLoader|Dynaconf|initialize)$"
    )
    hits += code.named(r"^hydra\.main$|params:")
    live = [hit for hit in hits if hit.node in frozenset().union(*ml.pipelines, frozenset())]
    there = files.match(r"\.(toml|ya?ml|json|ini)$")
    places = [hit.where for hit in live] if there else []
    if not places:
        places = [f"{path}:1" for path in files.match(r"(^|/)conf/base/parameters[^/]*\.ya?ml$")]
    return found(places)


@check("environment")
def environment(packages: Packages) -> Verdict:
    """Commit a lock file (uv.lock, poetry.lock, conda-lock.yml), or give every requirement an upper bound."""
    if packages.locks:
        return met(*packages.locks)
    bounded = [p for p in packages.declared if "==" in p.spec or "<" in p.spec or "~=" in p.spec]
    if packages.declared and len(bounded) >= 0.8 * len(packages.declared):
        return met(*packages.files)
    loose = [p.name for p in packages.declared if p not in bounded]
    return missing(
        f"no lock file, and no upper bound on {', '.join(loose[:5])}" if loose else "no requirements are declared"
    )


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


def tracking_hits(code: Code, ml: Ml) -> tuple[list[Hit], list[str]]:
    """Live calls that record something of a run in a tracker, and what was seen that records nothing."""
    seen: list[str] = []
    hits: list[Hit] = []
    for libraries, pattern in _TRACKING:
        hits += code.named(pattern, *libraries)
        unused = [module for module in code.uses(*libraries) if not any(h.module is module for h in hits)]
        seen += [f"{module.where(1)} imports {libraries[0]} and records nothing with it" for module in unused[:1]]
    off = {
        hit.module.path for hit in code.named(r"(^|\.)init$", "wandb")
        if hit.call.value("mode") in ("disabled",)
    }  # fmt: skip
    hits = [hit for hit in hits if hit.module.path not in off]
    seen += [f"{path} switches tracking off" for path in sorted(off)]
    for hit in code.named(r"TrainingArguments$|SFTConfig$|DPOConfig$|TrainerConfig$"):
        node = hit.call.keyword("report_to")
        values = [constant(item) for item in node.elts] if isinstance(node, (ast.List, ast.Tuple)) else [constant(node)]
        if any(value in _TRACKED_BY_TRAINER for value in values):
            hits.append(hit)
    # A wrapper of the project's own around the tracker counts through the function that calls it.
    live = ml.live(hits)
    if hits and not live:
        seen.append(f"{hits[0].where} records, but nothing calls it")
    return live, seen


@check("tracked-runs")
def tracked(code: Code, ml: Ml, files: Files, graph: Graph) -> Verdict:
    """Wrap the training in a run of a tracker (MLflow, W&B, ...) and log its parameters and metrics there."""
    live, seen = tracking_hits(code, ml)
    together = ml.in_pipeline(live)
    if together:
        return met(*(hit.where for hit in together))
    if live:
        seen.append(f"{live[0].where} records, but not in the run that trains the model")
    if files.match(r"(^|/)conf/.*mlflow\.ya?ml$") and any(
        p for p in files.match(r"(requirements.*\.txt|pyproject\.toml)$") if "kedro-mlflow" in files.text(p)
    ):
        return met(*files.match(r"(^|/)conf/.*mlflow\.ya?ml$"))
    scripts = [(task.script, task.where) for task in graph.tasks]
    for script, where in scripts:
        if re.search(r"\bdvc exp (run|save)\b", script) and files.match(r"(^|/)dvc\.yaml$"):
            return met(where)
    for module in code.modules:
        for name in module.imports.values():
            if name.startswith("mlflow") and module.path.endswith(".R"):
                return met(module.where(1))
    return missing("; ".join(dict.fromkeys(seen)))


@check("run-identity")
def identity(code: Code, ml: Ml) -> Verdict:
    """Log the commit of the code with each run (`git rev-parse HEAD`), and refuse or mark a dirty tree."""
    what = re.compile(
        r"git[._ -]?(sha|commit|rev|hash)|commit[._ -]?(sha|hash|id)|rev-parse|mlflow\.source\.git|GITHUB_SHA|CI_COMMIT_SHA",
        re.I,
    )
    places = [
        module.where(line)
        for module in code.modules
        for text, line, _ in module.strings
        if what.search(text) and len(text) < 200
    ]
    hits = code.named(r"(^|\.)(hexsha|log_code|get_git_\w+|git_(sha|commit|revision)\w*)$|git\.Repo$")
    return found(places + [hit.where for hit in ml.live(hits)])


@check("slices")
def slices(code: Code, ml: Ml) -> Verdict:
    """Compute the metric per group (region, customer segment, class) and report the worst one."""
    hits = code.named(
        r"MetricFrame$|(^|[._])(slices?|segments?|subgroups?|by_group|per_(slice|group|segment))(_|$)|SlicingSpec|slicing"
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        scopes = {c.scope for c in module.calls if c.last == "groupby"}
        places += [
            module.where(c.line) for c in module.calls if c.scope in scopes and c.name.startswith("sklearn.metrics")
        ]
        places += [
            module.where(line)
            for text, line, _ in module.strings
            if re.fullmatch(r"(worst_)?(slices?|segments?|subgroups?|slice_\w+)", text)
        ]
    return found(places)


@check("tuning")
def tuning(code: Code, ml: Ml) -> Verdict:
    """Describe the search space in code or configuration and search it (Ray Tune, Optuna)."""
    hits = code.named(
        r"(^|\.)(GridSearchCV|RandomizedSearchCV|HalvingGridSearchCV|BayesSearchCV|create_study|optimize|Tuner|tune\.run|fmin|"
        r"HyperparameterTuner|HyperparameterTuningJob|sweep|wandb\.agent|RandomSearch|Hyperband|tune_model|hyperparameter_search)$"
    )
    return found([hit.where for hit in ml.live(hits)])
