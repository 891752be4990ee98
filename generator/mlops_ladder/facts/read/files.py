"""The files of a repository: listed once, read on demand, within a budget."""

from __future__ import annotations

import re
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from mlops_ladder.facts.read.short import Tell, shortened, silent
from mlops_ladder.facts.read.text import NOTEBOOK_LIMIT, TEXT_LIMIT, decode, parse_json, parse_toml
from mlops_ladder.facts.read.yaml import parse_yaml
from mlops_ladder.facts.source.disk import Source

READ_BUDGET = 40_000_000
"""Characters of text that are looked at; what is read for a parser, or shortened, costs a quarter."""
CONFIGURATION = 10_000
"""Files of configuration that are searched for names."""
PARSE_BUDGET = 3_000_000
"""Characters of YAML, and of TOML, that are parsed: both take a second a megabyte."""
SPENT = f"is read up to {READ_BUDGET:,} characters of a repository"

# Code, configuration and documents: what else is asked for (data in JSON, say) is no evidence when it is large or binary.
_EVIDENCE = re.compile(
    r"\.(py|ipynb|r|jl|scala|sh|bash|ya?ml|toml|cfg|ini|env|in|md|markdown|rst|adoc|qmd|tf|tfvars|hcl|mk|dvc|smk|sbt|j2|tpl|"
    r"tmpl|prompt)$|(^|/)(\.?justfile|(GNU)?makefile|Snakefile|Dockerfile|Containerfile|Jenkinsfile|MLproject|Pipfile)$",
    re.IGNORECASE,
)
_POINTER = "version https://git-lfs.github.com/"
_LOCK = re.compile(r"lock[^/]{0,20}\.ya?ml$")
_TESTS = re.compile(r"(^|/)(tests?|testing|e2e)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
_SET_ASIDE = re.compile(
    r"(^|/)(archived?|legacy|deprecated|attic|backups?|vendor|third[_-]party|node_modules|dist|build/lib)(/|$)",
    re.I,
)

T = TypeVar("T")


class Files:
    """Paths and contents.

    `unseen` is what was not looked at though it was asked for, and why: path, or "." for the repository, or the name of
    a kind ("YAML") -> the rest of a sentence that begins with it.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.base = source.base
        self.unseen: dict[str, str] = {".": source.partial} if source.partial else {}
        self._texts: dict[str, str] = {}
        self._shortened: set[str] = set()
        self._yaml: dict[str, list[Any]] = {}
        self._toml: dict[str, dict[str, Any]] = {}
        self.memo: dict[tuple[str, str], str] = {}  # what others have worked out about a file, by what it is about
        self._matches: dict[str, list[str]] = {}
        self._budget = READ_BUDGET
        self._rooms = {"YAML": PARSE_BUDGET, "TOML": PARSE_BUDGET}

    @cached_property
    def paths(self) -> list[str]:
        """Every path that belongs to the project, what was set aside (archives, vendored code) left out."""
        return [path for path in self.source.paths() if not _SET_ASIDE.search(path)]

    @cached_property
    def set(self) -> frozenset[str]:
        """The same, to look up."""
        return frozenset(self.paths)

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The paths by the name of the file."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file."""
        found: set[str] = {""}
        for path in self.paths:
            parent = path.rpartition("/")[0]
            while parent and parent not in found:
                found.add(parent)
                parent = parent.rpartition("/")[0]
        return frozenset(found)

    @property
    def in_git(self) -> bool:
        """Whether there is a git that tells what is committed."""
        return self.source.held is not None

    def committed(self, path: str) -> bool:
        """Whether git holds the content of a file: it is tracked, and not as a pointer of LFS.

        Where there is no git, what no rule ignores counts. Of content that was not seen nothing is claimed.
        """
        held = self.source.held
        if path not in self.set or (held is not None and path not in held) or path in self.source.absent:
            return False
        return not (self.source.read(path, 1024) or b"").startswith(b"version https://git-lfs")

    def match(self, pattern: str) -> list[str]:
        """The paths in which a regular expression is found; case is ignored."""
        if pattern not in self._matches:
            found = re.compile(pattern, re.IGNORECASE).search
            endings = _endings(pattern)
            among = self.paths if endings is None else [p for e in endings for p in self._by_ending.get(e, ())]
            self._matches[pattern] = sorted(path for path in among if found(path))
        return list(self._matches[pattern])

    @cached_property
    def _by_ending(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(path.rpartition(".")[2].lower(), []).append(path)
        return found

    def text(self, path: str) -> str:
        """The text of a file as patterns get it (see `short`); empty when it is missing, binary or too large."""
        if path not in self._texts:
            self.whole(path)
        return self._texts[path]

    def whole(self, path: str) -> str:
        """The text of a file as parsers get it; where that is another one, it is read anew each time."""
        if path in self._texts and path not in self._shortened:
            return self._texts[path]
        whole, lacks = self._read(path)
        if lacks == SPENT:  # also of what was read before, and is wanted whole now
            self.unseen["text"], lacks = SPENT, ""
        if path not in self._texts:
            text, cut = shortened(whole)
            self._texts[path] = text
            self._budget -= len(text) + len(whole) // 4
            if text != whole:
                self._shortened.add(path)
            if (lacks or (cut and not path.endswith(".ipynb"))) and _EVIDENCE.search(path) and not _LOCK.search(path):
                self.unseen[path] = lacks or cut
        return whole

    def _read(self, path: str) -> tuple[str, str]:
        """The text of a file, or why there is none."""
        if path not in self.set:
            return "", ""
        if self._budget <= 0:
            return "", SPENT
        if path in self.source.absent:
            return "", "has no content in this clone"
        limit = NOTEBOOK_LIMIT if path.endswith(".ipynb") else TEXT_LIMIT
        content = self.source.read(path, limit)
        if content is None:
            return "", f"is larger than {limit:,} bytes or cannot be read"
        text = decode(content)
        if text is not None and text.startswith(_POINTER):
            return "", "is a pointer of Git LFS here, without its content"
        return (text, "") if text is not None else ("", "is not text")

    def tell(self, path: str) -> Tell:
        """Takes note of why a file, where it is evidence, was not looked at whole."""
        return partial(self.unseen.setdefault, path) if _EVIDENCE.search(path) else silent

    def some(self, things: list[T], limit: int, kind: str) -> list[T]:
        """The first things of a kind, of which no more are looked at."""
        if len(things) > limit:
            self.unseen[kind] = f"are looked at up to the first {limit:,}"
        return things[:limit]

    def configuration(self, pattern: str) -> list[str]:
        """Files of configuration by a pattern of their paths; those of a kind that is as often data come last."""
        found = self.match(pattern)
        telling = [path for path in found if _EVIDENCE.search(path)]
        kept = self.some(telling, CONFIGURATION, "configuration files")
        return [*kept, *(path for path in found if not _EVIDENCE.search(path))][:CONFIGURATION]

    def yaml(self, path: str) -> list[Any]:
        """The YAML documents of a file."""
        if path not in self._yaml:
            self._yaml[path] = self.documents(self.whole(path), self.tell(path))
        return self._yaml[path]

    def documents(self, text: str, tell: Tell) -> list[Any]:
        """The YAML documents of a text; `tell` hears of what is cut."""
        return parse_yaml(text, tell) if self._has_room(text, "YAML") else []

    def _has_room(self, text: str, kind: str) -> bool:
        """Whether a text of a slow format may still be parsed."""
        if len(text) > self._rooms[kind]:
            self.unseen[kind] = f"is parsed up to {PARSE_BUDGET:,} characters of a repository"
            return False
        self._rooms[kind] -= len(text)
        return True

    def document(self, path: str) -> Any:
        """The first YAML document of a file, or nothing."""
        documents = self.yaml(path)
        return documents[0] if documents else None

    def toml(self, path: str) -> dict[str, Any]:
        """The TOML table of a file."""
        if path not in self._toml:
            text = self.whole(path)
            self._toml[path] = parse_toml(text, self.tell(path)) if self._has_room(text, "TOML") else {}
        return self._toml[path]

    def json(self, path: str) -> Any:
        """The JSON value of a file."""
        return parse_json(self.whole(path), self.tell(path))

    def data(self, path: str) -> Any:
        """A configuration file of any format, or nothing."""
        if path.endswith((".yaml", ".yml")):
            return self.document(path)
        if path.endswith(".toml"):
            return self.toml(path)
        return self.json(path) if path.endswith(".json") else None


@cache
def _endings(pattern: str) -> tuple[str, ...] | None:
    """The endings that a pattern of paths is limited to, so that a large repository is not searched as a whole."""
    match = re.search(r"\\\.(?:\(([a-z0-9|?]+)\)|([a-z0-9?]+))\$$", pattern)
    if not match or "|" in re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", pattern)):
        return None
    endings: list[str] = []
    for ending in (match[1] or match[2]).split("|"):
        endings += {re.sub(r".\?", "", ending), ending.replace("?", "")}
    return tuple(endings)


def is_test(path: str) -> bool:
    """Whether a path belongs to the tests."""
    return bool(_TESTS.search(path))
