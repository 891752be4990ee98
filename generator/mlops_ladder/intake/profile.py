"""A data file in, a `Dataset` out: what kind each column is, what is to be predicted, over which time."""

from __future__ import annotations

import re
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import UNIQUE, ColumnScan, is_identifier, scan_column, scan_columns
from mlops_ladder.intake.odd_rows import check_odd_rows
from mlops_ladder.intake.table import Table, column_names, open_table
from mlops_ladder.intake.target import index_error, judge_target, place_of
from mlops_ladder.progress import Say, silent
from mlops_ladder.project.dataset import MAX_VALUES, Column, Dataset, Kind

__all__ = ["column_names", "profile", "safe_name"]

NOTES = {"nested": "nested", "index": "row index", "other": "unsupported type"}
MAX_CATEGORIES = 200
CATEGORY_SHARE = 0.05  # of the rows; a category above MAX_VALUES has fewer different values than this
TEXT_WORDS = 3.0  # mean words per cell from which many different texts are free text


def profile(path: Path, target: str, time: str = "", task: str = "", say: Say = silent) -> Dataset:
    """Profile a CSV or Parquet file with bounded memory.

    `task` is `"classification"`, `"regression"` or, to let the target decide, empty. `say` hears of progress.

    Raises:
        LadderError: the file cannot be read, or not be learned from as asked.
    """
    with open_table(path, say) as table:
        target_place = place_of(table, target, "the target")
        time_place = place_of(table, time, "--time") if time else -1
        if time_place == target_place:
            raise LadderError(f"'{target}' is both the target and the time.", "Choose another column for one.")
        check_odd_rows(table)
        goal_facts = scan_column(table, target_place)
        goal = judge_target(table, goal_facts, task)
        first, last = _span(table, time_place) if time else ("", "")
        say(f"profiling {path.name}: {len(table.names)} columns")
        places = [place for place in range(len(table.names)) if place not in (target_place, time_place)]
        columns = [judge(found, table.rows) for found in scan_columns(table, places).values()]
        if all(column.kind == "ignored" for column in columns):
            why = "; ".join(f"{column.name}: {column.note}" for column in columns[:5])
            raise LadderError(
                f"{path.name} has no column to learn from besides the target.",
                f"Ignored were {why}." if why else "",
            )
        return Dataset(
            source="own",
            file=safe_name(path.name),
            format=table.format,
            target=target,
            task=goal.task,
            rows=table.rows,
            columns=tuple(columns),
            separator=table.separator,
            time=time,
            first=first,
            last=last,
            positive=goal.positive,
            classes=goal.classes,
            target_low=goal.low,
            target_high=goal.high,
            target_q01=goal_facts.q01 if goal.task == "regression" else None,
            target_q99=goal_facts.q99 if goal.task == "regression" else None,
            target_nulls=float(f"{(table.rows - goal_facts.filled) / table.rows:.4g}"),
            shares=goal.shares,
        )


def judge(found: ColumnScan, rows: int) -> Column:
    """What a column is to a model."""
    # Four digits, and never rounded to none: a schema is made from it.
    nulls = float(f"{(rows - found.filled) / rows:.4g}")
    note = _why_ignored(found, rows)
    if note:
        return Column(found.name, "ignored", nulls, note=note)
    if found.stored == "number":
        return Column(found.name, "number", nulls, found.low, found.high, found.q01, found.q99, integer=found.integer)
    if found.stored == "date":
        return Column(found.name, "date", nulls)
    kind: Kind = "text" if _is_free_text(found, rows) else "category"
    return Column(found.name, kind, nulls, values=found.values if kind == "category" else ())


def _why_ignored(found: ColumnScan, rows: int) -> str:
    if not found.filled:
        return "empty"
    if found.stored in NOTES:
        return NOTES[found.stored]
    if found.distinct == 1 and found.filled == rows:
        return "constant"
    if found.flaw:
        return found.flaw
    if found.stored == "number":
        if found.infinite:
            return f"infinite in {found.infinite} rows"
        return "identifier" if is_identifier(found, rows) else ""
    if found.stored == "date" or _is_free_text(found, rows):
        return ""
    if found.distinct >= UNIQUE * found.filled and found.stored == "text":
        return "identifier"
    return "" if _is_category(found, rows) else "too many categories"


def _is_free_text(found: ColumnScan, rows: int) -> bool:
    if found.words < TEXT_WORDS:
        return False
    return found.distinct >= found.filled / 2 or not _is_category(found, rows)


def _is_category(found: ColumnScan, rows: int) -> bool:
    few = found.distinct <= MAX_CATEGORIES and found.distinct < CATEGORY_SHARE * rows
    return found.distinct <= MAX_VALUES or few


def _span(table: Table, place: int) -> tuple[str, str]:
    """First and last moment of the time column.

    Raises:
        LadderError: a cell is missing or is no date.
    """
    found = scan_column(table, place)
    where = f"{table.path.name}: the time column '{found.name}'"
    column = f"c{place}"
    if found.filled < table.rows:
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
        return found.first, found.last
    if found.stored == "index":
        raise index_error(where)
    hint = "Convert it to ISO 8601, as in 2013-03-17 or 2013-03-17T05:15:00, or leave --time out."
    if found.stored != "text":
        raise LadderError(f"{where} is not a date but {table.types[place].lower()}.", hint)
    if found.flaw.startswith("dates in"):
        raise LadderError(f"{where} has {found.flaw}.", "Write all times in UTC, as in 2013-03-17T05:15:00Z.")
    if table.format == "csv":
        where_bad = f"WHERE ladder_date({column}) IS NULL ORDER BY rowid LIMIT 1"
        row, cell = table.one(f"SELECT rowid + 1, left({column}, 40) FROM data {where_bad}")
        raise LadderError(f"{where} is not a date in ISO 8601: row {row} says '{cell}'.", hint)
    raise LadderError(f"{where} is text.", "Store it as a date or a time stamp, or leave --time out.")


def safe_name(name: str) -> str:
    """A file name that needs no quoting anywhere: in YAML, in a Makefile, in a shell."""
    stem, dot, suffix = name.rpartition(".")
    return (re.sub(r"[^\w.-]+", "_", stem).strip("._-") or "data") + dot + suffix.lower()
