"""The forms of dates: each is read by DuckDB and by pandas as the same moment."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pandas as pd
import pytest

from mlops_ladder.intake.dates import FORMS, UNITS, forms, like_a_date, moment, numbered

MOMENTS = [datetime(2024, 3, 17, 5, 15, 9), datetime(1999, 12, 31, 23, 59, 58), datetime(2011, 5, 4, 12, 0, 0)]


@pytest.mark.parametrize("form", [*FORMS, "%Y", "%Y%m", "%Y%m%d"])
def test_a_form_is_read_alike(form: str) -> None:
    cells = [when.strftime(form) for when in MOMENTS]
    cells += [cell.lower() for cell in cells] + [cell.replace("04", "4") for cell in cells[2:] if "%d" in form]
    cells += ["", "x", "31/31/2024", "12.2024", "1", cells[0] + " "]
    by_pandas = pd.to_datetime(pd.Series(cells, dtype="str"), format=form, errors="coerce")

    with duckdb.connect() as connection:
        for cell, wanted in zip(cells, by_pandas, strict=True):
            query = f"SELECT {moment('c', form)} FROM (SELECT ?::VARCHAR AS c)"
            ((found,),) = connection.execute(query, [cell]).fetchall()
            assert wanted is pd.NaT if found is None else found == wanted, cell


@pytest.mark.parametrize("unit", UNITS)
def test_a_count_since_1970_is_read_alike(unit: str) -> None:
    count = round(1_700_000_000.25 * 1e6 / float(UNITS[unit]))
    with duckdb.connect() as connection:
        ((found,),) = connection.execute(f"SELECT {moment('c', unit)} FROM (SELECT {count} AS c)").fetchall()

    assert found == pd.to_datetime(count, unit=unit)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["03-Mar-24", "4-apr-23"], ["%d-%b-%y"]),
        (["May 4, 2024", "May 14, 2024"], ["%b %d, %Y", "%B %d, %Y"]),
        (["March 4, 2024"], ["%B %d, %Y"]),
        (["17.03.2024"], ["%d.%m.%Y"]),
        (["3/17/2024 5:15 pm"], ["%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"]),  # the cells decide, not their shape
        (["2001-Q3"], []),
        (["17.03.2024", "x"], []),
    ],
)
def test_forms_that_cells_could_have(cells: list[str], found: list[str]) -> None:
    assert forms(cells) == found


@pytest.mark.parametrize("cell", ["2001-Q3", "Sep-63", "3rd of May 2024", "17.3.24", "2024-1-3", "12/24/2024 6 pm"])
def test_what_a_person_takes_for_a_date(cell: str) -> None:
    assert like_a_date(cell) == (cell != "3rd of May 2024")


def test_what_nobody_takes_for_a_date() -> None:
    assert not any(map(like_a_date, ["12", "1.5", "may be", "marble", "a-b-c", "12 kg", ""]))


@pytest.mark.parametrize(
    ("low", "high", "form"),
    [
        (1990, 2024, "%Y"),
        (199001, 202412, "%Y%m"),
        (19900101, 20241231, "%Y%m%d"),
        (1.6e9, 1.7e9, "s"),
        (1.6e12, 1.7e12, "ms"),
        (1.6e15, 1.7e15, "us"),
        (1, 12, ""),
        (1990, 20241231, ""),
    ],
)
def test_numbers_that_are_moments(low: float, high: float, form: str) -> None:
    assert numbered(low, high) == form
