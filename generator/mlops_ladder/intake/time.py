"""The column that orders the rows: from when to when it goes, and every reason why it cannot."""

from __future__ import annotations

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import ColumnScan
from mlops_ladder.intake.errors import index_error
from mlops_ladder.intake.table import Table

FAR = "2300"  # a time of this year or later stands for "no end"
HINT = "Write it year first, as in 2013-03-17 or 2013-03-17T05:15:00, or leave --time out."


def span(table: Table, found: ColumnScan) -> tuple[str, str]:
    """First and last moment of the time column.

    Raises:
        LadderError: a cell is missing or is no date.
    """
    where = f"{table.path.name}: the time column '{found.name}'"
    column = f"c{found.place}"
    if found.stored == "index":
        raise index_error(where)
    if found.filled < table.rows and found.stored in ("date", "number", "text"):
        row = ""
        if table.format == "csv":
            (number,) = table.one(f"SELECT min(rowid) + 1 FROM data WHERE {column} IS NULL")
            row = f", first in row {number}"
        raise LadderError(
            f"{where} has no value in {table.rows - found.filled} rows{row}.",
            "Fill them in or leave the rows out.",
        )
    if found.stored == "date":
        if found.distinct == 1:
            raise LadderError(f"{where} is constant.", "Choose another column, or leave --time out.")
        if found.last >= FAR:
            raise LadderError(
                f"{where} goes to {found.last}, which stands for a time without an end.",
                "Choose the time at which a row became known, or leave --time out.",
            )
        return found.first, found.last
    if found.stored == "number":
        raise LadderError(f"{where} holds numbers such as {found.low:.15g}.", HINT)
    if found.stored != "text":
        raise LadderError(f"{where} holds neither dates nor text.", HINT)
    if found.flaw.startswith("dates in"):
        raise LadderError(f"{where} has {found.flaw}.", "Write all times in UTC, as in 2013-03-17T05:15:00Z.")
    if found.flaw:
        raise LadderError(f"{where} holds {found.flaw}.", HINT)
    if found.nearly.startswith("dates of"):
        raise LadderError(f"{where} holds {found.nearly}.", "Write these cells as the others, or leave --time out.")
    number = "rowid + 1" if table.format == "csv" else "0"
    bad = f"FROM data WHERE {column} IS NOT NULL AND ladder_date({column}) IS NULL LIMIT 1"
    row, cell = table.one(f"SELECT {number}, left({column}, 40) {bad}")
    what = "is not a date in ISO 8601: " + (f"row {row} says " if row else "it says ")
    raise LadderError(f"{where} {what}'{cell}'.", HINT)
