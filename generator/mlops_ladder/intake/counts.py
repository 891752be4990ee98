"""What is counted in columns of one sort, many at once; all of it with the names of the fields of a `ColumnScan`.

`values` are SQL expressions by the place of a column, as for `measure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from mlops_ladder.intake.measure import estimate, measure
from mlops_ladder.intake.pandas_sql import ZONE, text
from mlops_ladder.intake.table import Table
from mlops_ladder.project.dataset import MAX_VALUES

ALWAYS_COUNTED = 20_000  # rows of a table in which every different value is counted
AT_ONCE = 20  # columns whose different values are counted at a time: each has a hash table of some megabytes
COUNTED = 2_000  # different values that are counted in a longer one; more are estimated
OFF = 0.1  # by which an estimate may be wrong

Facts = dict[str, Any]


def numbers(
    table: Table, values: Mapping[int, str], wanted: Mapping[int, int], *, exact: bool, cells: Mapping[int, str]
) -> dict[int, Facts]:
    """Ends, quantiles, whether they are whole, and how many differ, of columns that hold as many numbers as `wanted`.

    `cells` are shorter SQL for the same, which may also take for numbers what `values` do not.
    """
    asked = ["count({v})", "min({v})", "max({v})", "coalesce(bool_and({v} = floor({v})), false)"]
    found = {}
    for place, (filled, low, high, whole, distinct) in _with_distinct(
        table, values, asked, "{v}", exact=exact, cells=cells
    ).items():
        if filled == wanted[place]:
            found[place] = {"filled": filled, "low": low, "high": high, "integer": whole, "distinct": distinct}
    finite = {place: cells[place] for place in found}
    infinite = [place for place, each in found.items() if each["filled"] and not isfinite(each["high"] - each["low"])]
    finite |= {place: f"CASE WHEN isfinite({cells[place]}) THEN {cells[place]} END" for place in infinite}
    ends = measure(table, {place: finite[place] for place in infinite}, ["count({v})", "min({v})", "max({v})"])
    for place, (filled, low, high) in ends.items():
        found[place] |= {"low": low, "high": high, "infinite": found[place]["filled"] - filled, "integer": False}
    for place, (both,) in estimate(table, finite, ["quantile_cont({v}, [0.01, 0.99])"], "portion").items():
        found[place] |= {name: float(f"{q:.6g}") for name, q in zip(("q01", "q99"), both or (), strict=False)}
    if not exact:
        # An id has a number of its own in every row: nearly so is not enough.
        sure = (1 - OFF) * table.rows
        whole = {place for place, each in found.items() if each["integer"] and each["filled"] == table.rows}
        unsure = {place: cells[place] for place in whole if found[place]["distinct"] > sure}
        for place in _row_numbers(table, unsure, found):
            found[place]["distinct"] = table.rows
            del unsure[place]
        for place, distinct in _distinct(table, unsure, "{v}").items():
            found[place]["distinct"] = distinct
    return found


def _row_numbers(table: Table, cells: Mapping[int, str], found: Mapping[int, Facts]) -> list[int]:
    """The columns that count the rows in the order of the file: that is seen without holding every value."""
    if table.format != "csv":
        return []
    lows = {place: found[place]["low"] for place in cells if found[place]["high"] - found[place]["low"] < table.rows}
    steps = {place: f"{cells[place]} - rowid - {low!r}" for place, low in lows.items()}
    return [place for place, (counts,) in measure(table, steps, ["bool_and({v} = 0)"]).items() if counts]


def dates(table: Table, values: Mapping[int, str], zones: Mapping[int, str], *, exact: bool) -> dict[int, Facts]:
    """The first and the last moment, each with the zone of its column, and how many differ."""
    asked = [
        "count({v})",
        "strftime(min({v}), '%Y-%m-%dT%H:%M:%S')",
        "strftime(max({v}), '%Y-%m-%dT%H:%M:%S')",
        "coalesce(bool_and({v} = date_trunc('day', {v})), false)",
    ]
    found = {}
    for place, (filled, *ends, midnight, distinct) in _with_distinct(
        table, values, asked, "{v}", exact=exact, cells=values
    ).items():
        zone = zones[place]
        first, last = ((end or "")[: 10 if midnight and not zone else None] + zone if end else "" for end in ends)
        found[place] = {"filled": filled, "distinct": distinct, "first": first, "last": last}
    return found


def zones(table: Table, values: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """How many time zones text of dates names, none being one, and the first of them."""
    zone = f"regexp_extract({{v}}[11:], {text(ZONE)})"
    return measure(table, values, [f"count(DISTINCT {zone})", f"min({zone})"])


def texts(table: Table, values: Mapping[int, str], *, exact: bool) -> dict[int, Facts]:
    """The mean number of words, how many cells differ, and which these are where they are few."""
    listed: dict[int, tuple[str, ...]] = {}
    hashed = "CASE WHEN {v} IS NOT NULL THEN hash({v}) END"
    counted = _with_distinct(table, values, ["count({v})"], hashed, exact=exact, cells=values, listed=listed)
    found: dict[int, Facts] = {
        place: {"filled": filled, "distinct": distinct} for place, (filled, distinct) in counted.items()
    }
    words = "avg(1 + length(trim({v})) - length(replace(trim({v}), ' ', '')))"
    for place, (mean,) in estimate(table, values, [words]).items():
        found[place]["words"] = mean or 0.0
    few = {place: values[place] for place, each in found.items() if 0 < each["distinct"] <= MAX_VALUES}
    listed |= _listed(table, {place: value for place, value in few.items() if place not in listed})
    for place in few:
        found[place]["values"] = listed[place]
    return found


def _listed(table: Table, values: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    found = measure(table, values, ["list(DISTINCT {v})"])
    return {place: tuple(sorted(cell for cell in cells or () if cell is not None)) for place, (cells,) in found.items()}


def _with_distinct(
    table: Table,
    values: Mapping[int, str],
    asked: list[str],
    of: str,
    *,
    exact: bool,
    cells: Mapping[int, str],
    listed: dict[int, tuple[str, ...]] | None = None,
) -> dict[int, tuple[Any, ...]]:
    """As `measure`, and last how many values differ; `listed` takes them in where they seem to be few."""
    if table.rows <= ALWAYS_COUNTED:
        return measure(table, values, [*asked, f"coalesce(list_unique(list({of})), 0)"])
    estimated = "0" if exact else f"approx_count_distinct({of})"
    found = measure(table, values, [*asked, estimated])
    few = {place: cells[place] for place, answer in found.items() if answer[-1] <= COUNTED}
    if listed is not None and not exact:
        listed |= _listed(table, {place: few.pop(place) for place in list(few) if found[place][-1] <= MAX_VALUES})
        found |= {place: (*found[place][:-1], len(values)) for place, values in listed.items()}
    for place, distinct in _distinct(table, few, of).items():
        found[place] = (*found[place][:-1], distinct)
    return found


def _distinct(table: Table, values: Mapping[int, str], of: str) -> dict[int, int]:
    counted = measure(table, values, [f"count(DISTINCT {of})"], columns=AT_ONCE)
    return {place: count for place, (count,) in counted.items()}
