"""YAML into plain data that still knows its lines.

Mappings, sequences and strings are those of Python, each with the line (from 1) on which it stands; keys are
strings too, so a key knows its line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from mlops_ladder.facts.read.short import DEEP, Tell, silent, tamed

_NODES = 100_000
_GROWTH = 2
"""Nodes that aliases may make of each character of a text, beside the first thousand."""
_MANY = "has aliases that make too much of it to be read"
_NUMBER = 16
"""Characters up to which a scalar is read as a number or a time: longer ones are text, whatever they look like."""
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[\w-]")


class Map(dict[Any, Any]):
    """A mapping and its line."""

    __slots__ = ("line",)
    line: int


class Seq(list[Any]):
    """A sequence and its line."""

    __slots__ = ("line",)
    line: int


class Text(str):
    """A string and the line on which its content starts; `literal` says that its lines are those of the file."""

    __slots__ = ("line", "literal")
    line: int
    literal: bool


class Script(NamedTuple):
    """Shell text, and for each of its lines the line of the file."""

    text: str
    lines: tuple[int, ...]

    @property
    def line(self) -> int:
        """The line of the first command."""
        return next((at for at, line in zip(self.lines, self.text.split("\n"), strict=True) if line.strip()), 0)


def parse_yaml(text: str, tell: Tell = silent) -> list[Any]:
    """The documents of a YAML text; none when it is malformed, or, which is told, beyond our bounds.

    Unknown tags (`!Ref`, `!reference`, `!!python/...`) become their plain value: nothing is ever constructed.
    """
    import yaml

    documents: list[Any] = []
    room = min(_NODES, 1_000 + _GROWTH * len(text)) if _ALIAS.search(text) else None
    loader = _loader()(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if room is not None and (room := room - _size(node, {})) < 0:
                tell(_MANY)
                return []
            documents.append(tamed(loader.construct_document(node), tell))
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError):
        return []
    except RecursionError:
        tell(DEEP)
        return []
    finally:
        loader.dispose()
    return [document for document in documents if document is not None]


def line_of_value(value: Any, default: int = 1) -> int:
    """The line of a value or key; `default` where it is a number or nothing."""
    return getattr(value, "line", 0) or default


def line_of_key(table: Any, name: Any, default: int = 1) -> int:
    """The line of a key of a mapping."""
    keys = table if isinstance(table, dict) else ()
    return next((line_of_value(key, default) for key in keys if key == name), default)


def script(*values: Any) -> Script:
    """Shell text from strings, and from lists of strings at any depth."""
    texts: list[str] = []
    lines: list[int] = []
    stack = list(reversed(values))
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += reversed(value)
        elif isinstance(value, str):
            texts.append(value)
            start, step = line_of_value(value, 0), int(getattr(value, "literal", False))
            lines += [start + step * number for number in range(value.count("\n") + 1)]
    return Script("\n".join(texts), tuple(lines) or (0,))


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


@cache
def _loader() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Marked(base):  # type: ignore[misc]
        """The safe loader with lines, which takes any tag for its plain value."""

    def string(loader: Any, node: Any) -> Any:
        value = loader.construct_scalar(node)
        if not isinstance(value, str):
            return value
        text = Text(value)
        text.line = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        text.literal = node.style == "|"
        return text

    def number(loader: Any, node: Any) -> Any:
        if not isinstance(node, yaml.ScalarNode) or len(node.value) > _NUMBER:
            return plain(loader, "", node)
        return base.yaml_constructors[node.tag](loader, node)

    def mapping(loader: Any, node: Any) -> Any:
        data = Map()
        data.line = node.start_mark.line + 1
        yield data
        data.update(loader.construct_mapping(node))

    def sequence(loader: Any, node: Any) -> Any:
        data = Seq()
        data.line = node.start_mark.line + 1
        yield data
        data.extend(loader.construct_sequence(node))

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return string(loader, node)
        return (sequence if isinstance(node, yaml.SequenceNode) else mapping)(loader, node)

    Marked.add_constructor("tag:yaml.org,2002:str", string)
    Marked.add_constructor("tag:yaml.org,2002:map", mapping)
    Marked.add_constructor("tag:yaml.org,2002:seq", sequence)
    for kind in ("int", "float", "timestamp"):
        Marked.add_constructor(f"tag:yaml.org,2002:{kind}", number)
    Marked.add_multi_constructor("", plain)
    return Marked
