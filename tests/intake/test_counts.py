"""What is counted of a long table is what was counted of a short one, or near to it where it is said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.intake import counts
from mlops_ladder.intake.columns import scan_column, scan_columns
from mlops_ladder.intake.table import PARTS, open_table

ROWS = 30_000
ENDS = {"low": 0.0, "high": ROWS - 1.0}
FROM_1 = {"low": 1.0, "high": float(ROWS)}


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    rows = (
        f"{n},{n * 3 % ROWS},{n % 7},{n / 7},u{n},v{n % 40},{'-inf' if n == 5 else n},{n // 2},"
        f"2013-01-{1 + n % 28:02},{'' if n % 50 else n}"
        for n in range(ROWS)
    )
    header = "id,repeats,few,share,name,group,endless,pair,day,sparse"
    path.write_text(header + "\n" + "\n".join(rows) + "\n")
    return path


def test_a_long_table(long: Path) -> None:
    with open_table(long) as table:
        found = {each.name: each for each in scan_columns(table, range(10)).values()}

    assert found["id"].distinct == ROWS
    assert found["repeats"].distinct == pytest.approx(ROWS / 3, rel=counts.OFF)
    assert (found["few"].distinct, found["group"].distinct, found["day"].distinct) == (7, 40, 28)
    assert found["group"].values == tuple(sorted(f"v{number}" for number in range(40)))
    assert found["name"].distinct == pytest.approx(ROWS, rel=counts.OFF)
    assert found["pair"].distinct == pytest.approx(ROWS / 2, rel=counts.OFF)
    endless = found["endless"]
    assert (endless.infinite, endless.low, endless.high, endless.integer) == (1, 0, ROWS - 1, False)
    assert (found["day"].first, found["day"].last) == ("2013-01-01", "2013-01-28")


def test_only_what_counts_the_rows_in_order_is_taken_for_it(tmp_path: Path) -> None:
    swapped = {5: 6, 6: 5}
    rows = (f"{n + 1},{swapped.get(n, n)},{5 if n == 6 else n},{n / 2 if n == 7 else n}" for n in range(ROWS))
    (tmp_path / "a.csv").write_text("order,swapped,twice,half\n" + "\n".join(rows) + "\n")
    with open_table(tmp_path / "a.csv") as table:
        found = {each.name: each.distinct for each in scan_columns(table, range(4)).values()}
        counted = counts._row_numbers(
            table,
            {place: f"CAST(c{place} AS DOUBLE)" for place in range(3)},
            dict.fromkeys(range(3), ENDS) | {0: FROM_1},
        )

    assert counted == [0]
    assert (found["order"], found["swapped"], found["twice"]) == (ROWS, ROWS, ROWS - 1)
    assert found["half"] == pytest.approx(ROWS, rel=counts.OFF)


def test_of_one_column_asked_for_alone_everything_is_counted(long: Path) -> None:
    with open_table(long) as table:
        assert scan_column(table, 4).distinct == ROWS
        assert scan_column(table, 7).distinct == ROWS / 2


def test_quantiles_of_a_part_of_the_rows_are_those_of_all(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARTS, "portion", 5_000)
    with open_table(long) as table:
        found = scan_columns(table, [3, 9])

    assert found[3].q01 == pytest.approx(0.01 * ROWS / 7, rel=0.05)
    assert found[3].q99 == pytest.approx(0.99 * ROWS / 7, rel=0.001)
    assert found[9].q99 == pytest.approx(0.99 * (ROWS - 50))
