"""What `ladder new` says of the user's own data is what the files of the project hold."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, plan
from mlops_ladder.new.exposure import Exposure, exposure
from mlops_ladder.project.layers import available


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A table whose every value can be told from all other text."""
    chance = random.Random(1)
    rows = []
    for number in range(200):
        late, tag = chance.choice(("sink-badge", "swim-badge")), chance.choice(("first-badge", "second-badge"))
        seen = f"2013-0{1 + number % 9}-11T05:40:0{number % 9}"
        rows.append(f"{late},{tag},{chance.randint(7_310_000, 7_390_000)},{seen}")
    path = tmp_path / "ships.csv"
    path.write_text("late,tag,weight,seen\n" + "\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize("level", available())
@pytest.mark.parametrize("time", ["", "seen"])
def test_what_is_told_is_what_the_files_hold(tmp_path: Path, data: Path, level: int, time: str) -> None:
    project = plan(Request(tmp_path / "ships", level, data=data, target="late", time=time))
    found = exposure(project)
    assert found is not None
    marks = ("-badge", "731", "738", "2013-0")
    holding = {path for path, file in project.tree.items() if any(mark in file.content.decode() for mark in marks)}

    assert set(found.texts) == holding
    assert found.values == ("tag", "late")
    assert found.ranges == ("weight", *([time] if time else []))
    assert found.rows == tuple(
        path for path in ("data/raw/ships.csv", "data/sample/ships.csv") if project.assets[path].held == "git"
    )
    assert "data/sample/ships.csv" in found.rows
    assert ("data/raw/ships.csv" in found.rows) == ("data/raw/ships.csv.dvc" not in project.files)


def test_a_number_as_target_is_told_by_its_range(tmp_path: Path, data: Path) -> None:
    found = exposure(plan(Request(tmp_path / "ships", data=data, target="weight")))

    assert isinstance(found, Exposure)
    assert found.values == ("late", "tag")
    assert "weight" in found.ranges


def test_of_the_shipped_data_nothing_is_told(tmp_path: Path) -> None:
    assert exposure(plan(Request(tmp_path / "flights"))) is None
