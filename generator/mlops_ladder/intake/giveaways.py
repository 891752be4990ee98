"""Columns that say the same as the target: a score made with them is too good to be true."""

from __future__ import annotations

from collections.abc import Sequence

from mlops_ladder.intake.columns import ColumnScan, number_of
from mlops_ladder.intake.spelling import as_text
from mlops_ladder.intake.table import Table

SAME = 0.9999  # correlation
FIRST = 2_000  # rows
AT_ONCE = 50  # columns asked of in one query


def giveaways(table: Table, scans: Sequence[ColumnScan], target: str, classes: int) -> set[int]:
    """The places of columns that tell the target alone; `classes` is their count, 0 for a number.

    A column does so if it is proportional to a number, has one value for each class, or parts two classes at a point.
    The first rows rule nearly every column out; what is left is asked of all.
    """
    numbers = [scan.place for scan in scans if scan.stored == "number" and scan.distinct > 1]
    few = f"(SELECT * FROM data WHERE {target} IS NOT NULL LIMIT {FIRST})"
    every = f"(SELECT * FROM data WHERE {target} IS NOT NULL)"
    if not classes:
        return set(_proportional(table, every, _proportional(table, few, numbers, target), target))
    same = [scan.place for scan in scans if scan.stored in ("number", "text", "bool") and scan.distinct == classes]
    found = set(_one_to_one(table, every, _one_to_one(table, few, same, target), target))
    if classes == 2:
        found |= set(_parted(table, every, _parted(table, few, numbers, target), target))
    return found


def _proportional(table: Table, rows: str, places: list[int], target: str) -> list[int]:
    found = []
    for some in _parts(places):
        # The square of a number must be one, too.
        values = [
            f"CASE WHEN abs({number_of(table, place)}) < 1e100 THEN {number_of(table, place)} END" for place in some
        ]
        goal = f"CASE WHEN abs({target}) < 1e100 THEN {target} END"
        row = table.one(f"SELECT {', '.join(f'corr({value}, {goal})' for value in values)} FROM {rows}")
        found += [place for place, r in zip(some, row, strict=True) if r is not None and abs(r) > SAME]
    return found


def _one_to_one(table: Table, rows: str, places: list[int], target: str) -> list[int]:
    found = []
    for some in _parts(places):
        cells = [as_text(table, place) for place in some]
        counts = [f"count(DISTINCT ({cell}, {target})), count(DISTINCT {cell}), count({cell})" for cell in cells]
        classes, *row = table.one(f"SELECT count(DISTINCT {target}), {', '.join(counts)} FROM {rows}")
        for n, place in enumerate(some):
            pairs, values, filled = row[3 * n : 3 * n + 3]
            # Cells that are missing make a pair of their own with each class.
            (missing,) = table.one(f"SELECT count(DISTINCT {target}) FROM {rows} WHERE c{place} IS NULL")
            if filled and pairs - missing == values == classes:
                found.append(place)
    return found


def _parted(table: Table, rows: str, places: list[int], target: str) -> list[int]:
    found = []
    for some in _parts(places):
        ends = ", ".join(f"min({number_of(table, place)}), max({number_of(table, place)})" for place in some)
        sides = table.ask(f"SELECT {ends} FROM {rows} GROUP BY {target}")
        if len(sides) < 2:  # the first rows may be of one class
            found += some
            continue
        one, other = sides
        for n, place in enumerate(some):
            (low, high), (low2, high2) = one[2 * n : 2 * n + 2], other[2 * n : 2 * n + 2]
            if None not in (low, high, low2, high2) and (high < low2 or high2 < low):
                found.append(place)
    return found


def _parts(places: list[int]) -> list[list[int]]:
    return [places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE)]
