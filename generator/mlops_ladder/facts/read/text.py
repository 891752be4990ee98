"""Bytes into text and data, within bounds: a file that is too large, binary or malformed is simply not there."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from mlops_ladder.facts.read.short import tamed

TEXT_LIMIT = 600_000
NOTEBOOK_LIMIT = 8_000_000

# A key of so many parts is nobody's, and the standard library takes a time that grows with their square.
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){50}""")


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
    return tamed(plain_json(text))


def plain_json(text: str) -> Any:
    """The same as it stands there, however long its texts are and however deep it is nested."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def parse_toml(text: str) -> dict[str, Any]:
    """The table of a TOML text, or an empty one."""
    try:
        table = {} if _LONG_KEY.search(text) else tamed(tomllib.loads(text))
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def listed(value: Any) -> list[Any]:
    """A list of a configuration, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def walk(value: Any) -> list[tuple[str, Any]]:
    """Every (key, value) pair at any depth of parsed data, breadth first."""
    pairs: list[tuple[str, Any]] = []
    queue: list[Any] = [value]
    for item in queue:
        if isinstance(item, dict):
            pairs += [(key if isinstance(key, str) else str(key), inner) for key, inner in item.items()]
            queue += [inner for inner in item.values() if isinstance(inner, (dict, list))]
        elif isinstance(item, list):
            queue += [inner for inner in item if isinstance(inner, (dict, list))]
    return pairs


def blocks(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where each part from an opening to the next closing begins and ends; one that is not closed is none."""
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        end += len(closing)
        yield start, end
        start = text.find(opening, end)


def quoted(text: str, before: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Strings in quotes as Python and Groovy write them, and where each begins; `before` ends with the quote, as a group.

    Three quotes hold lines, one quote holds a part of a line.
    """
    unclosed: set[str] = set()
    match = before.search(text)
    while match:
        quote = match[match.re.groups]
        stop = len(text) if len(quote) == 3 else text.find("\n", match.end())
        end = -1 if quote in unclosed else text.find(quote, match.end(), None if stop < 0 else stop)
        if end >= 0:
            yield match.end(), text[match.end() : end]
        elif len(quote) == 3:
            unclosed.add(quote)
        match = before.search(text, max(end, match.end()))
