"""Aggregates of many columns in few queries: a file is gone through once, not once for each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlops_ladder.intake.table import Table

COLUMNS = 200  # in one query; longer ones take the engine longer to plan than to carry out
CELLS = 4_000_000  # in one query of aggregates that hold all of them in memory
HOLDING = ("list(", "quantile", "DISTINCT")
ENOUGH = 1_000  # cells that a part of the rows must hold to stand for all of them


def measure(
    table: Table, values: Mapping[int, str], aggregates: Sequence[str], rows: str = "data", columns: int = COLUMNS
) -> dict[int, tuple[Any, ...]]:
    """What `aggregates` say of each column, by its place.

    `values` are the SQL expressions of the columns, and `{v}` in an aggregate stands for one. `rows` is the relation:
    `data`, or `sample` and `portion`, its parts. One query is about so many `columns` at most.
    """
    found: dict[int, tuple[Any, ...]] = {}
    if any(word in each for each in aggregates for word in HOLDING):
        columns = min(columns, CELLS // table.held(rows))
    for part in parts(list(values), columns):
        cells = ", ".join(f"{values[place]} AS v{place}" for place in part)
        asked = ", ".join(each.replace("{v}", f"v{place}") for place in part for each in aggregates)
        answer = table.one(f"SELECT {asked} FROM (SELECT {cells} FROM {rows})")
        for number, place in enumerate(part):
            found[place] = answer[number * len(aggregates) : (number + 1) * len(aggregates)]
    return found


def estimate(
    table: Table, values: Mapping[int, str], aggregates: Sequence[str], rows: str = "sample"
) -> dict[int, tuple[Any, ...]]:
    """As `measure`, but of a part of the rows; of all rows where that part holds too few cells of a column."""
    found = measure(table, values, ["count({v})", *aggregates], rows)
    sparse = {place: value for place, value in values.items() if found[place][0] < min(ENOUGH, table.rows)}
    if sparse and table.held(rows) < table.rows:
        found |= measure(table, sparse, ["count({v})", *aggregates])
    return {place: answer[1:] for place, answer in found.items()}


def parts(places: list[int], size: int = COLUMNS) -> Iterator[list[int]]:
    """Columns, so many at a time as one query is to be about."""
    return (places[start : start + max(1, size)] for start in range(0, len(places), max(1, size)))
