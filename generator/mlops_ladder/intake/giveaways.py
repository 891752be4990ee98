"""Columns that say the same as the target: a score made with them is too good to be true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mlops_ladder.intake.columns import ColumnScan
from mlops_ladder.intake.measure import parts
from mlops_ladder.intake.table import Table

SAME = 0.9999  # correlation
FIRST = 300  # rows, which rule nearly every column out; what is left is asked of all


def giveaways(table: Table, scans: Sequence[ColumnScan], target: str, classes: int) -> set[int]:
    """The places of columns that tell the target alone; `classes` is their count, 0 for a number.

    A column does so if it is proportional to a number, has one value for each class, or parts two classes at a point.
    """
    numbers = [scan.place for scan in scans if scan.stored == "number" and scan.distinct > 1]
    number = "try_cast({c} AS DOUBLE)"
    if not classes:
        return set(_twice(_proportional, table, numbers, number, target))
    few = [scan.place for scan in scans if scan.stored == "number" and scan.distinct == classes]
    words = [scan.place for scan in scans if scan.stored in ("text", "bool") and scan.distinct == classes]
    same = _twice(_one_to_one, table, few, number, target) + _twice(_one_to_one, table, words, "{c}", target)
    return {*same, *(_twice(_parted, table, numbers, number, target) if classes == 2 else [])}


def _twice(
    told: Callable[[Table, list[int], str], list[int]], table: Table, places: list[int], cell: str, target: str
) -> list[int]:
    """The columns that `told` keeps of the first rows, and then of all; `v0` is the cell of c0, `t` the target."""
    for limit in (f"LIMIT {FIRST}", ""):
        kept = []
        for some in parts(places):
            cells = ", ".join(f"{cell.replace('{c}', f'c{place}')} AS v{place}" for place in some)
            rows = f"(SELECT {cells}, {target} AS t FROM data WHERE {target} IS NOT NULL {limit})"
            kept += told(table, some, rows)
        places = kept
    return places


def _proportional(table: Table, places: list[int], rows: str) -> list[int]:
    # The square of a number must be one, too.
    pairs = [f"corr(v{place}, t) FILTER (abs(v{place}) < 1e100 AND abs(t) < 1e100)" for place in places]
    found = table.one(f"SELECT {', '.join(pairs)} FROM {rows}")
    return [place for place, r in zip(places, found, strict=True) if r is not None and abs(r) > SAME]


def _one_to_one(table: Table, places: list[int], rows: str) -> list[int]:
    """Those that have one value in each class; there are as many values as classes."""
    sides = _ends(table, places, rows)
    return [
        place
        for number, place in enumerate(places)
        if all(side[number][0] == side[number][1] for side in sides) and any(None not in side[number] for side in sides)
    ]


def _parted(table: Table, places: list[int], rows: str) -> list[int]:
    sides = _ends(table, places, rows)
    if len(sides) < 2:  # the first rows may be of one class
        return places
    one, other = sides
    return [
        place
        for place, (low, high), (low2, high2) in zip(places, one, other, strict=True)
        if None not in (low, high, low2, high2) and (high < low2 or high2 < low)
    ]


def _ends(table: Table, places: list[int], rows: str) -> list[list[tuple[Any, Any]]]:
    """The least and the greatest value of each column, in each class."""
    ends = ", ".join(f"min(v{place}), max(v{place})" for place in places)
    sides = table.ask(f"SELECT {ends} FROM {rows} GROUP BY t")
    return [[(side[n], side[n + 1]) for n in range(0, len(side), 2)] for side in sides]
