"""CSV as the generated project reads it with pandas: its separator, its header, its records."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlops_ladder.intake import errors
from mlops_ladder.intake.plain import plain_records
from mlops_ladder.progress import Say

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
CELL_LIMIT = 10_000_000  # characters; a longer cell is a quote that was never closed
RECORD_LIMIT = 1 << 24  # characters; no table has a longer one, and it is held in memory as a whole
HEAD = 1 << 18  # bytes looked at to find the separator


@dataclass(frozen=True)
class CsvShape:
    """What one pass over a CSV file tells.

    `longest` is the longest record in characters, 0 where it was not looked for. `plain` says that every CSV reader
    agrees on the file: one kind of line end, no blank lines before the end, no blanks around quotes.
    """

    separator: str
    names: tuple[str, ...]
    rows: int
    longest: int
    plain: bool


class Record(NamedTuple):
    """One record: its first and last line, its text as it stands in the file, its cells."""

    line: int
    end: int
    raw: str
    cells: list[str]


def glance(path: Path, say: Say) -> CsvShape:
    """The shape of a CSV file; one that is plain to see is not read cell by cell.

    Raises:
        LadderError: as `scan`.
    """
    separator, names = header(path)
    records = plain_records(path, separator, len(names), say)
    if records < 2:
        return scan(path, say)
    return CsvShape(separator, tuple(names), records - 1, 0, plain=True)


def scan(path: Path, say: Say) -> CsvShape:
    """Read a CSV file once, from end to end.

    Raises:
        LadderError: naming the line, for anything that pandas would refuse or silently read askew.
    """
    separator, names = header(path)
    cut = re.escape(separator)
    blanks_at_quotes = re.compile(rf'(?:^|{cut})[ \t]+"|"[ \t]+(?:$|{cut})', re.MULTILINE)
    size = path.stat().st_size
    rows = longest = done = end = 0
    line_ends: set[str] = set()
    plain = True
    for record in records(path, separator):
        if len(record.cells) != len(names):
            ends_in_separator = len(record.cells) == len(names) + 1 and not record.cells[-1].strip()
            raise errors.ragged(
                path, record.line, len(record.cells), len(names), SEPARATORS[separator], ends_in_separator
            )
        raw = record.raw
        plain = plain and record.line == end + 1 and not ('"' in raw and blanks_at_quotes.search(raw))
        end = record.end
        # Line ends inside quotes do not count: they may be of another kind.
        line_ends.add("\r\n" if raw.endswith("\r\n") else raw[-1:])
        if "\r" in line_ends and not line_ends.isdisjoint(("\n", "\r\n")):
            raise errors.carriage_return(path, record.line)
        longest = max(longest, len(raw))
        done += len(raw)
        rows += 1
        if rows % 20_000 == 0:
            say(f"reading {path.name}: {min(100 * done // size, 100)} %")
    if rows == 1:
        raise errors.header_only(path)
    plain = plain and len(line_ends & {"\n", "\r", "\r\n"}) <= 1
    return CsvShape(separator, tuple(names), rows - 1, longest, plain)


def header(path: Path) -> tuple[str, list[str]]:
    """The separator and the column names.

    Raises:
        LadderError: there are none, or they cannot be used.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise errors.empty(path)
    if b"\0" in head:
        raise errors.not_text(path)
    text = head.decode("utf-8-sig", errors="replace")
    separator = _separator(text, cut=len(head) == HEAD)
    if not separator:
        errors.check_utf8(path)
        raise errors.one_column(path, text.strip().splitlines()[0])
    names = next(records(path, separator)).cells
    errors.check_names(path, names)
    return separator, names


def records(path: Path, separator: str) -> Iterator[Record]:
    """The records of a CSV file, header first, blank lines left out.

    Raises:
        LadderError: the text is not UTF-8, holds a NUL, a quote is wrong, or a record does not end.
    """
    taken: list[str] = []
    start, length = 1, 0

    def lines() -> Iterator[str]:
        nonlocal length
        for line in iter(partial(file.readline, RECORD_LIMIT), ""):
            if "\0" in line:
                raise errors.not_text(path)
            taken.append(line)
            length += len(line)
            if length >= RECORD_LIMIT:
                raise errors.endless(path, start, RECORD_LIMIT)
            yield line

    with path.open(encoding="utf-8-sig", newline="") as file, _long_cells():
        reader = csv.reader(lines(), delimiter=separator, strict=True)
        try:
            for cells in reader:
                raw = "".join(taken)
                taken.clear()
                length = 0
                if _blank(cells):
                    if raw.endswith("\r"):
                        raise errors.carriage_return(path, start)
                else:
                    yield Record(start, reader.line_num, raw, cells)
                start = reader.line_num + 1
        except UnicodeDecodeError:
            errors.check_utf8(path)
            raise
        except csv.Error as error:
            raise errors.wrong_quote(path, start) from error


def _separator(text: str, *, cut: bool) -> str:
    """The separator that cuts the first records into the same number of cells; the widest of equals."""
    scores = {separator: _agreement(text, separator, cut=cut) for separator in SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best] > (0.0, 0) else ""


def _agreement(text: str, separator: str, *, cut: bool) -> tuple[float, int]:
    """The share of records with as many cells as the first has, and how many these are."""
    widths = []
    with _long_cells():
        try:
            for cells in csv.reader(text.splitlines(keepends=True), delimiter=separator):
                widths += [] if _blank(cells) else [len(cells)]
        except csv.Error:
            return 0.0, 0
    if cut and len(widths) > 1:
        widths.pop()
    if not widths or widths[0] == 1:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _blank(cells: list[str]) -> bool:
    return not cells or (len(cells) == 1 and not cells[0].strip())


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)
