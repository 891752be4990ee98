"""CSV as the generated project reads it with pandas: its separator, its header, its records, its flaws."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")
"""Cells that mean "no value"; the generated project reads with the same list."""

CELL_LIMIT = 10_000_000  # characters; a longer cell is a quote that was never closed
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}
HEAD = 1 << 18  # bytes looked at to find the separator

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""


@dataclass(frozen=True)
class CsvShape:
    """What one pass over a CSV file tells.

    `longest` is the longest record in characters. `plain` says that every CSV reader agrees on the file: one
    kind of line end, no blank lines before the end, no blanks around quotes.
    """

    separator: str
    names: tuple[str, ...]
    rows: int
    longest: int
    plain: bool


@dataclass(frozen=True)
class Record:
    """One record: its first and last line, its text as it stands in the file, its cells."""

    line: int
    end: int
    raw: str
    cells: list[str]


def scan(path: Path, progress: Progress | None = None) -> CsvShape:
    """Read a CSV file once, from end to end.

    Raises:
        LadderError: naming the line, for anything that pandas would refuse or silently read askew.
    """
    separator = _separator(path)
    size = max(path.stat().st_size, 1)
    around_quotes = re.compile(rf'(?:^|{re.escape(separator)})[ \t]+"|"[ \t]+(?:$|{re.escape(separator)})', re.M)
    names: list[str] = []
    rows = longest = done = end = 0
    ends: set[str] = set()
    plain = True
    for record in records(path, separator):
        if not names:
            names = _header(path, record)
        elif len(record.cells) != len(names):
            raise _ragged(path, record, names, separator)
        else:
            rows += 1
        raw = record.raw
        plain = plain and record.line == end + 1 and not ('"' in raw and around_quotes.search(raw))
        # Lines inside quotes may end in another way than records do.
        ends.add("\r\n" if raw.endswith("\r\n") else raw[-1:] if raw.endswith(("\n", "\r")) else "")
        end = record.end
        longest = max(longest, len(raw))
        done += len(raw)
        if progress and rows % 20_000 == 0:
            progress("Reading", min(done / size, 1.0))
    if not names:
        raise LadderError(f"{path.name} is empty.", "Name a file with a header line and rows.")
    if not rows:
        raise LadderError(f"{path.name} has a header and no rows.", "Name a file that has data below its header.")
    return CsvShape(separator, tuple(names), rows, longest, plain and len(ends - {""}) <= 1)


def records(path: Path, separator: str) -> Iterator[Record]:
    """The records of a CSV file, header first, blank lines left out.

    Raises:
        LadderError: the text is not UTF-8, holds a NUL, or a quote is wrong.
    """
    taken: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file, _long_cells():

        def lines() -> Iterator[str]:
            for line in file:
                if "\0" in line:
                    raise _not_text(path)
                taken.append(line)
                yield line

        reader = csv.reader(lines(), delimiter=separator, strict=True)
        start = 1
        try:
            for cells in reader:
                raw = "".join(taken)
                taken.clear()
                if len(cells) > 1 or (cells and cells[0].strip()):
                    yield Record(start, reader.line_num, raw, cells)
                start = reader.line_num + 1
        except UnicodeDecodeError as error:
            raise _not_utf8(path) from error
        except csv.Error as error:
            raise LadderError(
                f"{path.name}: the cell with a quote at line {start} does not end as it should ({error}).",
                'Close every quote; write a quote inside quotes as "".',
            ) from error


def _separator(path: Path) -> str:
    """The separator that cuts the first records into the same number of cells."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise LadderError(f"{path.name} is empty.", "Name a file with a header line and rows.")
    if b"\0" in head:
        raise _not_text(path)
    text = head.decode("utf-8-sig", errors="replace")
    best, best_score = "", (0.0, 0)
    for separator in SEPARATORS:
        score = _agreement(text, separator, cut=len(head) == HEAD)
        if score > best_score:
            best, best_score = separator, score
    if not best:
        first = text.strip().splitlines()[0]
        raise LadderError(
            f"{path.name} seems to have one column only: its first line is '{_short(first)}'.",
            "Separate the columns by a comma, a semicolon, a tab or a bar (|).",
        )
    return best


def _agreement(text: str, separator: str, cut: bool) -> tuple[float, int]:
    """The share of records with as many cells as the first, and how many cells that is."""
    with _long_cells():
        try:
            rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
        except csv.Error:
            return 0.0, 0
    found = [len(cells) for cells in rows if len(cells) > 1 or (cells and cells[0].strip())]
    if cut and len(found) > 1:
        found.pop()
    if not found or found[0] == 1:
        return 0.0, 0
    return found.count(found[0]) / len(found), found[0]


def _header(path: Path, record: Record) -> list[str]:
    names = record.cells
    check_names(path, names)
    return names


def check_names(path: Path, names: list[str]) -> None:
    """Refuse column names that are empty or occur twice.

    Raises:
        LadderError: naming them.
    """
    empty = [place for place, name in enumerate(names, 1) if not name.strip()]
    if empty:
        hint = "Give every column a name in the first line."
        if empty == [1]:
            hint = "A nameless first column is often a row index: with pandas, save with to_csv(index=False)."
        raise LadderError(f"{path.name}: column {', '.join(map(str, empty))} has no name.", hint)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LadderError(
            f"{path.name}: more than one column is called {', '.join(map(_short, twice))}.",
            "Give every column a name of its own.",
        )


def _ragged(path: Path, record: Record, names: list[str], separator: str) -> LadderError:
    found = len(record.cells)
    if found == len(names) + 1 and not record.cells[-1].strip():
        hint = f"The line ends in a {SEPARATORS[separator]}, the header does not: take it away."
    else:
        hint = f"Repair the line; a cell that holds a {SEPARATORS[separator]} must stand in double quotes."
    return LadderError(f"{path.name}: line {record.line} has {found} cells, the header has {len(names)}.", hint)


def _not_text(path: Path) -> LadderError:
    return _other_format(path) or LadderError(
        f"{path.name} is not a text file: it holds NUL bytes.", "Save it as CSV in UTF-8."
    )


def _other_format(path: Path) -> LadderError | None:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return LadderError(
            f"{path.name} is UTF-16, not UTF-8.",
            f"Convert it: iconv -f UTF-16 -t UTF-8 {path.name} > converted.csv",
        )
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return LadderError(f"{path.name} is not CSV but {kind}.", "Unpack it, or save it as CSV in UTF-8.")
    return None


def _not_utf8(path: Path) -> LadderError:
    """Find the first byte that is not UTF-8; only bytes are read, so the place is exact."""
    other = _other_format(path)
    if other:
        return other
    place = line = 0
    with path.open("rb") as file:
        for line, content in enumerate(file, 1):  # noqa: B007
            try:
                content.decode()
            except UnicodeDecodeError as error:
                place += error.start
                break
            place += len(content)
    return LadderError(
        f"{path.name} is not UTF-8: line {line}, byte {place} of the file.",
        f"Convert it, for instance: iconv -f WINDOWS-1252 -t UTF-8 {path.name} > converted.csv",
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)
