"""CSV as the generated project reads it with pandas: its separator, its header, its records."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlops_ladder.intake import errors
from mlops_ladder.intake.layout import (
    SEPARATORS,
    SHARE,
    Row,
    agreement,
    beginning,
    blank,
    by_blanks,
    long_cells,
    one_more,
    rows,
    separator_of,
)
from mlops_ladder.intake.plain import plain_records
from mlops_ladder.progress import Say

NAMELESS = "Unnamed: "
"""How pandas calls a column without a name, its place behind it."""

RECORD_LIMIT = 1 << 24  # characters; no table has a longer one, and it is held in memory as a whole
_LINE_END = re.compile(r"[\r\n]")
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
        return scan(path, say, separator, names)
    return CsvShape(separator, tuple(names), records - 1, 0, plain=True)


def scan(path: Path, say: Say, separator: str, names: Sequence[str]) -> CsvShape:
    """Read a CSV file once, from end to end.

    Raises:
        LadderError: naming the line, for anything that pandas would refuse or silently read askew.
    """
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
        line_end = "\r\n" if raw.endswith("\r\n") else raw[-1:]
        line_ends.add(line_end)
        # One of another kind inside quotes is data; the engine may take it for that of the records.
        plain = plain and (record.line == record.end or not _LINE_END.search(raw.replace(line_end, "")))
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
    """The separator and the column names; a column without a name is called as pandas calls it.

    Raises:
        LadderError: there are none, or they cannot be used.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(BOM_UTF8 + b" \t\r\n"):
        raise errors.empty(path)
    if b"\0" in head:
        raise errors.not_text(path)
    text, cut = head.decode("utf-8-sig", errors="replace"), len(head) == HEAD
    found = {separator: rows(text, separator, cut=cut) for separator in SEPARATORS}
    separator = separator_of(found)
    _check_beginning(path, found if agreement(found.get(separator, []))[0] < SHARE else {separator: found[separator]})
    if not separator:
        errors.check_utf8(path)
        raise errors.one_column(path, text.strip().splitlines()[0], by_blanks=by_blanks(text))
    names = next(records(path, separator)).cells
    names = [name or f"{NAMELESS}{place}" for place, name in enumerate(names)]
    errors.check_names(path, names)
    return separator, names


def _check_beginning(path: Path, found: Mapping[str, list[Row]]) -> None:
    """Refuse a table that does not begin at the first line, or whose header lacks a cell.

    Raises:
        LadderError: saying where it begins, or what is lacking.
    """
    begins = [(separator, row) for separator, each in found.items() if (row := beginning(each))]
    if begins:
        separator, row = max(begins, key=lambda item: len(item[1].cells))
        raise errors.preamble(path, row.line, separator.join(row.cells))
    for separator, each in found.items():
        more = one_more(each)
        if more == "name":
            raise errors.row_names(path)
        if more == "end":
            raise errors.trailing(path, SEPARATORS[separator])


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

    with path.open(encoding="utf-8-sig", newline="") as file, long_cells():
        reader = csv.reader(lines(), delimiter=separator, strict=True)
        try:
            for cells in reader:
                raw = "".join(taken)
                taken.clear()
                length = 0
                if blank(cells):
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
