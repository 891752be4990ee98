"""Where the table is in a text: what separates its cells, and at which line it begins."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
CELL_LIMIT = 10_000_000  # characters; a longer cell is a quote that was never closed
LINES = 2_000  # looked at
ABOVE = 50  # records that may stand above a table
SHARE = 0.9  # of the records, that have the width of the table


class Row(NamedTuple):
    """A record that is not blank, and the line on which it begins."""

    line: int
    cells: list[str]


def separator_of(found: Mapping[str, list[Row]]) -> str:
    """The separator that cuts the records into the same number of cells; the widest of equals; empty if none cuts."""
    best = max(found, key=lambda separator: agreement(found[separator]))
    return best if agreement(found[best]) > (0.0, 0) else ""


def rows(text: str, separator: str, *, cut: bool) -> list[Row]:
    """The records of a text; none where a quote is wrong. `cut` says that it may end in the middle of one."""
    found, start = [], 1
    lines = text.splitlines(keepends=True)
    cut = cut or len(lines) > LINES
    with long_cells():
        reader = csv.reader(lines[:LINES], delimiter=separator)
        try:
            for cells in reader:
                if not blank(cells):
                    found.append(Row(start, cells))
                start = reader.line_num + 1
        except csv.Error:
            return []
    return found[:-1] if cut and len(found) > 1 else found


def agreement(found: list[Row]) -> tuple[float, int]:
    """The share of records with as many cells as the first has, and how many these are."""
    widths = [len(row.cells) for row in found]
    if not widths or widths[0] == 1:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def beginning(found: list[Row]) -> Row | None:
    """The header of a table that begins below other lines: titles, notes, blank cells; nothing where it is the first.

    Above a table stands what has other cells than it, or leaves most of them empty.
    """
    width, _ = Counter(len(row.cells) for row in found).most_common(1)[0] if found else (0, 0)
    if width < 2:
        return None
    full = [number for number, row in enumerate(found[: ABOVE + 1]) if len(row.cells) == width and _filled(row)]
    if not full or full[0] == 0 or len(found) - full[0] < 3:
        return None
    first, below = found[0], found[full[0] :]
    if sum(len(row.cells) == width for row in below) < SHARE * len(below):
        return None
    few = sum(bool(cell.strip()) for cell in first.cells) <= width / 2
    return below[0] if few or (full[0] > 1 and len(first.cells) != width) else None


def one_more(found: list[Row]) -> str:
    """What each record but the first has one more of: an empty cell at the `end`, or a `name` before it."""
    wanted = len(found[0].cells) + 1 if found else 0
    if len(found) < 3 or wanted < 3 or any(len(row.cells) != wanted for row in found[1:]):
        return ""
    return "name" if any(row.cells[-1].strip() for row in found[1:]) else "end"


def by_blanks(text: str) -> bool:
    """Whether the lines of a text are cut into as many words each, so that blanks seem to be its separators."""
    lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n") and line.strip()]
    widths = {len(line.split()) for line in lines}
    return len(lines) > 2 and len(widths) == 1 and widths != {1}


def blank(cells: list[str]) -> bool:
    """Whether a record is a blank line."""
    return not cells or (len(cells) == 1 and not cells[0].strip())


@contextmanager
def long_cells() -> Iterator[None]:
    """Within, a cell may be longer than Python expects."""
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _filled(row: Row) -> bool:
    return all(cell.strip() for cell in row.cells[1:])
