"""What one scan of a column finds: numbers, dates or text, and text that is nearly something better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlops_ladder.intake.columns import ColumnScan, is_identifier, scan_column, stored_as
from mlops_ladder.intake.parquet import INDEX
from mlops_ladder.intake.table import open_table
from mlops_ladder.project.dataset import MAX_VALUES


def scanned(folder: Path, *cells: str) -> ColumnScan:
    """The scan of the first of two columns of a CSV file."""
    (folder / "a.csv").write_text("a;b\n" + "".join(f"{cell};1\n" for cell in cells), "utf-8")
    with open_table(folder / "a.csv") as table:
        return scan_column(table, 0)


def test_numbers(tmp_path: Path) -> None:
    found = scanned(tmp_path, "1", "3", "", "3", "NA", "-2")

    assert (found.stored, found.filled, found.distinct, found.integer) == ("number", 4, 3, True)
    assert (found.low, found.high) == (-2, 3)
    assert scanned(tmp_path, "1.5", "2").integer is False
    infinite = scanned(tmp_path, "1", "inf", "-inf")
    assert (infinite.infinite, infinite.low, infinite.high) == (2, 1, 1)


def test_quantiles_lie_between_the_ends(tmp_path: Path) -> None:
    found = scanned(tmp_path, *map(str, range(101)))

    assert (found.q01, found.q99) == (1, 99)


def test_dates(tmp_path: Path) -> None:
    found = scanned(tmp_path, "2024-03-01", "2023-01-31", "")

    assert (found.stored, found.filled) == ("date", 2)
    assert (found.first[:10], found.last[:10]) == ("2023-01-31", "2024-03-01")


@pytest.mark.parametrize(
    ("cells", "flaw"),
    [
        (("2024-01-01T00:00:00+01:00", "2024-01-01T00:00:00+02:00"), "more than one time zone"),
        (("1,5", "x"), ""),
        (("12 kg", "13 kg"), ""),
        (("x", "y"), ""),
    ],
)
def test_text_that_is_nearly_something_better(tmp_path: Path, cells: tuple[str, ...], flaw: str) -> None:
    found = scanned(tmp_path, *cells)

    assert found.stored == "text"
    assert flaw in found.flaw
    assert bool(found.flaw) is bool(flaw)


def test_text_lists_its_values_where_they_are_few(tmp_path: Path) -> None:
    found = scanned(tmp_path, "red", "blue sky", "red", "")
    assert (found.stored, found.filled, found.distinct) == ("text", 3, 2)
    assert found.values == ("blue sky", "red")
    assert found.words == pytest.approx(4 / 3)

    many = scanned(tmp_path, *(f"v{number}" for number in range(MAX_VALUES + 1)))
    assert many.distinct == MAX_VALUES + 1


def test_nothing_but_missing_values(tmp_path: Path) -> None:
    assert scanned(tmp_path, "", "NA") == ColumnScan(0, "a", "text", 0)


def test_columns_of_parquet_by_their_type(tmp_path: Path) -> None:
    table = pa.table({"n": [1.5, float("nan")], "t": ["x", None], "b": [True, False], "l": [[1], [2]]})
    table = table.append_column("d", [[date(2024, 3, 1), None]])
    pq.write_table(table, tmp_path / "a.parquet")
    with open_table(tmp_path / "a.parquet") as opened:
        number, text, truth, nested, day = (scan_column(opened, place) for place in range(5))

    assert (number.stored, number.filled, number.low) == ("number", 1, 1.5)
    assert (text.stored, text.filled, text.values) == ("text", 1, ("x",))
    assert (truth.stored, truth.values) == ("bool", ("false", "true"))
    assert (nested.stored, nested.filled) == ("nested", 2)
    assert (day.stored, day.filled, day.first[:10]) == ("date", 1, "2024-03-01")


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("BIGINT", "number"), ("UTINYINT", "number"), ("UINTEGER", "number"),
        ("DECIMAL(10,2)", "number"), ("DOUBLE", "number"),
        ("DATE", "date"), ("TIMESTAMP WITH TIME ZONE", "date"), ("BOOLEAN", "bool"), ("VARCHAR", "text"),
        ("ENUM('a')", "text"), ("BIGINT[]", "nested"), ("STRUCT(a BIGINT)", "nested"), (INDEX, "index"),
        ("BLOB", "other"), ("TIME", "other"), ("INTERVAL", "other"),
    ],
)  # fmt: skip
def test_what_cells_of_a_type_are(kind: str, stored: str) -> None:
    assert stored_as(kind) == stored


NUMBERS = ColumnScan(0, "size", "number", 10, distinct=10, low=1, high=10, integer=True)


@pytest.mark.parametrize(
    ("changed", "identifies"),
    [
        ({}, True),
        ({"low": 0, "high": 9}, True),
        ({"high": 12}, False),
        ({"high": 12, "name": "trip_id"}, True),
        ({"high": 12, "name": "tripId"}, True),
        ({"high": 12, "name": "paid"}, False),
        ({"low": 2, "high": 11}, False),
        ({"integer": False}, False),
        ({"distinct": 9}, False),
        ({"filled": 9, "distinct": 9}, False),
        ({"stored": "text"}, False),
    ],
)
def test_a_number_that_only_counts_or_names_the_rows(changed: dict[str, object], identifies: bool) -> None:
    assert is_identifier(replace(NUMBERS, **changed), 10) is identifies  # type: ignore[arg-type]
