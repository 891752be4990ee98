"""Data: documented, loaded, versioned, validated, watched."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged, met
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.tracking import TRACKERS


@check("data-documented")
def documented(docs: Docs) -> Verdict:
    """Write docs/data.md: where the data comes from, who owns it and under which licence, and what each column means."""
    origin = r"source|origin|licen[cs]e|owner|provided by|collected|downloaded|kaggle|uci|export"
    shape = r"column|field|feature|target|schema|variable|label"
    return found([docs.about(origin, shape, r"\bdata(set)?\b", name=r"data|readme|card|index")])


@check("data-loading")
def loading(code: Code) -> Verdict:
    """Read the data in one function (`load`), from a path that the configuration names."""
    hits = code.named(
        r"(^|\.)(read_(csv|parquet|json|sql\w*|table|excel|feather|gbq|hdf|delta)|scan_\w+|load_dataset|fetch_\w+|load_(iris|wine|"
        r"digits|breast_cancer|diabetes|data|boston|raw\w*)|ImageFolder|image_dataset_from_directory|TabularDataset|loadtxt|"
        r"genfromtxt|from_csv|csv|parquet|sql|query|load_table|reader|DictReader|SQLDataSet|get_historical_features|read\.csv|"
        r"read_rds|readRDS|fread|to_pandas|to_dataframe|use_artifact|load|get_dataset|from_generator|make_classification)$"
    )
    return found([hit.where for hit in hits])


@check("data-versioned")
def versioned(data_versions: Seen) -> Verdict:
    """Run `dvc init`, `dvc add` the raw data and commit the .dvc file, so that each commit names the data it was made with."""
    return judged(data_versions)


@check("feature-tests")
def feature_tests(code: Code) -> Verdict:
    """Write tests for the functions that load, split and transform the data."""
    about = re.compile(r"data|feature|preprocess|transform|clean|split|schema|etl|ingest", re.IGNORECASE)
    return found(
        module.where(1)
        for module in code.tests
        for _, name in module.imported
        if (target := code.split(name, module.path))
        and not is_test(target[0])
        and about.search(target[0].rpartition("/")[2] + " " + name)
    )


@check("data-validated")
def validated(validation: Seen) -> Verdict:
    """Describe the columns in a schema (pandera, Great Expectations) and check it as a step before training; a violation must stop the run."""
    return judged(validation)


@check("data-version-recorded")
def version_recorded(code: Code, ml: Ml) -> Verdict:
    """Log the hash or the version of the data as a tag or parameter of each run."""
    what = re.compile(
        r"data\w{0,80}[._\- ]?(hash|version|sha|rev|md5|digest|fingerprint|snapshot)|(hash|digest|md5)[._ ]?(of[._ ])?data|dvc",
        re.I,
    )
    hits = [*code.named(r"(^|\.)(log_input|use_artifact|log_inputs|mlflow\.data\.from_\w+)$")]
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        if module.uses(*TRACKERS) or re.search(r"track|registr", module.path):
            places += [module.where(line) for text, line, _ in module.strings if len(text) < 60 and what.search(text)]
    return found(places)


@check("reference-statistics")
def reference(code: Code, ml: Ml) -> Verdict:
    """Keep the statistics of the training data (or a sample of it) beside each model, for live data to be compared with."""
    hits = code.find(
        lambda call: bool(
            {"reference_data", "reference", "reference_df", "baseline_dataset", "x_ref"} & call.keywords()
        )
    )
    hits += code.named(
        r"suggest_baseline$|(^|\.)(save|write|build|make|compute|load|fit)_reference\w*$|reference_(stats|profile|statistics)"
    )
    return found([hit.where for hit in ml.live(hits)])


@check("shared-transform")
def shared_transform(code: Code, ml: Ml, graph: Graph) -> Verdict:
    """Import the same transformation in training and in serving, or save it inside the model as a pipeline."""
    serves = re.compile(r"serv|api|app|predict|score|infer|endpoint")
    transforms = re.compile(r"feature|preprocess|transform|data|model|prepare")
    serving = [module for module in code.modules if serves.search(module.path.rpartition("/")[2])]
    for module in serving:
        nodes = graph.reach({("py", module.path, name) for name in ("", "__main__", *module.functions)})
        shared = {n for n in nodes if n[1] != module.path and n[2] and transforms.search(n[1] + n[2])}
        for pipeline in ml.pipelines:
            if both := sorted(shared & pipeline):
                return met(module.where(1), f"{both[0][1]}: {both[0][2]}")
    hits = code.named(r"(^|\.)(Pipeline|make_pipeline|make_column_transformer|ColumnTransformer|FeatureStore)$")
    return found([hit.where for hit in ml.live(hits)] if serving else [])


@check("data-privacy")
def privacy(code: Code, files: Files, ml: Ml) -> Verdict:
    """Say in the schema or the configuration which columns are personal, and drop, hash or mask them in code."""
    hits = code.named(
        r"anonymi[sz]e|pseudonymi[sz]e|mask_pii|hash_pii|drop_pii|redact|scrub|AnalyzerEngine|AnonymizerEngine"
    )
    places = [hit.where for hit in ml.live(hits)]
    for path in files.match(r"(schema|privacy|pii|columns?|data|config)[^/]{0,255}\.(toml|ya?ml|json)$"):
        text = files.text(path)
        if match := re.search(
            r"(?im)^[^\w\n]{0,200}(pii|personal|sensitive|private|privacy)\w{0,80}[^\w\n:=]{0,200}[:=]", text
        ):
            places.append(Place.at(path, text, match.start(1)))
    return found(places)


@check("lineage")
def lineage(code: Code, ml: Ml) -> Verdict:
    """Log with each prediction the model's version, and keep with each model its data and commit, so that one command walks back."""
    hits = code.named(
        r"openlineage|lineage|(^|\.)trace_prediction$|emit_lineage|OpenLineageClient|explain_prediction|why$"
    )
    return found(
        [hit.where for hit in ml.live(hits)] + [m.where(1) for m in code.modules if re.search(r"lineage", m.path)]
    )
