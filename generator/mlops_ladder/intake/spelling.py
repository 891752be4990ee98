"""How a file writes its numbers, dates and missing values, where that is not the plain way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mlops_ladder.intake import dates
from mlops_ladder.intake.pandas_sql import text
from mlops_ladder.intake.table import PARTS, Table
from mlops_ladder.project.dataset import MISSING, Dataset

SAMPLE = 300  # odd cells of a column that are looked at for an idea; all of them are held against it
MARKERS = frozenset(
    [
        *("", "?", "??", "-", "--", "---", ".", "..", "...", "*", "#", "\u2013", "\u2014", "\\n"),
        *("na", "n/a", "n.a.", "n.a", "<na>", "nan", "nat", "null", "(null)", "<null>", "none", "nil"),
        *("#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!"),
        *("unknown", "missing", "(missing)", "empty", "blank", "not available", "not applicable", "no data"),
        *("0000-00-00", "0000-00-00 00:00:00", "1900-01-00"),
    ]
)
"""Words for "no value" among numbers or dates, in small letters."""
_DECIMALS = {",": ("", ".", " ", "\u00a0", "\u202f", "'"), ".": (",", " ", "\u00a0", "\u202f", "'", "\u2019")}
"""By the decimal mark, what may stand between thousands."""


@dataclass(frozen=True)
class Spelling:
    """`missing` are cells that mean "no value" besides the usual, `forms` the forms of dates by the column's place."""

    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ()
    forms: dict[int, str] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether the file needs no rewriting."""
        return self == Spelling()


def of_dataset(data: Dataset, names: Sequence[str]) -> Spelling:
    """What a profile has found."""
    forms = {names.index(name): form for name, form in data.dates.items()}
    return Spelling(data.decimal, data.thousands, data.missing, forms)


def numeral(decimal: str, thousands: str) -> str:
    """A regular expression of numbers with these marks. The generated data.py makes the same one."""
    groups = rf"[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})+"
    return rf" *[+-]?(({groups}|[0-9]+)({re.escape(decimal)}[0-9]+)?|{re.escape(decimal)}[0-9]+) *"


def marks(columns: Iterable[Sequence[str]], separator: str) -> tuple[str, str]:
    """The decimal mark and the mark of thousands that most of these columns of odd numbers can have been written with.

    Where two are as good, as in `1,037`, a semicolon between the cells speaks for a decimal comma, a comma against it.
    """
    votes: dict[tuple[str, str], int] = {}
    for cells in columns:
        for decimal, between in _DECIMALS.items():
            for thousands in between:
                shape = re.compile(numeral(decimal, thousands))
                if all(shape.fullmatch(cell) for cell in cells):
                    votes[decimal, thousands] = votes.get((decimal, thousands), 0) + 1
    best = max(votes.values(), default=0)
    found = [each for each, count in votes.items() if count == best]
    if not found:
        return ".", ""
    if {(",", ""), (".", ",")} <= set(found):
        return {";": (",", ""), ",": (".", ",")}.get(separator, (".", ""))
    return found[0]


def respell(table: Table, spelling: Spelling, places: Iterable[int]) -> Table:
    """The table with these columns written the plain way; what of it is kept in memory is changed in place."""
    written = {place: _plainly(table, spelling, place) for place in places}
    if table.format == "csv":
        # A sample of a long table is a copy, not a view.
        for rows in ("data", "sample") if table.rows > PARTS["sample"] else ("data",):
            table.ask(f"UPDATE {rows} SET " + ", ".join(f"c{place} = {value}" for place, value in written.items()))
        return table
    every = ", ".join(f"{written.get(place, f'c{place}')} AS c{place}" for place in range(len(table.names)))
    for rows in ("data", *PARTS):
        table.ask(f"ALTER VIEW {rows} RENAME TO stored_{rows}")
        table.ask(f"CREATE TEMP VIEW {rows} AS SELECT {every} FROM stored_{rows}")
    types = tuple("VARCHAR" if place in written else kind for place, kind in enumerate(table.types))
    return replace(table, types=types)


def _plainly(table: Table, spelling: Spelling, place: int) -> str:
    cell = as_text(table, place)
    words = [*spelling.missing, *(MISSING if table.format == "parquet" and spelling.missing else ())]
    if place in spelling.forms:
        value = f"strftime({dates.moment(cell, spelling.forms[place])}, '%Y-%m-%dT%H:%M:%S.%f')"
    else:
        value = cell
        if (spelling.decimal, spelling.thousands) != (".", ""):
            shape = text(numeral(spelling.decimal, spelling.thousands))
            point = f"replace(replace({cell}, {text(spelling.thousands)}, ''), {text(spelling.decimal)}, '.')"
            if spelling.thousands == ".":  # as the generated data.py says, too
                point += f" || CASE WHEN contains({cell}, {text(spelling.decimal)}) THEN '0' ELSE '' END"
            value = f"CASE WHEN regexp_full_match({cell}, {shape}) THEN {point} ELSE {cell} END"
    if not words:
        return value
    return f"CASE WHEN {cell} IN ({', '.join(map(text, words))}) THEN NULL ELSE {value} END"


def as_text(table: Table, place: int) -> str:
    """The SQL expression of a column's cells as text; whole numbers have no point."""
    column, kind = f"c{place}", table.types[place]
    if kind == "VARCHAR":
        return column
    if kind in ("FLOAT", "DOUBLE"):
        return f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def is_marker(cell: str) -> bool:
    """Whether a cell among numbers or dates means that there is none."""
    return cell.strip().casefold() in MARKERS
