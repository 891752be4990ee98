"""The data base reads one file, writes to the folders it was given, and can do nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from mlops_ladder.intake.engine import connect, plain_path


def test_it_writes_to_its_folders_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with connect(tmp_path / "a.csv", tmp_path / "work", tmp_path / "out") as connection:
        assert connection.execute(f"SELECT a FROM '{tmp_path}/a.csv'").fetchall() == [(1,)]
        connection.execute(f"COPY (SELECT 1) TO '{tmp_path}/out/b.csv'")
        for query in (
            f"COPY (SELECT 1) TO '{tmp_path}/b.csv'",
            f"SELECT * FROM '{tmp_path}/other.csv'",
            "SET memory_limit = '8GB'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(query)

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.csv"]


@pytest.mark.parametrize("name", ["a*.csv", "a?.csv", "[a].csv"])
def test_a_name_that_would_be_a_pattern_is_reached_through_a_link(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,b\n")
    link = plain_path(tmp_path / name, tmp_path)

    assert link.name == "data.csv"
    assert link.samefile(tmp_path / name)
    assert plain_path(tmp_path / "b.csv", tmp_path) == tmp_path / "b.csv"
