"""A data file in, a `Dataset` out: what kind each column is, what is to be predicted, over which time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import (
    UNIQUE,
    ColumnScan,
    is_identifier,
    is_key,
    moment_of,
    number_of,
    scan_column,
    scan_columns,
    sure_of_key,
)
from mlops_ladder.intake.giveaways import giveaways
from mlops_ladder.intake.odd_rows import check_odd_rows
from mlops_ladder.intake.sides import MIN_GROUPS, Split, check_times, choose_split
from mlops_ladder.intake.spelling import Spelling
from mlops_ladder.intake.stand_ins import stand_ins
from mlops_ladder.intake.survey import survey
from mlops_ladder.intake.table import Table, column_names, open_table
from mlops_ladder.intake.target import judge_target, label_of, place_of
from mlops_ladder.intake.time import span
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
        say(f"profiling {path.name}: {len(table.names)} columns")
        asked = {place: scan_column(table, place) for place in (target_place, time_place) if place >= 0}
        rest = scan_columns(table, [place for place in range(len(table.names)) if place not in asked])
        scans = [sure_of_key(table, scan) for _, scan in sorted((asked | rest).items())]
        table, scans, spelled = survey(table, scans, time_place, target_place)
        goal_facts = scans[target_place]
        goal = judge_target(table, goal_facts, task)
        label = label_of(table, goal_facts) if goal.classes else number_of(table, target_place)
        first, last, split = "", "", Split()
        others = [scan for scan in scans if scan.place not in (target_place, time_place)]
        if time:
            first, last = span(table, scans[time_place])
            check_times(table, time_place, moment_of(table, time_place), label, classes=bool(goal.classes))
        else:
            split = choose_split(table, others, label, classes=bool(goal.classes))
        same = giveaways(table, others, label, len(goal.classes))
        far = _far_off(table, [*others, *([] if goal.classes else [goal_facts])], spelled)
        return Dataset(
            source="own",
            file=safe_name(path.name),
            format=table.format,
            target=target,
            task=goal.task,
            rows=table.rows,
            columns=_columns(table, others, spelled, same, far, ordered=bool(time)),
            separator=table.separator,
            time=time,
            first=first,
            last=last,
            positive=goal.positive,
            classes=goal.classes,
            target_low=goal.low,
            target_high=goal.high,
            decimal=spelled.decimal,
            thousands=spelled.thousands,
            missing=spelled.missing,
            time_form=spelled.forms.get(time_place, ""),
            group=split.group,
            seed=split.seed,
            unlabelled=table.rows - goal_facts.filled,
            target_q01=goal_facts.q01 if goal.task == "regression" else None,
            target_q99=goal_facts.q99 if goal.task == "regression" else None,
            target_nulls=float(f"{(table.rows - goal_facts.filled) / table.rows:.4g}"),
            shares=goal.shares,
            target_remark=goal.remark or far.get(target_place, ""),
        )


def _columns(
    table: Table,
    scans: Sequence[ColumnScan],
    spelled: Spelling,
    same: set[int],
    far: Mapping[int, str],
    *,
    ordered: bool,
) -> tuple[Column, ...]:
    """What the columns are to a model.

    Raises:
        LadderError: none is left to learn from.
    """
    columns = []
    for scan in scans:
        column = judge(scan, table.rows, ordered=ordered)
        if scan.place in same and column.kind != "ignored":
            column = replace(column, remark="tells the target by itself: is it known when the prediction is made?")
        if column.kind == "number" and not column.remark:
            column = replace(column, remark=far.get(scan.place, ""))
        columns.append(replace(column, form=spelled.forms.get(scan.place, "") if column.kind == "date" else ""))
    if all(column.kind == "ignored" for column in columns) and not ordered:
        why = "; ".join(f"{column.name}: {column.note}" for column in columns[:5])
        raise LadderError(
            f"{table.path.name} has no column to learn from besides the target.",
            f"Left out were {why}." if why else "Add columns that tell something of the target, or name a --time.",
        )
    return tuple(columns)


def _far_off(table: Table, scans: Sequence[ColumnScan], spelled: Spelling) -> dict[int, str]:
    """What is said of numbers that seem to stand for "no value", by place."""
    way_out = "add it to missing in config.toml" if table.format == "csv" else "make it null"
    return {
        place: f"'{cell.replace('.', spelled.decimal)}' ({count} rows) is far off: if it means no value, {way_out}"
        for place, (cell, count) in stand_ins(table, scans).items()
    }


def judge(found: ColumnScan, rows: int, *, ordered: bool = False) -> Column:
    """What a column is to a model; `ordered` says that the rows have a time."""
    # Four digits, and never rounded to none: a schema is made from it.
    nulls = float(f"{(rows - found.filled + found.infinite) / rows:.4g}")
    note = _why_ignored(found, rows, ordered=ordered)
    if note:
        return Column(found.name, "ignored", nulls, note=note)
    if is_key(found):
        return Column(found.name, "category", nulls, values=found.values, remark="a key, taken as a category")
    if found.stored == "number":
        remark = f"infinite in {found.infinite} rows, taken as missing" if found.infinite else ""
        ends = (found.low, found.high, found.q01, found.q99)
        return Column(found.name, "number", nulls, *ends, integer=found.integer, remark=remark)
    if found.stored == "date":
        return Column(found.name, "date", nulls)
    kind: Kind = "text" if _is_free_text(found, rows) else "category"
    values = found.values if kind == "category" else ()
    return Column(found.name, kind, nulls, values=values, remark=found.nearly)


def _why_ignored(found: ColumnScan, rows: int, *, ordered: bool) -> str:
    if not found.filled:
        return "empty"
    if found.stored in NOTES:
        return NOTES[found.stored]
    if found.distinct == 1 and found.filled == rows:
        return "constant"
    if found.flaw:
        return found.flaw
    if found.stored == "number" and found.infinite == found.filled:
        return "infinite in every row"
    if found.stored == "date":
        return ""
    if found.stored == "number" and is_identifier(found, rows):
        return "identifier"
    if is_key(found):
        few = _is_category(found, rows) if ordered else found.distinct < MIN_GROUPS
        return "" if few else f"a key of {found.distinct} things that have rows in common"
    if found.stored == "number" or _is_free_text(found, rows):
        return ""
    if found.nearly and not _is_category(found, rows):
        return found.nearly
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


def safe_name(name: str) -> str:
    """A file name that needs no quoting anywhere: in YAML, in a Makefile, in a shell."""
    stem, dot, suffix = name.rpartition(".")
    return (re.sub(r"[^\w.-]+", "_", stem).strip("._-") or "data") + dot + suffix.lower()
