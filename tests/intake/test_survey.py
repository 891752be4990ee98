"""Columns as their owner sees them: what the profile makes of cells, and that the generated data.py reads the same."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from mlops_ladder.intake.profile import profile
from mlops_ladder.intake.survey import note
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.render import render

ROWS = 120
PACKAGE = "spelled"


def written(folder: Path, suffix: str, separator: str, **columns: list[Any]) -> Path:
    """A file of which short lists of cells are cycled."""
    path = folder / f"data{suffix}"
    frame = pd.DataFrame({name: [cells[i % len(cells)] for i in range(ROWS)] for name, cells in columns.items()})
    if suffix == ".csv":
        frame.to_csv(path, sep=separator, index=False)
    else:
        frame.to_parquet(path)
    return path


@pytest.fixture
def generated() -> Iterator[Any]:
    """Imports the generated data.py of a data set, with its config.toml and without what only a project has."""

    def data_and_knobs(dataset: Dataset, path: Path) -> tuple[Any, Any]:
        tree = render(Answers(PACKAGE, PACKAGE, dataset), 1)
        config = ModuleType(f"{PACKAGE}.config")
        vars(config).update(Config=object, Data=object)
        sys.modules |= {PACKAGE: ModuleType(PACKAGE), f"{PACKAGE}.config": config}
        for name in ("errors", "data"):
            module = ModuleType(f"{PACKAGE}.{name}")
            sys.modules[f"{PACKAGE}.{name}"] = module
            exec(compile(tree[f"src/{PACKAGE}/{name}.py"].content, name, "exec"), vars(module))
        knobs = tomllib.loads(tree["config.toml"].content.decode())
        sections = {name: SimpleNamespace(**section) for name, section in knobs.items()}
        sections["data"] = SimpleNamespace(**{"time": "", **knobs["data"], "path": path})
        every = [name for kind in knobs["features"].values() for name in kind]
        sections["features"] = SimpleNamespace(**knobs["features"], all=every)
        return sys.modules[f"{PACKAGE}.data"], SimpleNamespace(**sections)

    yield data_and_knobs
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


NUMBERS = [f"{n * 7 % 50}.{n % 10}" for n in range(60)]
COMMAS = [cell.replace(".", ",") for cell in NUMBERS]
DAYS = pd.date_range("2023-12-30", periods=60)
YEARS = [str(1960 + n) for n in range(60)]


@pytest.mark.parametrize(
    ("cells", "separator", "kind", "facts"),
    [
        (NUMBERS, ",", "number", {}),
        ([*NUMBERS, " ", "?"], ",", "number", {"missing": (" ", "?")}),
        ([*NUMBERS, "n/a", "#DIV/0!", "unknown"], ",", "number", {"missing": ("#DIV/0!", "n/a", "unknown")}),
        ([*NUMBERS, "inf", "-inf"], ",", "number", {}),
        (COMMAS, ";", "number", {"decimal": ","}),
        ([*COMMAS, "-", "1"], "\t", "number", {"decimal": ",", "missing": ("-",)}),
        ([f"{1.5 * n:,.2f}" for n in range(0, 90_000, 999)], ",", "number", {"thousands": ","}),
        ([f"{n:,}" for n in range(0, 9_000_000, 99_999)], ",", "number", {"thousands": ","}),
        (["1.234,5", "-12.345.678,25", "1,125", "7"], ";", "number", {"decimal": ",", "thousands": "."}),
        (["1 234", "12 345 678", "1.125", "7"], ",", "number", {"thousands": " "}),
        (["1\u00a0234,5", "12\u00a0345"], ";", "number", {"decimal": ",", "thousands": "\u00a0"}),
        (["1'234.5", "12'345"], ",", "number", {"thousands": "'"}),
        ([day.strftime("%d-%b-%y") for day in DAYS], ",", "date", {"dates": {"x": "%d-%b-%y"}}),
        ([day.strftime("%B %-d, %Y") for day in DAYS], ",", "date", {"dates": {"x": "%B %d, %Y"}}),
        ([day.strftime("%d.%m.%Y %H:%M") for day in DAYS], ";", "date", {"dates": {"x": "%d.%m.%Y %H:%M"}}),
        ([day.strftime("%m/%d/%Y %I:%M %p") for day in DAYS], ",", "date", {"dates": {"x": "%m/%d/%Y %I:%M %p"}}),
        ([*(day.strftime("%d/%m/%Y") for day in DAYS), "-"], ",", "date", {"missing": ("-",)}),
        ([day.strftime("%Y-%-m-%-d") for day in DAYS], ",", "date", {}),
        ([day.strftime("%Y/%m/%d") for day in DAYS], ",", "date", {}),
        ([day.strftime("%Y%m%d") for day in DAYS], ",", "date", {"dates": {"x": "%Y%m%d"}}),
        ([*(day.strftime("%Y-%m-%d") for day in DAYS), "0000-00-00"], ",", "date", {"missing": ("0000-00-00",)}),
        ([*(day.strftime("%Y-%m-%d") for day in DAYS), "9999-12-31"], ",", "date", {}),
        ([str(920061541986250758 + n) for n in range(120)], ",", "ignored", {}),
        ([str(920061541986250758 + n) for n in range(9)], ",", "ignored", {}),
        ([f"{n} kg" for n in range(119)], ",", "ignored", {}),
        (["new", "old"], ",", "category", {}),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_both_read_the_same(
    tmp_path: Path, generated: Any, suffix: str, cells: list[str], separator: str, kind: str, facts: dict[str, Any]
) -> None:
    if suffix == ".parquet" and separator != ";" and facts.get("decimal") == ",":
        separator = ";"
    path = written(tmp_path, suffix, separator, x=cells, safe=[1, 2, 3, 4], y=["a", "b", "b"])
    found = profile(path, "y")
    data, knobs = generated(found, path)
    frame = data.load(knobs)
    column = next(column for column in found.columns if column.name == "x")

    assert column.kind == kind
    assert {name: getattr(found, name) for name in facts} == facts
    agree(column, frame)
    again = written(tmp_path, suffix, separator, **{name: list(raw) for name, raw in data.read(knobs.data).items()})
    knobs.data.path = again
    pd.testing.assert_frame_equal(data.load(knobs), frame)  # written and read again, it is the same


def agree(column: Column, frame: pd.DataFrame) -> None:
    """The profile says of a column what the typed rows hold."""
    if column.kind == "ignored":
        return
    typed = frame[column.name]
    assert column.nulls == pytest.approx(typed.isna().mean(), abs=1e-4)
    if column.kind == "number":
        assert typed.dtype == "float64"
        assert (column.low, column.high) == (typed.min(), typed.max())
    elif column.kind == "date":
        assert typed.dtype.kind == "M"
    elif column.values:
        assert list(column.values) == sorted(typed.dropna().unique())


@pytest.mark.parametrize(
    ("cells", "first", "last", "form"),
    [
        ([str(1960 + n) for n in range(60)], "1960-01-01", "2019-01-01", "%Y"),
        ([1960 + n for n in range(60)], "1960-01-01", "2019-01-01", "%Y"),
        ([f"{2000 + n // 12}{n % 12 + 1:02}" for n in range(60)], "2000-01-01", "2004-12-01", "%Y%m"),
        ([int(day.strftime("%Y%m%d")) for day in DAYS], "2023-12-30", "2024-02-27", "%Y%m%d"),
        ([1_700_000_000 + 3600 * n for n in range(60)], "2023-11-14T22:13:20", "2023-11-17T09:13:20", "s"),
        ([1_700_000_000_000 + 1000 * n for n in range(60)], "2023-11-14T22:13:20", "2023-11-14T22:14:19", "ms"),
        ([day.strftime("%d %b %Y") for day in DAYS], "2023-12-30", "2024-02-27", "%d %b %Y"),
        ([day.strftime("%Y-%m-%d") for day in DAYS], "2023-12-30", "2024-02-27", ""),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_times_in_all_spellings(
    tmp_path: Path, generated: Any, suffix: str, cells: list[Any], first: str, last: str, form: str
) -> None:
    path = written(tmp_path, suffix, ",", when=cells, safe=[1, 2, 3, 4], y=["a", "b", "b"])
    found = profile(path, "y", "when")
    data, knobs = generated(found, path)
    train, holdout = data.split(data.load(knobs), knobs)

    assert (found.first, found.last, found.time_form) == (first, last, form)
    assert train["when"].min() == pd.Timestamp(first)
    assert holdout["when"].max() == pd.Timestamp(last)


@pytest.mark.parametrize(
    ("columns", "separator", "said"),
    [
        ({"x": [*NUMBERS, "cheap"]}, ",", ("category", "", "numbers but for 1 of 120 cells, as in 'cheap'")),
        ({"x": [*map(str, range(99)), "cheap"]}, ",", ("ignored", "numbers but for 1 of 120 cells, as in 'cheap'", "")),
        ({"x": [f"${n},000" for n in range(99)]}, ",", ("ignored", "numbers with a sign or unit, as in '$0,000'", "")),
        ({"x": ["10%", "12%"]}, ",", ("category", "", "numbers with a sign or unit, as in '10%'")),
        ({"x": ["12,5", "3,25"], "point": NUMBERS}, ",", ("ignored", "numbers with a mark that has two readings", "")),
        ({"x": ["1,250", "3,500"]}, "|", ("ignored", "numbers with a mark that has two readings", "")),
        ({"x": ["€10", "$12", "£9"]}, ",", ("category", "", "numbers with a sign or unit")),
        ({"x": ["10 °C", "-12 °C"]}, ",", ("category", "", "numbers with a sign or unit")),
        (
            {"x": [*(day.strftime("%m/%d/%Y") for day in DAYS[:55]), "2024-03-01"]},
            ",",
            ("ignored", "dates of the form %m/%d/%Y but for 2 of 120 cells, as in '2024-03-01'", ""),
        ),
        ({"x": ["3rd", "4th", "large"]}, ",", ("category", "", "")),
        ({"x": ["A1", "B2"]}, ",", ("category", "", "")),
    ],
)
def test_what_is_not_read_is_named(
    tmp_path: Path, columns: dict[str, list[str]], separator: str, said: tuple[str, str, str]
) -> None:
    if len(columns["x"]) == 61:
        columns = {"x": [*columns["x"][:40], "cheap", *columns["x"][:40]][:121]}
    path = written(tmp_path, ".csv", separator, **columns, safe=[1, 2, 3, 4], y=["a", "b", "b"])
    column = profile(path, "y").columns[0]

    assert column.kind == said[0]
    assert column.note.startswith(said[1])
    assert column.remark.startswith(said[2])


def test_classes_are_never_taken_for_no_value(tmp_path: Path) -> None:
    path = written(tmp_path, ".csv", ",", x=[*map(str, range(99)), "unknown"], safe=[1, 2, 3], y=["yes", "unknown"])
    found = profile(path, "y")

    assert found.classes == ("unknown", "yes")
    assert (found.missing, found.columns[0].kind) == ((), "ignored")


def test_an_example_is_given_where_it_can_be_shown() -> None:
    assert note("numbers", "12 kg") == "numbers, as in '12 kg'"
    assert note("numbers", "12 \u20ac") == note("numbers", "1" * 100) == "numbers"


def test_rows_that_were_put_together_are_numbered_through(tmp_path: Path, generated: Any) -> None:
    """`pd.concat` without `ignore_index` keeps the labels of both parts in the Parquet file."""
    path = written(tmp_path, ".parquet", ",", x=NUMBERS, y=["a", "b", "b"])
    half = pd.read_parquet(path)
    pd.concat([half, half]).to_parquet(path)
    data, knobs = generated(profile(path, "y"), path)

    assert list(data.read(knobs.data).index) == list(range(2 * ROWS))
    assert list(data.load(knobs).index) == list(range(2 * ROWS))
