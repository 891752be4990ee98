"""Numbers that stand for "no value": -999 among ages, 99 among answers from 1 to 5."""

from __future__ import annotations

from collections.abc import Sequence

from mlops_ladder.intake.columns import ColumnScan, number_of
from mlops_ladder.intake.measure import measure
from mlops_ladder.intake.table import Table

OFTEN = 0.001  # of the cells; and at least so many:
LEAST = 3
MANY = 10  # different numbers among which even -1 is far off, if all others lie close together
_LIMITS = {32767.0, 65535.0, 2147483647.0, -32768.0, -2147483648.0}  # of the whole numbers of a machine


def stand_ins(table: Table, scans: Sequence[ColumnScan]) -> dict[int, tuple[str, int]]:
    """By place the cell that is an end of its column, far off all others, and how often it is there."""
    found: dict[int, tuple[str, int]] = {}
    for end in (_low, _high):
        suspects = {
            scan.place: (scan, value)
            for scan in scans
            if scan.distinct < scan.filled and (value := end(scan)) is not None and _is_usual(value, scan.distinct)
        }
        others = {}
        for place, (_, value) in suspects.items():
            number = number_of(table, place)
            others[place] = f"CASE WHEN {number} <> {value!r} THEN {number} END"
        for place, (count, low, high) in measure(table, others, ["count({v})", "min({v})", "max({v})"]).items():
            scan, value = suspects[place]
            often = scan.filled - scan.infinite - count
            if count and often >= max(LEAST, OFTEN * scan.filled) and max(low - value, value - high) >= high - low > 0:
                found[place] = _cell(table, place, value), often
    return found


def _low(scan: ColumnScan) -> float | None:
    return scan.low if scan.stored == "number" and scan.low is not None and scan.low < 0 else None


def _high(scan: ColumnScan) -> float | None:
    return scan.high if scan.stored == "number" and scan.high is not None and scan.high > 0 else None


def _is_usual(value: float, distinct: int) -> bool:
    """Whether people write such a number where they have none."""
    digits = f"{abs(value):.15g}".replace(".", "")
    return value in _LIMITS or (len(digits) > 1 and set(digits) in ({"9"}, {"8"})) or (value == -1 and distinct > MANY)


def _cell(table: Table, place: int, value: float) -> str:
    """As it is written."""
    query = f"SELECT min(CAST(c{place} AS VARCHAR)) FROM data WHERE {number_of(table, place)} = {value!r}"
    return str(table.one(query)[0])
