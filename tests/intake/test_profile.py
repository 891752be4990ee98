from __future__ import annotations

import datetime
import decimal
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.profile import profile, safe_name
from mlops_ladder.project.dataset import Column, Dataset

ROWS = 300


def frame(**columns: Any) -> pd.DataFrame:
    """Columns of 300 rows; a single value is repeated, a short list is cycled."""
    full = {
        name: [cells[i % len(cells)] for i in range(ROWS)] if isinstance(cells, list) else [cells] * ROWS
        for name, cells in columns.items()
    }
    return pd.DataFrame(full)


def written(folder: Path, data: pd.DataFrame, suffix: str, separator: str = ",") -> Path:
    path = folder / f"data{suffix}"
    if suffix == ".csv":
        data.to_csv(path, index=False, sep=separator)
    else:
        data.to_parquet(path)
    return path


def columns_of(folder: Path, suffix: str = ".csv", **columns: Any) -> dict[str, Column]:
    """Profile columns beside a harmless target and feature."""
    data = frame(**columns, safe=[0.5, 1.5, 2.25], label=["a", "b"])
    found = profile(written(folder, data, suffix), "label").columns
    return {column.name: column for column in found if column.name != "safe"}


NAMES = ["Anna", "Bert", "Carl"]


@pytest.mark.parametrize(
    ("cells", "kind", "note"),
    [
        ([1, 2, 3], "number", ""),
        ([0.5, None, 3], "number", ""),
        (["1e3", "", "-.5"], "number", ""),
        (["1", "2", "inf"], "number", ""),
        (["inf"], "ignored", "constant"),
        (["inf", "-inf", None], "ignored", "infinite in every row"),
        (NAMES, "category", ""),
        ([True, False], "category", ""),
        (["yes", None], "category", ""),
        (["yes", "yes", None], "category", ""),
        (["1", "2", "x"], "category", ""),
        (["2013-01-01", "2013-01-02"], "date", ""),
        (["2013-01-01T05:00:00Z", None, "2014-01-02T05:00:00Z"], "date", ""),
        (["2013-01"], "ignored", "constant"),
        ("x", "ignored", "constant"),
        (7, "ignored", "constant"),
        (None, "ignored", "empty"),
        (["NA", "null", "None", ""], "ignored", "empty"),
        (list(range(ROWS)), "ignored", "identifier"),
        ([float(i) for i in range(1, ROWS + 1)], "ignored", "identifier"),
        ([f"u{i}" for i in range(ROWS)], "ignored", "identifier"),
        ([f"u{i}" for i in range(ROWS - 9)], "ignored", "identifier"),
        ([i * 3 + 1 for i in range(ROWS)], "number", ""),
        ([i / 3 for i in range(ROWS)], "number", ""),
        ([f"u{i}" for i in range(ROWS // 2)], "ignored", "too many categories"),
        ([f"the cat {i} sat" for i in range(ROWS)], "text", ""),
        ([f"the cat {i} sat" for i in range(3)], "category", ""),
        (["03/17/2013", "04/30/2013"], "date", ""),
        (["17.3.13 05:15", "30.4.13 06:00"], "date", ""),
        (["2001-Q1", "2001-Q2"], "ignored", "dates that are not ISO 8601, as in '2001-Q1'"),
        (["Sep-63", "Jan-64"], "ignored", "dates that are not ISO 8601, as in 'Sep-63'"),
        (
            ["03/02/2024", "04/05/2024"],
            "ignored",
            "dates whose day and month cannot be told apart, as in '03/02/2024'",
        ),
        (["2013-02-30", "2013-02-01"], "ignored", "dates that are not ISO 8601, as in '2013-02-30'"),
        (["2013-01-01T05:00+01:00", "2013-07-01T05:00+02:00"], "ignored", "dates in more than one time zone"),
        (["1,234.50", "2"], "number", ""),
        (["1,5", "2", "-3,25"], "ignored", "numbers with a mark that has two readings, as in '1,5'"),
        (["1,234", "1,2", "12,345,6"], "ignored", "numbers with a mark that has two readings, as in '1,234'"),
        (["=cmd|' /C calc'!A0", "{{ 7*7 }}", "{% raw %}"], "category", ""),
    ],
)
def test_kinds_of_csv_columns(tmp_path: Path, cells: Any, kind: str, note: str) -> None:
    column = columns_of(tmp_path, x=cells)["x"]

    assert (column.kind, column.note) == (kind, note)


@pytest.mark.parametrize(
    ("cells", "kind", "note"),
    [
        ([1, 2, 3], "number", ""),
        ([0.5, float("nan"), 3], "number", ""),
        ([decimal.Decimal("1.5"), decimal.Decimal(2)], "number", ""),
        ([True, None, False], "category", ""),
        (["1", "2"], "number", ""),
        (["", "NA"], "category", ""),
        (["2013-01-01", "2013-01-02"], "date", ""),
        ([datetime.date(2013, 1, 1), datetime.date(2013, 1, 2)], "date", ""),
        ([datetime.datetime(2013, 1, 1), None], "date", ""),
        ([pd.Timestamp("2013-01-01", tz="Europe/Berlin"), None], "date", ""),
        ([[1], [2]], "ignored", "nested"),
        ([{"a": 1}, {"a": 2}], "ignored", "nested"),
        ([b"x", b"y"], "ignored", "unsupported type"),
        ([datetime.time(1), datetime.time(2)], "ignored", "unsupported type"),
        ([datetime.timedelta(1), datetime.timedelta(2)], "ignored", "unsupported type"),
        ([float("inf"), None], "ignored", "infinite in every row"),
        ([float("inf"), 1.0, 2.0], "number", ""),
        ([float("nan")], "ignored", "empty"),
        ([None], "ignored", "empty"),
        (list(range(ROWS)), "ignored", "identifier"),
    ],
)
def test_kinds_of_parquet_columns(tmp_path: Path, cells: Any, kind: str, note: str) -> None:
    column = columns_of(tmp_path, ".parquet", x=cells)["x"]

    assert (column.kind, column.note) == (kind, note)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PassengerId", "ignored"),
        ("id", "ignored"),
        ("order_nr", "ignored"),
        ("Unnamed: 0", "ignored"),
        ("income", "number"),
        ("paid", "number"),
        ("humidity", "number"),
        ("Valid", "number"),
        ("idle", "number"),
    ],
)
def test_unique_whole_numbers_are_an_id_by_their_name(tmp_path: Path, name: str, kind: str) -> None:
    assert columns_of(tmp_path, **{name: [i * 3 + 17 for i in range(ROWS)]})[name].kind == kind


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_is_told_of_numbers(tmp_path: Path, suffix: str) -> None:
    cells = [None if i % 3 == 0 else i / 4 - 10 for i in range(ROWS)]
    column = columns_of(tmp_path, suffix, x=cells)["x"]
    given = pd.Series(cells, dtype="float64")

    assert column.nulls == pytest.approx(1 / 3, rel=1e-3)
    assert (column.low, column.high) == (given.min(), given.max())
    assert column.q01 == pytest.approx(given.quantile(0.01), rel=1e-5)
    assert column.q99 == pytest.approx(given.quantile(0.99), rel=1e-5)
    assert not column.integer


def test_whole_numbers_are_told_from_others(tmp_path: Path) -> None:
    found = columns_of(tmp_path, whole=["1", "2.0", ""], part=["1", "2.5", ""])

    assert found["whole"].integer
    assert not found["part"].integer


def test_values_are_listed_sorted_up_to_fifty(tmp_path: Path) -> None:
    rows = 6000
    data = pd.DataFrame(
        {
            "fifty": [f"v{i % 50:02}" for i in range(rows)],
            "more": [f"v{i % 51:02}" for i in range(rows)],
            "most": [f"v{i % 200:02}" for i in range(rows)],
            "too_many": [f"v{i % 201:02}" for i in range(rows)],
            "y": [i % 2 for i in range(rows)],
        }
    )
    found = {c.name: c for c in profile(written(tmp_path, data, ".csv"), "y").columns}

    assert found["fifty"].values == tuple(f"v{i:02}" for i in range(50))
    assert (found["more"].kind, found["more"].values) == ("category", ())
    assert found["most"].kind == "category"
    assert found["too_many"].note == "too many categories"


def test_one_missing_cell_of_many_is_not_rounded_away(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("x,y\n" + "\n".join(f"{i / 7 if i else ''},{i % 2}" for i in range(30_000)))

    assert profile(path, "y").columns[0].nulls == pytest.approx(1 / 30_000, rel=1e-3)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_data_set(tmp_path: Path, separator: str) -> None:
    data = frame(age=[30, 41], city=["Paris, F", "Rome; I"], churned=["no", "no", "yes"])
    data["when"] = pd.date_range("2013-01-01", periods=ROWS).strftime("%Y-%m-%d")

    found = profile(written(tmp_path, data, ".csv", separator), "churned", "when")

    assert found == Dataset(
        source="own",
        file="data.csv",
        format="csv",
        target="churned",
        task="binary",
        rows=ROWS,
        columns=(
            Column("age", "number", 0.0, 30.0, 41.0, 30.0, 41.0, integer=True),
            Column("city", "category", 0.0, values=("Paris, F", "Rome; I")),
        ),
        separator=separator,
        time="when",
        first="2013-01-01",
        last="2013-10-27",
        positive="yes",
        classes=("no", "yes"),
        target_nulls=0.0,
        shares=(0.6667, 0.3333),
    )


@pytest.mark.parametrize(
    ("times", "first", "last"),
    [
        (pd.date_range("2013-01-01", periods=ROWS, freq="h"), "2013-01-01T00:00:00", "2013-01-13T11:00:00"),
        (pd.date_range("2013-01-01", periods=ROWS)[::-1], "2013-01-01", "2013-10-27"),
        (
            pd.date_range("2013-01-01", periods=ROWS, freq="h", tz="Europe/Berlin"),
            "2012-12-31T23:00:00+00:00",
            "2013-01-13T10:00:00+00:00",
        ),
    ],
)
def test_the_time_span_of_parquet(tmp_path: Path, times: Any, first: str, last: str) -> None:
    data = frame(x=[1, 2, 3], y=["a", "b"]).assign(when=times)

    found = profile(written(tmp_path, data, ".parquet"), "y", "when")

    assert (found.first, found.last) == (first, last)


def test_the_time_span_of_csv_keeps_its_zone(tmp_path: Path) -> None:
    times = [f"2013-01-0{day}T05:00:00+01:00" for day in (1, 2, 3, 4, 5, 6)]
    data = frame(x=[1, 2, 3], y=["a", "b"], when=times)

    found = profile(written(tmp_path, data, ".csv"), "y", "when")

    assert (found.first, found.last) == ("2013-01-01T05:00:00+01:00", "2013-01-06T05:00:00+01:00")


DATES = [f"2013-01-{day:02}" for day in range(1, 29)]


@pytest.mark.parametrize(
    ("cells", "suffix", "message", "hint"),
    [
        (["03/07/2013", "03/08/2013"], ".csv", "cannot be told apart, as in '03/07/2013'", "as in 2013-03-17"),
        (["Q1 2013", "Q2 2013"], ".csv", "not ISO 8601, as in 'Q1 2013'", "year first"),
        (["spring", "autumn"], ".csv", "row 1 says 'spring'", "year first"),
        (["2013-01-01", "9999-12-31"], ".csv", "goes to 9999-12-31", "became known"),
        (["2013-01-01", "2013-01-02", "2013-01-02"], ".csv", "200 of 300 lie at 2013-01-02 or later", "row to row"),
        ([*DATES, "soon"], ".csv", "row 29 says 'soon'", "year first"),
        ([*DATES, None], ".csv", "no value in 10 rows, first in row 29", "leave the rows out"),
        ([*DATES, "NA"], ".csv", "no value in 10 rows, first in row 29", "leave the rows out"),
        ([7, 8], ".csv", "holds numbers such as 7", "year first"),
        ([1.5, 2.5], ".parquet", "holds numbers such as 1.5", "year first"),
        ([[1], [2]], ".parquet", "neither dates nor text", "year first"),
        (["2013-01-01T05:00+01:00", "2013-07-01T05:00+02:00"], ".csv", "more than one time zone", "UTC"),
        (["2013-01-01"], ".csv", "is constant", "another column"),
        ([pd.Timestamp("2013-01-01"), None], ".parquet", "no value in 150 rows", "leave the rows out"),
    ],
)
def test_a_time_column_that_cannot_be_one(tmp_path: Path, cells: Any, suffix: str, message: str, hint: str) -> None:
    path = written(tmp_path, frame(x=[1, 2, 3], y=["a", "b"], when=cells), suffix)

    with pytest.raises(LadderError) as error:
        profile(path, "y", "when")

    assert path.name in error.value.message
    assert "'when'" in error.value.message
    assert message in error.value.message
    assert hint in error.value.hint


def test_a_time_column_that_is_not_there(tmp_path: Path) -> None:
    path = written(tmp_path, frame(x=[1, 2, 3], y=["a", "b"], timestamp=DATES), ".csv")

    with pytest.raises(LadderError, match="no column 'time_stamp' for --time") as error:
        profile(path, "y", "time_stamp")

    assert error.value.hint == "Did you mean 'timestamp'?"


def test_the_target_cannot_be_the_time(tmp_path: Path) -> None:
    path = written(tmp_path, frame(x=[1, 2, 3], y=DATES), ".csv")

    with pytest.raises(LadderError, match="both the target and the time"):
        profile(path, "y", "y")


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    path = written(tmp_path, frame(x="same", y=["a", "b"]), ".csv")

    with pytest.raises(LadderError, match="no column to learn from") as error:
        profile(path, "y")

    assert "x: constant" in error.value.hint


def test_a_pandas_index_is_no_column(tmp_path: Path) -> None:
    data = frame(x=[1, 2, 3], y=["a", "b"])
    data.index = pd.date_range("2013-01-01", periods=ROWS, name="when")
    path = written(tmp_path, data, ".parquet")

    assert {c.name: c.note for c in profile(path, "y").columns} == {
        "x": "",
        "when": "row index",
    }
    with pytest.raises(LadderError, match="'when' is the index of a pandas frame") as error:
        profile(path, "y", "when")
    assert "reset_index()" in error.value.hint


def test_parquet_names_that_differ_in_case_only(tmp_path: Path) -> None:
    path = written(tmp_path, frame(x=[1, 2, 3], X=[1, 2], y=["a", "b"]), ".parquet")

    with pytest.raises(LadderError, match="'x' and 'X' differ in case only"):
        profile(path, "y")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_names_and_cells_are_only_data(tmp_path: Path, suffix: str) -> None:
    nasty = [
        'a"; DROP TABLE data; --',
        "{{ 7*7 }}",
        "{% raw %}",
        "=cmd|' /C calc'!A0",
        "c1",
        "x\ny",
        "日本",
        "*",
    ]
    data = frame(**{name: [*nasty, "plain"] for name in nasty}, target=["{{ 1/0 }}", "=1+1"])

    found = profile(written(tmp_path, data, suffix), "target")

    assert [column.name for column in found.columns] == nasty
    assert all(column.values == tuple(sorted([*nasty, "plain"])) for column in found.columns)
    assert found.classes == ("=1+1", "{{ 1/0 }}")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("churn.csv", "churn.csv"),
        ("my data (1).CSV", "my_data_1.csv"),
        ("größe.parquet", "größe.parquet"),
        ("{{ x }}.csv", "x.csv"),
        ("..--.csv", "data.csv"),
        ("a$(b)`c'.pq", "a_b_c.pq"),
    ],
)
def test_safe_file_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_progress_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    path = written(tmp_path, frame(x=[1, 2, 3], y=["a", "b"]), ".csv")

    profile(path, "y", say=said.append)

    assert said == [
        "reading data.csv: 100 %",
        "loading data.csv",
        "profiling data.csv: 2 columns",
    ]


