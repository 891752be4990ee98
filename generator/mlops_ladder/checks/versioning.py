"""Data versioning: which version of the data a commit was made with."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, met, missing
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.read.text import line_of, listed

DATA_FILE = (
    r"\.(csv|tsv|parquet|feather|arrow|jsonl|ndjson|xlsx?|h5|hdf5|npy|npz|avro|orc|tfrecord|zip|tar|gz|png|jpe?g|wav)$"
)


@check("data-versioned")
def versioned(files: Files, code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Run `dvc init`, `dvc add` the raw data and commit the .dvc file, so that each commit names the data it was made with."""
    seen: list[str] = []
    for path in files.match(r"\.dvc$"):
        body = files.document(path)
        outs = body.get("outs") if isinstance(body, dict) else None
        if any(
            isinstance(out, dict) and (out.get("md5") or out.get("etag") or out.get("hash")) for out in listed(outs)
        ):
            if not re.search(r"(^|/)models?/|\.(pkl|joblib|pt|onnx)\.dvc$", path):
                return met(path)
        seen.append(f"{path} names no content")
    for path in files.match(r"(^|/)dvc\.lock$"):
        body = files.document(path)
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
        *list(code.named(r"(^|\.)(load_as_version|load_with_datetime)$", "deltalake")),
        *[h for h in code.named(r"(^|\.)(option|options)$") if re.search(r"versionAsOf|timestampAsOf|snapshot-id|as-of-timestamp", _words(h.call))],
        *list(code.find(lambda call: bool({"VersionId", "snapshot_id", "version_id"} & call.keywords()))),
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
    for path in files.match(r"(pipeline|job|azureml)[^/]*(/[^/]*)*\.ya?ml$"):
        if match := re.search(r"path:[^,\n]*azureml:[\w.-]+:\d+", files.text(path)):
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
    no_data = re.search(r"(?m)^/?(data/?\*{0,2}|data/raw/?.*|\*\.csv|\*\.parquet)$", ignored)
    there = {
        path.rpartition("/")[2]: path
        for path in files.match(DATA_FILE)
        if not (is_test(path) or _NOT_TRAINING.search(path) or (no_data and "/" in path))
    }
    if not there:
        return ""
    for module in code.modules:
        for text, line, _ in module.strings if module.path in reached else ():
            name = text.rpartition("/")[2]
            if name in there and (text == name or text.endswith(there[name]) or there[name].endswith(text)):
                return module.where(line)
    for config in files.match(r"(^|/)[^./][^/]*\.(toml|ya?ml|json|ini|cfg)$|(^|/)Makefile$")[:500]:
        for name in re.findall(r"[\w.-]+\.\w+", files.text(config)):
            if name in there:
                return f"{config}:{line_of(files.text(config), name)}"
    return ""


_NOT_TRAINING = re.compile(r"sample|example|fixture|toy|dummy|predictions|output|result|eval|golden|prompt", re.I)
