"""Data: documented, loaded, versioned, validated, watched."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.checks.validation import enforced_validation
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code import Code
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.files import Files, is_test
from mlops_ladder.facts.graph import Graph
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.text import line_of

DATA_FILE = (
    r"\.(csv|tsv|parquet|feather|arrow|jsonl|ndjson|xlsx?|h5|hdf5|npy|npz|avro|orc|tfrecord|zip|tar|gz|png|jpe?g|wav)$"
)
TRACKERS = (
    "mlflow",
    "wandb",
    "neptune",
    "comet_ml",
    "clearml",
    "aim",
    "dvclive",
    "sagemaker",
    "google.cloud.aiplatform",
    "azureml",
)


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
def versioned(files: Files, code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Run `dvc init`, `dvc add` the raw data and commit the .dvc file, so that each commit names the data it was made with."""
    seen: list[str] = []
    for path in files.match(r"\.dvc$"):
        body = files.yaml_one(path)[0]
        outs = body.get("outs") if isinstance(body, dict) else None
        if any(isinstance(out, dict) and (out.get("md5") or out.get("etag") or out.get("hash")) for out in outs or []):
            if not re.search(r"(^|/)models?/|\.(pkl|joblib|pt|onnx)\.dvc$", path):
                return met(path)
        seen.append(f"{path} names no content")
    for path in files.match(r"(^|/)dvc\.lock$"):
        body = files.yaml_one(path)[0]
        if isinstance(body, dict) and re.search(r"\b(md5|hash|etag):", files.text(path)):
            return met(path)
    if files.match(r"(^|/)\.dvc/config$|(^|/)dvc\.yaml$"):
        seen.append("DVC is set up, but no .dvc file or dvc.lock names any data")
    if lfs := _large_file_storage(files):
        return met(lfs)
    calls = [
        *code.named(r"(^|\.)(use_artifact)$", "wandb"),
        *[h for h in code.named(r"(^|\.)Artifact$", "wandb") if "dataset" in " ".join(h.call.strings()) or "data" in str(h.call.value("type"))],
        *code.named(r"Dataset\.(create|get|get_or_create)$", "clearml"),
        *code.named(r".", "lakefs", "lakefs_client", "lakefs_sdk", "pachyderm_sdk", "python_pachyderm", "quilt3", "datalad", "oxen"),
        *[h for h in code.named(r"load_dataset$", "datasets") if "revision" in h.call.keywords()],
        *[h for h in code.named(r"(^|\.)(DeltaTable|read_delta|scan_delta|read_table|load_table|scan)$") if {"version", "snapshot_id", "as_of"} & h.call.keywords()],
        *[h for h in code.named(r"(^|\.)(load_as_version|load_with_datetime)$", "deltalake")],
        *[h for h in code.named(r"(^|\.)(option|options)$") if re.search(r"versionAsOf|timestampAsOf|snapshot-id|as-of-timestamp", _words(h.call))],
        *[h for h in code.find(lambda call: bool({"VersionId", "snapshot_id", "version_id"} & call.keywords()))],
        *[h for h in code.named(r"(^|\.)(dvc\.api\.(read|open|get_url)|get_by_name|Data)$", "dvc", "azureml", "azure.ai.ml") if {"rev", "version"} & h.call.keywords()],
    ]  # fmt: skip
    live = ml.live(calls)
    if live:
        return met(*(hit.where for hit in live))
    for module in code.modules:
        for text, line, scope in module.strings:
            pinned = re.search(
                r"lakefs://|FOR SYSTEM_(TIME|VERSION) AS OF|\bAT\s*\(\s*(TIMESTAMP|OFFSET|STATEMENT)|VERSION AS OF|TIMESTAMP AS OF",
                text,
                re.I,
            )
            if pinned and ("py", module.path, scope) in graph.alive:
                return met(module.where(line))
    for path in files.match(r"(^|/)catalog[^/]*\.ya?ml$"):
        text = files.text(path)
        if re.search(r"^\s+versioned:\s*true", text, re.MULTILINE | re.IGNORECASE):
            return met(f"{path}:{line_of(text, 'versioned')}")
    for path in files.match(r"(^|/)(\.lakectl\.ya?ml|\.lakefs_ref\.yaml|\.datalad/config)$"):
        return met(path)
    for path in files.match(r"\.ya?ml$"):
        if match := re.search(r"azureml:[\w.-]+:\d+", files.text(path) if "pipeline" in path or "job" in path or "azureml" in path else ""):
            if re.search(r"path:[^,\n]*" + re.escape(match[0]), files.text(path)):
                return met(f"{path}:{line_of(files.text(path), match[0])}")
    if place := _manifest(files, code) or _committed(files, code, ml):
        return met(place)
    return missing("; ".join(seen))


def _words(call: object) -> str:
    return " ".join(call.strings())  # type: ignore[attr-defined]


def _large_file_storage(files: Files) -> str:
    """A .gitattributes line that puts data into git-lfs, when some of that data is there."""
    for path in files.match(r"(^|/)\.gitattributes$"):
        text = files.text(path)
        for number, line in enumerate(text.splitlines(), 1):
            if "filter=lfs" not in line or line.lstrip().startswith("#"):
                continue
            pattern = line.split()[0]
            tail = re.escape(pattern.rpartition("/")[2]).replace(r"\*\*", ".*").replace(r"\*", ".*")
            folder = pattern.rpartition("/")[0].strip("*/")
            hits = [p for p in files.match(rf"(^|/){tail}$") if folder in p] or (
                files.match(rf"^{re.escape(folder)}/") if folder else []
            )
            if any(re.search(DATA_FILE, hit, re.I) or re.search(r"(^|/)data(sets?)?/", hit) for hit in hits):
                return f"{path}:{number}"
    return ""


