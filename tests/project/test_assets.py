"""What lies beside the render, as the levels declare it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.project.answers import Answers
from mlops_ladder.project.assets import assets, held_by_dvc, shipped_dataset, shipped_file
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.layers import Asset, available

OWN = Dataset("own", "my {trips}.csv", "csv", "late", "binary", 3)
SAMPLE = Answers("a", "a", shipped_dataset())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three levels: data and sample, the data under DVC, and more of the shipped data set."""
    about = 'number = {0}\nname = "L{0}"\ntest = "T."\n'
    declared = {
        1: [("data/raw/{file}", "data", "git"), ("data/sample/{file}", "sample", "git")],
        2: [("data/raw/{file}", "data", "dvc")],
        3: [("data/later/{file}", "later", "dvc")],
    }
    for level, rows in declared.items():
        (tmp_path / f"level{level}" / "files").mkdir(parents=True)
        tables = "".join(f'[[assets]]\npath = "{path}"\nof = "{of}"\nheld = "{held}"\n' for path, of, held in rows)
        (tmp_path / f"level{level}" / "level.toml").write_text(about.format(level) + tables)
    return tmp_path


def test_a_level_replaces_what_the_one_below_declares(root: Path) -> None:
    one, two = (assets(level, SAMPLE, root) for level in (1, 2))

    assert one == {
        "data/raw/flights.parquet": Asset("data/raw/{file}", "data"),
        "data/sample/flights.parquet": Asset("data/sample/{file}", "sample"),
    }
    assert held_by_dvc(one) == []
    assert held_by_dvc(two) == ["data/raw/flights.parquet"]
    assert one.keys() == two.keys()


def test_more_of_the_shipped_data_comes_with_the_shipped_data_only(root: Path) -> None:
    own = Answers("a", "a", OWN)

    assert "data/later/flights.parquet" in assets(3, SAMPLE, root)
    assert set(assets(3, own, root)) == {"data/raw/my {trips}.csv", "data/sample/my {trips}.csv"}


def test_a_project_without_a_table_has_none(root: Path) -> None:
    assert assets(3, Answers("a", "a"), root) == {}


def test_what_our_levels_declare_is_shipped() -> None:
    for level in available():
        declared = assets(level, SAMPLE)
        assert declared
        assert all(shipped_file(asset.of).is_file() for asset in declared.values())
