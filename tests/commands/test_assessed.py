"""The assessed level that `new` and `up` end with."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.assess.assess import assess, level_of
from mlops_ladder.commands._assessed import assessed
from mlops_ladder.new.create import Request, create, plan
from mlops_ladder.project.layers import available


@pytest.mark.parametrize("level", available())
def test_the_quick_level_is_the_assessed_one(tmp_path: Path, level: int) -> None:
    project = plan(Request(tmp_path / "trips", level))
    create(project, commit=False)
    quick, lacking = level_of(project.path)

    assert quick == assess(project.path).level == level
    assert lacking
    assert {capability.level for capability in lacking} == {level + 1}
    assert assessed(project.path, level) == (level, f"Assessed: level {level}")


def test_a_shortfall_names_what_is_lacking(tmp_path: Path) -> None:
    project = plan(Request(tmp_path / "trips", 2))
    create(project, commit=False)
    (project.path / ".github/workflows/ci.yml").unlink()
    level, said = assessed(project.path, 2)

    assert level == 1
    assert said.startswith("Assessed: level 1; level 2 lacks: ")


def test_a_folder_with_nothing_in_it_is_level_0(tmp_path: Path) -> None:
    assert level_of(tmp_path)[0] == 0
