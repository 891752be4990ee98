"""What is said of the user's columns at `ladder new`."""

from __future__ import annotations

from mlops_ladder.new.remarks import remarks
from mlops_ladder.project.dataset import Column, Dataset


def test_all_that_is_to_be_said() -> None:
    found = remarks(
        Dataset(
            *("own", "a.csv", "csv", "y", "multiclass", 60),
            columns=(
                Column("id", "ignored", note="identifier"),
                Column("opened", "date", form="%d-%b-%y"),
                Column("x", "category", values=("a",), remark="a key, taken as a category"),
                Column("plain", "number", low=0, high=1, q01=0, q99=1),
            ),
            classes=("0", "1", "2"),
            decimal=",",
            thousands="\u00a0",
            missing=("?",),
            group="patient_id",
            time="seen",
            time_form="ms",
            unlabelled=20,
            target_remark="far off",
        )
    )

    assert found.left_out == {"id": "identifier"}
    assert found.columns == {
        "opened": "read as dates of the form %d-%b-%y",
        "x": "a key, taken as a category",
        "y": "far off",
        "seen": "read as milliseconds since 1970",
    }
    assert [" ".join(line.split()[:3]) for line in found.table] == [
        "20 of 60",
        "Numbers have a",
        "Cells that count",
        "Rows with the",
        "'y' is taken",
    ]


def test_nothing_where_all_is_plain() -> None:
    column = Column("x", "number", low=0, high=1, q01=0, q99=1)
    found = remarks(Dataset("own", "a.csv", "csv", "y", "regression", 60, columns=(column,)))

    assert (found.left_out, found.columns, found.table) == ({}, {}, ())


def test_a_series_alone() -> None:
    found = remarks(Dataset("own", "a.csv", "csv", "y", "regression", 60, time="month"))

    assert "nothing to learn from but the calendar in 'month'" in found.table[0]
