"""Which version of the data a commit was made with."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.seen import Seen, first

_DATA_FILE = (
    r"\.(csv|tsv|parquet|feather|arrow|jsonl|ndjson|xlsx?|h5|hdf5|npy|npz|avro|orc|tfrecord|zip|tar|gz|png|jpe?g|wav)$"
)
_NOT_TRAINING = re.compile(r"sample|example|fixture|toy|dummy|predictions|output|result|eval|golden|prompt", re.I)
_PINNED = re.compile(
    r"lakefs://|FOR SYSTEM_(TIME|VERSION) AS OF|\bAT\s*\(\s*(TIMESTAMP|OFFSET|STATEMENT)|VERSION AS OF|TIMESTAMP AS OF",
    re.IGNORECASE,
)


def data_versions(files: Files, code: Code, graph: Graph, ml: Ml) -> Seen:
    """Where the repository names the content of its data: a pointer file, a call, a query, the data itself."""
    return first(_steps(files, code, graph, ml))


def _steps(files: Files, code: Code, graph: Graph, ml: Ml) -> Iterator[Seen]:
    yield from _dvc(files)
    yield _at(_large_file_storage(files))
    yield Seen(tuple(hit.where for hit in ml.live(_calls(code))))
    yield _at(_in_queries(code, graph))
    yield _at(_in_configuration(files))
    yield _at(_manifest(files, code))
    yield _at(_committed(files, code, ml))


def _at(place: str) -> Seen:
    return Seen((place,) if place else ())


def _dvc(files: Files) -> Iterator[Seen]:
    for path in files.match(r"\.dvc$"):
        body = files.document(path)
        outs = listed(body.get("outs") if isinstance(body, dict) else None)
        hashed = any(isinstance(out, dict) and (out.get("md5") or out.get("etag") or out.get("hash")) for out in outs)
        if hashed and not re.search(r"(^|/)models?/|\.(pkl|joblib|pt|onnx)\.dvc$", path):
            yield Seen((path,))
        yield Seen((), f"{path} names no content")
    for path in files.match(r"(^|/)dvc\.lock$"):
        body = files.document(path)
        if isinstance(body, dict) and re.search(r"\b(md5|hash|etag):", files.text(path)):
            yield Seen((path,))
    if files.match(r"(^|/)\.dvc/config$|(^|/)dvc\.yaml$"):
        yield Seen((), "DVC is set up, but no .dvc file or dvc.lock names any data")


def _calls(code: Code) -> list[Hit]:
    """Calls that read or write one version of the data."""
    return [
        *code.named(r"(^|\.)(use_artifact)$", "wandb"),
        *[h for h in code.named(r"(^|\.)Artifact$", "wandb") if "dataset" in _words(h) or "data" in str(h.call.value("type"))],
        *code.named(r"Dataset\.(create|get|get_or_create)$", "clearml"),
        *code.named(r".", "lakefs", "lakefs_client", "lakefs_sdk", "pachyderm_sdk", "python_pachyderm", "quilt3", "datalad", "oxen"),
        *[h for h in code.named(r"load_dataset$", "datasets") if "revision" in h.call.keywords()],
        *[h for h in code.named(r"(^|\.)(DeltaTable|read_delta|scan_delta|read_table|load_table|scan)$") if {"version", "snapshot_id", "as_of"} & h.call.keywords()],
        *code.named(r"(^|\.)(load_as_version|load_with_datetime)$", "deltalake"),
        *[h for h in code.named(r"(^|\.)(option|options)$") if re.search(r"versionAsOf|timestampAsOf|snapshot-id|as-of-timestamp", _words(h))],
        *code.find(lambda call: bool({"VersionId", "snapshot_id", "version_id"} & call.keywords())),
        *[h for h in code.named(r"(^|\.)(dvc\.api\.(read|open|get_url)|get_by_name|Data)$", "dvc", "azureml", "azure.ai.ml") if {"rev", "version"} & h.call.keywords()],
    ]  # fmt: skip


def _words(hit: Hit) -> str:
    return " ".join(hit.call.strings())


def _in_queries(code: Code, graph: Graph) -> str:
    for module in code.modules:
        for text, line, scope in module.strings:
            if _PINNED.search(text) and ("py", module.path, scope) in graph.alive:
                return module.where(line)
    return ""


def _in_configuration(files: Files) -> str:
    """Versions that a catalog, lakeFS, DataLad or Azure ML configuration names."""
    for path in files.match(r"(^|/)catalog[^/]*\.ya?ml$"):
        text = files.text(path)
        if match := re.search(r"^[ \t]+(versioned):[ \t]*true", text, re.MULTILINE | re.IGNORECASE):
            return Place.at(path, text, match.start(1))
    for path in files.match(r"(^|/)(\.lakectl\.ya?ml|\.lakefs_ref\.yaml|\.datalad/config)$"):
        return path
    for path in files.match(r"(pipeline|job|azureml).{0,1000}\.ya?ml$"):
        if match := re.search(r"path:[^,\n]{0,200}azureml:[\w.-]{1,100}:\d", files.text(path)):
            return Place.at(path, files.text(path), match.start())
    return ""


def _large_file_storage(files: Files) -> str:
    """A .gitattributes line that puts data into git-lfs, when some of that data is there."""
    for path in files.match(r"(^|/)\.gitattributes$"):
        text = files.text(path)
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if "filter=lfs" in line]
        for number, line in files.some(lines, 200, "lines of .gitattributes"):
            if line.lstrip().startswith("#"):
                continue
            above, _, tail = line.split()[0].lower().rpartition("/")
            folder = above.strip("*/")
            glob = "*/" + tail.replace("[", "[[]").replace("?", "[?]")
            paths = [path.lower() for path in files.paths if folder in path.lower()]
            hits = [path for path in paths if fnmatch.fnmatchcase(f"/{path}", glob)]
            hits = hits or [path for path in paths if folder and path.startswith(f"{folder}/")]
            if any(re.search(_DATA_FILE, hit, re.I) or re.search(r"(^|/)data(sets?)?/", hit) for hit in hits):
                return Place(path, number)
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
        for path in files.match(_DATA_FILE)
        if not (is_test(path) or _NOT_TRAINING.search(path) or (no_data and "/" in path)) and files.committed(path)
    }
    if not there:
        return ""
    for module in code.modules:
        for text, line, _ in module.strings if module.path in reached else ():
            name = text.rpartition("/")[2]
            if name in there and (text == name or text.endswith(there[name]) or there[name].endswith(text)):
                return module.where(line)
    configs = files.match(r"(^|/)[^./][^/]*\.(toml|ya?ml|json|ini|cfg)$|(^|/)Makefile$")
    for config in files.some(configs, 5_000, "configuration files"):
        for match in re.finditer(r"(?<![\w.-])[\w.-]+\.\w+", files.text(config)):
            if match[0] in there:
                return Place.at(config, files.text(config), match.start())
    return ""