MEASURE = """
import resource, sys
from pathlib import Path
from mlops_ladder.intake.profile import profile
from mlops_ladder.intake.draw import draw_sample
path = Path(sys.argv[1])
data = profile(path, "y", "when")
draw_sample(path, data, path.with_name("sample.csv"))
print(data.rows, len(data.columns), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "columns"), [(1_000_000, 12), (20_000, 200)])
def test_large_files_take_bounded_memory(tmp_path: Path, rows: int, columns: int) -> None:
    draw = random.Random(0)
    cells = [
        lambda: f"{draw.random():.5f}",
        lambda: draw.choice("abc"),
        lambda: f"some words {draw.random()}",
    ]
    pool = [",".join(cells[i % 3]() for i in range(columns)) for _ in range(1000)]
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write(f"when,y,{','.join(f'x{i}' for i in range(columns))}\n")
        file.writelines(
            f"2013-01-{1 + 27 * i // rows:02}T{i % 24:02}:00:00,{i % 3},{pool[i * 7 % 1000]}\n" for i in range(rows)
        )

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=300
    )

    found_rows, found_columns, megabytes = map(int, done.stdout.split())
    assert (found_rows, found_columns) == (rows, columns)
    assert megabytes < 1000
    assert len(path.with_name("sample.csv").read_text().splitlines()) == 1001
