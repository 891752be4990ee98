"""All code of a repository: which module a name means, and which calls there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from mlops_ladder.facts.code.model import Call, Module
from mlops_ladder.facts.code.notebooks import notebook_source
from mlops_ladder.facts.code.other_languages import parse_foreign
from mlops_ladder.facts.code.parse import parse_module
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.read.python import TOKENS, too_dense
from mlops_ladder.facts.read.short import shortened

NODES = 400_000
"""Nodes of syntax trees that are kept, half a gigabyte at worst; what is most likely to matter comes first."""
MANY = 400
"""Files of code from which on those that name no library of the field come last."""
LARGE = 5_000
"""Files from which on a repository is large: then a fifth of those nodes has to do."""

_LIKELY = re.compile(
    r"train|fit|model|predict|serv|app|pipeline|flow|dag|monitor|drift|deploy|eval|score|prompt|llm|agent|data|"
    r"valid|regist|promot|gate|track|main|cli|job|run|feature", re.IGNORECASE,
)  # fmt: skip
_TELLING = re.compile(
    r"sklearn|torch|tensorflow|keras|xgboost|lightgbm|catboost|mlflow|wandb|airflow|prefect|dagster|kfp|zenml|openai|"
    r"anthropic|langchain|fastapi|evidently|pandera|great_expectations|\bray\b|sagemaker|aiplatform|pandas|numpy"
)


@dataclass(frozen=True)
class Hit:
    """A call and the module it is in."""

    module: Module
    call: Call

    @property
    def where(self) -> str:
        """Evidence."""
        return self.module.where(self.call.line)

    @property
    def node(self) -> tuple[str, str, str]:
        """Its place in the graph."""
        return ("py", self.module.path, self.call.scope)


class Code:
    """The modules of a repository, tests apart."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._split: dict[tuple[str, str], tuple[str, list[str]] | None] = {}

    @cached_property
    def paths(self) -> list[str]:
        """Every file of code, the likeliest to matter first."""
        found = [path for path in self._files.paths if path.endswith((".py", ".ipynb", ".R", ".r", ".jl", ".scala"))]
        return sorted(found, key=lambda path: (not _LIKELY.search(path), path.count("/"), path))

    @cached_property
    def all(self) -> dict[str, Module]:
        """Every module that could be parsed within the budget."""
        parsed: dict[str, Module] = {}
        room = NODES if len(self._files.paths) < LARGE else NODES // 5
        paths = self.paths
        if len(paths) > MANY:
            paths = sorted(paths, key=lambda path: not _TELLING.search(self._files.text(path)))
        for path in paths:
            if room <= 0:
                self._files.unseen["code"] = f"is parsed up to {NODES:,} expressions and statements of a repository"
                break
            module = _parse(path, self._files)
            if module:
                parsed[path] = module
                room -= module.size
        return parsed

    @cached_property
    def modules(self) -> list[Module]:
        """The modules that are not tests."""
        return [module for path, module in self.all.items() if not is_test(path)]

    @cached_property
    def tests(self) -> list[Module]:
        """The modules of the tests."""
        return [module for path, module in self.all.items() if is_test(path)]

    @cached_property
    def index(self) -> dict[str, list[str]]:
        """Every dotted name that a file may be imported by -> the files."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            if not path.endswith(".py"):
                continue
            parts = path.removesuffix(".py").split("/")
            if parts[-1] == "__init__":
                parts.pop()
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), []).append(path)
        return found

    def file_of(self, name: str, near: str = "") -> str | None:
        """The file that a dotted module name means, preferring one near the importing file."""
        paths = self.index.get(name)
        if not paths:
            return None
        return max(paths, key=lambda path: (_shared(path, near), -path.count("/")))

    def split(self, name: str, near: str = "") -> tuple[str, list[str]] | None:
        """A dotted name as (file, names inside it); nothing when it is not the repository's own."""
        key = (name, near.rpartition("/")[0])
        if key not in self._split:
            parts = [part.rstrip("()[]") for part in name.split(".")]
            self._split[key] = None
            for end in range(len(parts), 0, -1) if parts[0] in self._tops else ():
                path = self.file_of(".".join(parts[:end]), near)
                if path:
                    self._split[key] = (path, parts[end:])
                    break
        return self._split[key]

    @cached_property
    def _tops(self) -> frozenset[str]:
        """Every name that an import of the repository's own code may begin with."""
        return frozenset(name.partition(".")[0] for name in self.index)

    def find(self, wanted: Callable[[Call], bool], modules: Iterable[Module] | None = None) -> list[Hit]:
        """Every call that a test accepts."""
        among = self.modules if modules is None else modules
        return [Hit(module, call) for module in among for call in module.calls if wanted(call)]

    @cached_property
    def by_last(self) -> dict[str, list[Hit]]:
        """Every call by the last part of its name."""
        found: dict[str, list[Hit]] = {}
        for hit in self.find(lambda _: True):
            found.setdefault(hit.call.last, []).append(hit)
        return found

    def named(self, pattern: str, *libraries: str, modules: Iterable[Module] | None = None) -> list[Hit]:
        """Every call whose dotted name matches; with libraries, only in modules that import one of them."""
        matches = re.compile(pattern).search
        anywhere = re.compile(pattern, re.MULTILINE).search
        among = self.modules if modules is None else modules
        return [
            Hit(module, call)
            for module in among
            if (not libraries or module.uses(*libraries)) and anywhere(module.called)
            for call in module.calls
            if matches(call.name)
        ]

    def uses(self, *libraries: str) -> list[Module]:
        """The modules that import one of these packages."""
        return [module for module in self.modules if module.uses(*libraries)]


def _shared(path: str, near: str) -> int:
    count = 0
    for one, other in zip(path.split("/"), near.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count


def _parse(path: str, files: Files) -> Module | None:
    text, lines = files.whole(path), None
    if path.endswith(".ipynb"):
        text, lines = notebook_source(text, files.tell(path)) or ("", None)
    if too_dense(text):
        files.unseen[path] = f"has more than {TOKENS:,} words and signs"
        return None
    if path.endswith((".py", ".ipynb")):
        return parse_module(path, text, lines, files.tell(path)) if text or lines else None
    return parse_foreign(path, shortened(text)[0])
