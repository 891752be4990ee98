"""Dates that are not written year first: how a column writes them, where there is one way to read it only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product

from mlops_ladder.intake.pandas_sql import text

_SHORT = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LONG = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"  # of strftime's %B
_PARTS = {
    "%d": "[0-9]{1,2}",
    "%m": "[0-9]{1,2}",
    "%Y": "[0-9]{4}",
    "%y": "[0-9]{2}",
    "%b": _SHORT,
    "%B": _LONG,
    "%H": "[0-9]{1,2}",
    "%I": "[0-9]{1,2}",
    "%M": "[0-9]{2}",
    "%S": "[0-9]{2}",
    "%p": "[ap]m",
}
_DAYS = (
    "%d.%m.%Y",
    "%d.%m.%y",
    *("%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%m-%d-%Y"),
    *(f"%d{cut}{month}{cut}{year}" for cut in ("-", " ", "/", "") for month in ("%b", "%B") for year in ("%Y", "%y")),
    *(f"%Y{cut}{month}{cut}%d" for cut in ("-", " ") for month in ("%b", "%B")),
    *("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
    *("%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%m/%Y"),
)
_HOURS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FORMS = tuple(day + hour for day, hour in product(_DAYS, _HOURS))
"""What is tried, in the language of `strptime`, which DuckDB and pandas read alike."""

# What a person takes for a date, though it may be none that is read.
_LIKE_A_DATE = re.compile(
    rf"(?:[a-z]{{2,9}}\.?,? )?(?:[0-9]{{1,4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,4}}|[0-9]{{4}}[ -]?[qw][0-9]{{1,2}}"
    rf"|[qw][0-9]{{1,2}}[ -/][0-9]{{2,4}}|(?:[0-9]{{1,4}}[./ -]*)?{_SHORT}[a-z]{{0,6}}[./, -]*[0-9]{{1,4}})"
    r"(?:[ ,.T/-].{0,40})?",
    re.IGNORECASE,
)


@cache
def pattern(form: str) -> str:
    """A regular expression for cells of a form; small letters stand for both."""
    return re.sub(r"%[a-zA-Z]", lambda found: _PARTS[found[0]], form.replace(".", r"\."))


def forms(cells: Iterable[str]) -> list[str]:
    """The forms that each of these cells could have."""
    found = list(FORMS)
    for cell in cells:
        found = [form for form in found if re.fullmatch(pattern(form), cell, re.IGNORECASE)]
    return found


def usual(cells: Sequence[str], share: float) -> list[str]:
    """The forms that this share of the cells could have."""
    shapes = {form: re.compile(pattern(form), re.IGNORECASE) for form in FORMS}
    return [form for form, shape in shapes.items() if sum(map(bool, map(shape.fullmatch, cells))) >= share * len(cells)]


def like_a_date(cell: str) -> bool:
    """Whether a person would take it for a date."""
    return bool(_LIKE_A_DATE.fullmatch(cell.strip()))


def moment(cell: str, form: str) -> str:
    """The SQL expression of a cell's moment, missing where it is not of the form.

    A year of two digits is read where the century is plain: 1970 to 2040.
    """
    if form in UNITS:
        return f"make_timestamp(CAST(round(CAST({cell} AS DOUBLE) * {UNITS[form]}) AS BIGINT))"
    read = f"try_strptime({cell}, {text(form)})"
    plain = f"AND year({read}) BETWEEN 1970 AND 2040" if "%y" in form else ""
    return f"CASE WHEN regexp_full_match({cell}, {text('(?i)' + pattern(form))}) {plain} THEN {read} END"


UNITS = {"s": "1e6", "ms": "1e3", "us": "1"}
"""Time since 1970 in this unit, by its microseconds."""


def numbered(low: float, high: float) -> str:
    """What whole numbers from `low` to `high` say, where they are moments: a form, or "" where they cannot be."""
    if low >= 1700 and high <= 2200:
        return "%Y"
    if low >= 170001 and high <= 220012:
        return "%Y%m"
    if low >= 17000101 and high <= 22001231:
        return "%Y%m%d"
    return next(
        (unit for unit, size in UNITS.items() if low * float(size) / 1e6 >= 1e8 and high * float(size) <= 5e15), ""
    )
