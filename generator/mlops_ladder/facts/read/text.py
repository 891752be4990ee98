"""Bytes into text and data, within bounds: a file that is too large, binary or malformed is simply not there."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from mlops_ladder.facts.read.short import DEEP, Tell, silent, tamed

TEXT_LIMIT = 600_000
NOTEBOOK_LIMIT = 8_000_000
INI_LIMIT = 50_000
"""Characters of a file of sections: several times what a long one has."""

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


def parse_json(text: str, tell: Tell = silent) -> Any:
    """The value of a JSON text, or nothing."""
    return tamed(plain_json(text, tell), tell)


def plain_json(text: str, tell: Tell = silent) -> Any:
    """The same as it stands there, however long its texts are and however deep it is nested."""
    try:
        return json.loads(text)
    except ValueError:
        return None
    except RecursionError:
        tell(DEEP)
        return None


def parse_toml(text: str, tell: Tell = silent) -> dict[str, Any]:
    """The table of a TOML text, or an empty one."""
    try:
        table = None if _LONG_KEY.search(text) else tamed(tomllib.loads(text), tell)
    except ValueError:
        return {}
    except RecursionError:
        tell(DEEP)
        return {}
    return table if isinstance(table, dict) else {}


def parse_ini(text: str, tell: Tell = silent) -> configparser.RawConfigParser:
    """The sections of a tox.ini or a setup.cfg; none where it is malformed or too long."""
    parser = configparser.RawConfigParser(strict=False)
    if len(text) > INI_LIMIT:  # of malformed lines, the standard library takes a time that grows with their square
        tell(f"has more than {INI_LIMIT:,} characters")
        return parser
    try:
        parser.read_string(text)
    except configparser.Error:
        return configparser.RawConfigParser()
    return parser


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