def _manifest(files: Files, code: Code) -> str:
    """A committed list of checksums that code compares with the data."""
    for path in files.match(r"(manifest|checksums?|sha256|md5)[^/]*(\.(json|txt|csv|ya?ml|toml|sha256|md5))?$"):
        text = files.text(path)
        if re.search(r"\b[0-9a-f]{32,64}\b", text) and re.search(r"\.(csv|parquet|json|zip|gz|feather|tsv)\b", text):
            name = path.rpartition("/")[2]
            for module in code.uses("hashlib"):
                for value, line, _ in module.strings:
                    if name in value:
                        return module.where(line)
    return ""


def _committed(files: Files, code: Code, ml: Ml) -> str:
    """A data file in git that the code reads by its path: then git versions it."""
    reached = {node[1] for pipeline in ml.pipelines for node in pipeline}
    ignored = " ".join(files.text(path) for path in files.match(r"(^|/)\.gitignore$"))
    for path in files.match(DATA_FILE):
        name = path.rpartition("/")[2]
        if is_test(path) or re.search(
            r"sample|example|fixture|toy|dummy|predictions|output|result|eval|golden|prompt", path, re.I
        ):
            continue
        if re.search(r"(?m)^/?(data/?\*{0,2}|data/raw/?.*|\*\.csv|\*\.parquet)$", ignored) and "/" in path:
            continue
        for module in code.modules:
            if module.path not in reached:
                continue
            for text, line, _ in module.strings:
                if name in text and (text.endswith(path) or text.endswith(name)):
                    return module.where(line)
        for config in files.match(r"(^|/)[^./][^/]*\.(toml|ya?ml|json|ini|cfg)$|(^|/)Makefile$"):
            if name in files.text(config) and not config.startswith(".github"):
                return f"{config}:{line_of(files.text(config), name)}"
    return ""


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
def validated(code: Code, ml: Ml, graph: Graph, ci: list[Job]) -> Verdict:
    """Describe the columns in a schema (pandera, Great Expectations) and check it as a step before training; a violation must stop the run."""
    return enforced_validation(code, ml, graph, ci)


@check("data-version-recorded")
def version_recorded(code: Code, ml: Ml) -> Verdict:
    """Log the hash or the version of the data as a tag or parameter of each run."""
    what = re.compile(
        r"data\w*[._\- ]?(hash|version|sha\w*|rev\w*|md5|digest|fingerprint|snapshot)|(hash|digest|md5)[._ ]?(of[._ ])?data|dvc",
        re.I,
    )
    hits = [*code.named(r"(^|\.)(log_input|use_artifact|log_inputs|mlflow\.data\.from_\w+)$")]
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        if module.uses(*TRACKERS) or re.search(r"track|registr", module.path):
            places += [module.where(line) for text, line, _ in module.strings if len(text) < 60 and what.search(text)]
    return found(places)


@check("data-tests")
def data_tests(code: Code, graph: Graph, ml: Ml, ci: list[Job]) -> Verdict:
    """Write a test that breaks the data (a missing column, a value out of range) and expects the pipeline to stop."""
    about = re.compile(r"valid|schema|(^|[._])check|expect|corrupt|bad|missing_col", re.IGNORECASE)
    return found(
        module.where(function.line)
        for module in code.tests
        for function in module.functions.values()
        if function.last.startswith("test")
        and any(
            c.scope == function.name and re.search(r"(^|\.)(raises|assertRaises\w*|SystemExit)$", c.name)
            for c in module.calls
        )
        and any(about.search(ref) for ref in module.refs.get(function.name, ()))
    )


@check("reference-statistics")
def reference(code: Code, files: Files, ml: Ml) -> Verdict:
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
    serving = [
        m for m in code.modules if re.search(r"serv|api|app|predict|score|infer|endpoint", m.path.rpartition("/")[2])
    ]
    for module in serving:
        nodes = graph.reach(
            {
                ("py", module.path, ""),
                ("py", module.path, "__main__"),
                *(("py", module.path, f) for f in module.functions),
            }
        )
        shared = {
            n
            for n in nodes
            if re.search(r"feature|preprocess|transform|data|model|prepare", n[1] + n[2])
            and n[1] != module.path
            and n[2]
        }
        for pipeline in ml.pipelines:
            if both := sorted(shared & pipeline):
                return met(module.where(1), f"{both[0][1]}: {both[0][2]}")
    hits = [
        h for h in code.named(r"(^|\.)(Pipeline|make_pipeline|make_column_transformer|ColumnTransformer|FeatureStore)$")
    ]
    return found([hit.where for hit in ml.live(hits)] if serving else [])


@check("data-privacy")
def privacy(code: Code, files: Files, ml: Ml) -> Verdict:
    """Say in the schema or the configuration which columns are personal, and drop, hash or mask them in code."""
    hits = code.named(
        r"anonymi[sz]e|pseudonymi[sz]e|mask_pii|hash_pii|drop_pii|redact|scrub|AnalyzerEngine|AnonymizerEngine"
    )
    places = [hit.where for hit in ml.live(hits)]
    for path in files.match(r"(schema|privacy|pii|columns?|data|config)[^/]*\.(toml|ya?ml|json)$"):
        text = files.text(path)
        if match := re.search(r"(?im)^\W*(pii|personal\w*|sensitive|private|privacy)\w*\W*\s*[:=]", text):
            places.append(f"{path}:{line_of(text, match[0].strip())}")
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
