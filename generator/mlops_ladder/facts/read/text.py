"""Bytes into text and data, within bounds: a file that is too large, binary or malformed is simply not there."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

TEXT_LIMIT = 600_000
NOTEBOOK_LIMIT = 8_000_000
_NODES = 100_000
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[\w-]")


def decode(content: bytes | None) -> str | None:
    """Text of any encoding that editors write; nothing for binary content."""
    if content is None:
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:4096]:
        return None
    return content.decode("utf-8-sig", "replace")


def parse_json(text: str) -> Any:
    """The value of a JSON text, or nothing."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def parse_toml(text: str) -> dict[str, Any]:
    """The table of a TOML text, or an empty one."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def parse_yaml(text: str) -> list[Any]:
    """The documents of a YAML text; none when it is malformed.

    Unknown tags (`!Ref`, `!reference`, `!!python/...`) become their plain value: nothing is ever constructed.
    """
    import yaml

    loader_class = _loader()
    documents: list[Any] = []
    loader = loader_class(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if _ALIAS.search(text) and _size(node, {}) > _NODES:
                return []
            documents.append(loader.construct_document(node))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return []
    finally:
        loader.dispose()
    return [document for document in documents if document is not None]


def _size(node: Any, known: dict[int, int]) -> int:
    """How many nodes a document has once its aliases are followed; a cycle counts as too many."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = _NODES + 1
    total = 1
    for item in node.value if isinstance(node.value, list) else ():
        parts = item if isinstance(item, tuple) else (item,)
        total += sum(_size(part, known) for part in parts)
        if total > _NODES:
            return total
    known[id(node)] = total
    return total


_cached_loader: Any = None


def _loader() -> Any:
    global _cached_loader
    if _cached_loader is None:
        import yaml

        base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

        class Plain(base):  # type: ignore[misc]
            """The safe loader, which takes any tag for its plain value."""

        def plain(loader: Any, _: str, node: Any) -> Any:
            if isinstance(node, yaml.ScalarNode):
                return loader.construct_scalar(node)
            if isinstance(node, yaml.SequenceNode):
                return loader.construct_sequence(node, deep=True)
            return loader.construct_mapping(node, deep=True)

        Plain.add_multi_constructor("", plain)
        _cached_loader = Plain
    return _cached_loader


def listed(value: Any) -> list[Any]:
    """A list of a configuration, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def line_of(text: str, needle: str | re.Pattern[str], default: int = 1) -> int:
    """The line (from 1) of the first hit of a word or pattern."""
    at = text.find(needle) if isinstance(needle, str) else (m.start() if (m := needle.search(text)) else -1)
    return text.count("\n", 0, at) + 1 if at >= 0 else default


def walk(value: Any, limit: int = 50_000) -> list[tuple[str, Any]]:
    """Every (key, value) pair at any depth of parsed data, breadth first."""
    pairs: list[tuple[str, Any]] = []
    queue: list[Any] = [value]
    for item in queue:
        if len(queue) > limit:
            break
        if isinstance(item, dict):
            pairs += [(str(key), inner) for key, inner in item.items()]
            queue += [inner for inner in item.values() if isinstance(inner, (dict, list))]
        elif isinstance(item, list):
            queue += [inner for inner in item if isinstance(inner, (dict, list))]
    return pairs
