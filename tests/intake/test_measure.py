"""Aggregates of many columns: each column gets its own answers, however the queries are cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.intake import measure as module
from mlops_ladder.intake.measure import estimate, measure
from mlops_ladder.intake.table import PARTS, open_table


@pytest.mark.parametrize("columns", [1, 2, 200])
def test_each_column_gets_its_own_answers(tmp_path: Path, columns: int) -> None:
    (tmp_path / "a.csv").write_text("a,b,c\n1,x,3\n2,,3\n")
    with open_table(tmp_path / "a.csv") as table:
        values = {2: "c2", 0: "c0", 1: "upper(c1)"}
        found = measure(table, values, ["count({v})", "max({v})"], columns=columns)

    assert found == {2: (2, "3"), 0: (2, "2"), 1: (1, "X")}


def test_no_column_is_no_query(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,x\n")
    with open_table(tmp_path / "a.csv") as table:
        assert measure(table, {}, ["count({v})"]) == {}


def test_what_is_held_in_memory_is_asked_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a,b,c\n" + "1,2,3\n" * 10)
    monkeypatch.setattr(module, "CELLS", 20)
    asked: list[str] = []
    with open_table(tmp_path / "a.csv") as table:
        one = type(table).one
        monkeypatch.setattr(type(table), "one", lambda self, query: asked.append(query) or one(self, query))
        values = {place: f"c{place}" for place in range(3)}
        measure(table, values, ["count(DISTINCT {v})"])
        measure(table, values, ["count({v})"])

    assert len(asked) == 2 + 1


def test_a_part_of_the_rows_stands_for_all_but_of_a_column_with_few_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARTS, "sample", 2_000)
    lines = (f"{number},{'x' if number % 1_000 == 7 else ''}" for number in range(10_000))
    (tmp_path / "a.csv").write_text("a,b\n" + "\n".join(lines) + "\n")
    with open_table(tmp_path / "a.csv") as table:
        found = estimate(table, {0: "c0", 1: "c1"}, ["count({v})", "min({v})"])

    assert found[1] == (10, "x")
    assert found[0][0] == pytest.approx(2_000, abs=5)
