"""Text as patterns get it: no word, line or gap in it is so long that searching takes more than the length's time.

What is shortened keeps its line numbers, and no line of a program, a configuration or a document written by people is
that long: what goes is a picture in base64, minified code, or a trap.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

WORD = 500
"""Characters of a run without blanks that are kept."""
GAP = 200
"""Blanks in a row that are kept."""
LINE = 20_000
"""Characters of a line that are kept after that."""
EMPTY_LINES = 1_000
"""Empty lines in a row after which a text ends."""
DEPTH = 100
"""How deep data may be nested."""
NUMBER = 2**64
"""The largest whole number: of a longer one Python does not write the digits."""

Tell = Callable[[str], object]
"""Hears why something was left out: the rest of a sentence about the file."""
DEEP = "is nested too deep to be read"

_LONG_WORD = re.compile(rf"(\S{{{WORD}}})\S+")
_LONG_GAP = re.compile(rf"([^\S\n]{{{GAP}}})[^\S\n]+")
S = TypeVar("S", bound=str)


def shortened(text: S) -> tuple[S, str]:
    """The text within these bounds, and what was cut off it: the rest of a sentence about the file, if something was."""
    lines = text.split("\n")
    if len(text) <= GAP or (len(lines) <= EMPTY_LINES and max(map(len, lines)) <= GAP):
        return text, ""
    cut = ""
    end = _end(lines)
    if end < len(lines):
        cut = f"has more than {EMPTY_LINES:,} empty lines in a row, and is not read beyond them"
        lines = lines[:end]
    for number, line in enumerate(lines):
        if len(line) > GAP:
            lines[number] = kept = _line(line)
            if len(kept) > LINE:
                cut = f"has a line of more than {LINE:,} characters, and it is not read beyond them"
                lines[number] = kept[:LINE]
    short = "\n".join(lines)
    return (text, "") if short == text else (_alike(short, text), cut)


def silent(_: str) -> None:
    """Nobody asks why."""


def tamed(value: Any, tell: Tell = silent) -> Any:
    """Parsed data with its texts shortened and its numbers bounded; nothing where it is nested too deep."""
    whole = [value]
    level: list[Any] = [whole]
    for _ in range(DEPTH):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                for key in [key for key in item if isinstance(key, str) and len(key) > GAP]:
                    item[shortened(key)[0]] = item.pop(key)
            for place, inner in item.items() if isinstance(item, dict) else enumerate(item):
                if isinstance(inner, (dict, list)):
                    below.append(inner)
                elif isinstance(inner, str) and len(inner) > GAP:
                    item[place] = shortened(inner)[0]
                elif isinstance(inner, int) and abs(inner) > NUMBER:
                    item[place] = NUMBER
        if not below:
            return whole[0]
        level = below
    tell(DEEP)
    return None


def _line(line: str) -> str:
    return _LONG_GAP.sub(r"\1", _LONG_WORD.sub(r"\1", line))


def _end(lines: list[str]) -> int:
    """How many lines there are until too many in a row are empty."""
    empty = bytes(not line or line.isspace() for line in lines)
    start = empty.find(b"\1" * (EMPTY_LINES + 1)) if len(lines) > EMPTY_LINES else -1
    return len(lines) if start < 0 else start + EMPTY_LINES


def _alike(short: str, text: S) -> S:
    """A shorter text of the same kind, which knows its line where the other did."""
    copy = type(text)(short)
    for name in ("line", "literal"):
        if hasattr(text, name):
            setattr(copy, name, getattr(text, name))
    return copy
