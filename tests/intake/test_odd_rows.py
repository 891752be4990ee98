"""A row unlike all others at an end of the file is named; rows that are merely odd are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.odd_rows import check_odd_rows
from mlops_ladder.intake.table import open_table

ROWS = "".join(f"2024-01-{day:02},{day / 7:.2f},{day % 5},{'ab'[day % 2]}\n" for day in range(1, 29))


def check(folder: Path, *, above: str = "", below: str = "", body: str = ROWS) -> None:
    (folder / "a.csv").write_text(f"day,temp,rooms,kind\n{above}{body}{below}", "utf-8")
    with open_table(folder / "a.csv") as table:
        check_odd_rows(table)


@pytest.mark.parametrize(
    ("above", "words"),
    [
        (
            "date,°C,count,text\n",
            "row 1 has words where all other rows have numbers or dates: 'date' in 'day', '°C' in",
        ),
        (",C,%,\n", "row 1 has words where all other rows have numbers or dates: 'C' in 'temp', '%' in 'rooms'"),
        ("When?,How warm?,How many?,x\nid_1,id_2,id_3,id_4\n", "rows 1 to 2 have words"),
    ],
)
def test_a_second_header_is_named(tmp_path: Path, above: str, words: str) -> None:
    with pytest.raises(LadderError) as caught:
        check(tmp_path, above=above)

    assert words in caught.value.message
    assert "sed 2" in caught.value.hint


@pytest.mark.parametrize("below", ["Total,4.0,50,\n", "2024-02-01,1.5,3,grand total\n", "Summe:,,,\n"])
def test_a_line_of_sums_is_named(tmp_path: Path, below: str) -> None:
    with pytest.raises(LadderError, match="the last row says") as caught:
        check(tmp_path, below=below)

    assert "sed '$d' 'a.csv'" in caught.value.hint


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", ""),
        ("2024-01-01,unknown,1,a\n", ""),  # one cell
        ("2024-01-01,NA,n/a,a\n", ""),  # words for no value
        (",,,c\n", ""),
        ("2024-01-01,x,y,a\n2024-01-01,1,1,a\n2024-01-01,x,y,a\n", ""),  # and others further down
        ("2024-01-01,1,1,total\n", "2024-01-01,1,1,total\n"),  # a category
        ("", "2024-01-01,1,1,c\n"),
    ],
)
def test_other_rows_are_data(tmp_path: Path, above: str, below: str) -> None:
    check(tmp_path, above=above, below=below)


def test_a_table_of_a_few_rows_tells_nothing(tmp_path: Path) -> None:
    check(tmp_path, above="date,C,%,text\n", body="2024-01-01,1,1,a\n")
