"""Where something was seen."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import lru_cache


class Place(str):
    """`path:line`, as reports show it; a string that still knows its parts."""

    __slots__ = ("line", "path")
    path: str
    line: int

    def __new__(cls, path: str, line: int = 1) -> Place:
        """The place at a line, counted from 1."""
        place = super().__new__(cls, f"{path}:{line}")
        place.path = path
        place.line = line
        return place

    @classmethod
    def at(cls, path: str, text: str, position: int) -> Place:
        """The place of a position in the text of a file, such as the start of a match."""
        return cls(path, line_number(text, position))


def line_number(text: str, position: int) -> int:
    """The line, counted from 1, of a position in a text."""
    return bisect_left(_line_ends(text), position) + 1


@lru_cache(maxsize=4)
def _line_ends(text: str) -> array[int]:
    """Kept, since a text is asked about many of its positions one after another."""
    return array("L", (match.start() for match in re.finditer("\n", text)))
