"""Text counts as a number or a date only where pandas agrees on the value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops_ladder.intake.pandas_sql import MACROS, text


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    with duckdb.connect() as opened:
        for macro in MACROS:
            opened.execute(macro)
        yield opened


def number(connection: Any, cell: str) -> float | None:
    return connection.execute("SELECT ladder_number(?)", [cell]).fetchone()[0]


def date(connection: Any, cell: str) -> Any:
    return connection.execute("SELECT ladder_date(?)", [cell]).fetchone()[0]


@pytest.mark.parametrize(
    "cell", ["5", " 5", "-.5", "5.", "+5", "1e5", "1E-5", "inf", "-Infinity", "0.1234567890123456789", "5\n"]
)
def test_numbers(connection: Any, cell: str) -> None:
    assert number(connection, cell) == pytest.approx(float(pd.to_numeric(pd.Series([cell], dtype="string")).iloc[0]))


@pytest.mark.parametrize(
    "cell",
    ["", "1_000", "0x10", "NAN", "-nan", "1,5", "true", "1e", "+-1", "5%", "1e400", "9" * 19, "inf ", "１"],
)
def test_no_numbers(connection: Any, cell: str) -> None:
    assert number(connection, cell) is None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=st.text(alphabet="0123456789+-._eEinfa ", min_size=1, max_size=7))
def test_what_counts_as_a_number_is_one_for_pandas(connection: Any, cell: str) -> None:
    found = number(connection, cell)
    if found is not None:
        assert float(pd.to_numeric(pd.Series([cell, "0.5"], dtype="string")).iloc[0]) == pytest.approx(found)


@pytest.mark.parametrize(
    "cell",
    [
        "2013-03",
        "2013-03-17",
        "2013-03-17 05:15",
        "2013-03-17T05:15:00",
        "2013-03-17T05:15:00.123456",
        "2013-03-17T05:15:00Z",
        "2013-03-17T05:15:00+01:00",
        "2013-03-17T05:15-0530",
        "2013-3-7",
        "2013/03/17",
        "2013/3/7 05:15",
        "2013.03.17",
        "2013-3",
        "9999-12-31",
        "0001-01-01",
    ],
)
def test_dates(connection: Any, cell: str) -> None:
    by_pandas = pd.to_datetime(pd.Series([cell], dtype="string"), format="ISO8601").iloc[0]

    assert date(connection, cell) == by_pandas.tz_localize(None).to_pydatetime()


@pytest.mark.parametrize(
    "cell",
    [
        "2013",
        "20130317",
        "2013-02-30",
        "03/17/2013",
        "17.03.2013",
        "2013-03-17T24:00",
        "today",
        "0000-01-01",
        "2013-03/17",
        "2013/03",
        "2013-3-17 5:15",
        "2013-03-17T05:15+24:00",
        "2013-03-17 ",
        "NaT",
        "2013-03-17T05:15:60",
    ],
)
def test_no_dates(connection: Any, cell: str) -> None:
    assert date(connection, cell) is None


def test_a_literal_cannot_be_left(connection: Any) -> None:
    value = "'; DROP TABLE data; --''"

    assert connection.execute(f"SELECT {text(value)}").fetchone() == (value,)
