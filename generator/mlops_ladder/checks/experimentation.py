"""Experimentation: trained, measured, seeded, tracked."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged, met, missing, not_applicable
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.packages import Packages
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tracking import Tracking


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


@check("tracked-runs")
def tracked(tracking: Tracking) -> Verdict:
    """Wrap the training in a run of a tracker (MLflow, W&B, ...) and log its parameters and metrics there."""
    return judged(tracking.runs)


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
