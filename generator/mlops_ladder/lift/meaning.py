"""What files say, as sets of facts, so that a merge of their lines can be held against the changes of both sides."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from mlops_ladder.facts.read.python import parse_python
from mlops_ladder.facts.read.yaml import parse_yaml

Facts = frozenset[tuple[str, ...]]


def holds(kind: str, base: str, ours: str, theirs: str, result: str, *, words: bool = False) -> bool:
    """Whether a merged text says what ours says, with what theirs says anew and without what theirs says no more.

    With `words`, lines in which words of both sides met are held word by word.
    """
    reader = _READERS.get(f"{kind} in words" if words else kind)
    if reader is None:
        return True  # prose says what its lines say
    before, mine, new, found = (reader(text) for text in (base, ours, theirs, result))
    if before is None or mine is None or new is None:
        return False
    return found == (mine | (new - before)) - (before - new)


def _targets(text: str) -> Facts:
    """The lines of a Makefile, each with the target that it belongs to."""
    found = set()
    target = ""
    for line in text.splitlines():
        if line.startswith("\t"):
            found.add((target, line))
        elif line.strip():
            target = target if line.startswith("#") else line.partition(":")[0]
            found.add(("", line))
    return frozenset(found)


def _words(text: str) -> Facts:
    return frozenset((target, word) for target, line in _targets(text) for word in line.split())


def _statements(text: str) -> Facts | None:
    """The statements of a module and of its classes, in no order; what is inside of a function is one with it."""
    tree = parse_python(text)
    if tree is None:
        return None
    found = set()
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        name = node.name if isinstance(node, ast.ClassDef) else ""
        found |= {(name, ast.dump(one)) for one in inner}
    return frozenset(found)


def _yaml(text: str) -> Facts | None:
    documents = parse_yaml(text)
    return frozenset(_leaves(documents, ())) if documents else None


def _toml(text: str) -> Facts | None:
    try:
        return frozenset(_leaves(tomllib.loads(text), ()))
    except tomllib.TOMLDecodeError:
        return None


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every scalar with the keys above it. What a list holds is in no order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, str(key))
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*path, "[]"))
    else:
        yield (*path, repr(value))


def _patterns(text: str) -> Facts:
    return frozenset((line,) for line in text.splitlines() if line.strip() and not line.startswith("#"))


_READERS: dict[str, Callable[[str], Facts | None]] = {
    "lines": _patterns,
    "make": _targets,
    "make in words": _words,
    "python": _statements,
    "toml": _toml,
    "yaml": _yaml,
}
