"""What a profile made of the user's columns, where they may think otherwise: said while it can still be changed."""

from __future__ import annotations

from dataclasses import dataclass

from mlops_ladder.project.dataset import Column, Dataset

WAY_OUT = (
    "Mend the cells and make the project anew; or all the same name a column in [features] of config.toml, or make a "
    "feature of it in derive() of data.py."
)
_MARKS = {",": "a comma", ".": "a point", " ": "a blank", "\u00a0": "a blank", "\u202f": "a blank", "": "nothing"}


@dataclass(frozen=True)
class Remarks:
    """`left_out` says why, by column; `columns` what else is to be known of a column, `table` of the whole."""

    left_out: dict[str, str]
    columns: dict[str, str]
    table: tuple[str, ...]


def remarks(data: Dataset) -> Remarks:
    """Everything to be said of a table, nothing where all is plain."""
    named = {column.name: _of_column(column) for column in data.columns if column.kind != "ignored"}
    if data.target_remark:
        named[data.target] = data.target_remark
    if data.time and data.time_form:
        named[data.time] = _written(data.time_form)
    return Remarks(
        {column.name: column.note for column in data.of_kind("ignored")},
        {name: said for name, said in named.items() if said},
        tuple(_of_table(data)),
    )


def _of_column(column: Column) -> str:
    return "; ".join(filter(None, [column.remark, _written(column.form) if column.form else ""]))


def _written(form: str) -> str:
    since = {"s": "seconds since 1970", "ms": "milliseconds since 1970", "us": "microseconds since 1970"}
    return f"read as {since.get(form) or f'dates of the form {form}'}"


def _of_table(data: Dataset) -> list[str]:
    said = []
    if data.unlabelled:
        words = "; `missing` in config.toml names the cells that count as none" if data.format == "csv" else ""
        said.append(f"{data.unlabelled:,} of {data.rows:,} rows have no target and are left out{words}.")
    if data.marks:
        between = _MARKS.get(data.thousands, f"'{data.thousands}'")
        said.append(f"Numbers have {_MARKS[data.decimal]} before the fraction, {between} between thousands.")
    if data.missing:
        said.append(f"Cells that count as missing: {', '.join(map(repr, data.missing[:12]))}.")
    if data.group:
        said.append(f"Rows with the same {data.group!r} stay on one side of the split.")
    if data.date_features == [data.time]:
        said.append(
            f"There is nothing to learn from but the calendar in {data.time!r}; last period's value would help."
        )
    if data.task == "multiclass" and all(name.isdecimal() for name in data.classes):
        said.append(
            f"{data.target!r} is taken for {len(data.classes)} classes; if it counts, choose --task regression."
        )
    return said
