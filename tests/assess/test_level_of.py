"""The assessed level that `up` ends with, found without a look at what does not count for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.assess.assess import assess, level_of
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


def test_a_shortfall_names_what_is_lacking(tmp_path: Path) -> None:
    project = plan(Request(tmp_path / "trips", 2))
    create(project, commit=False)
    (project.path / ".github/workflows/ci.yml").unlink()
    level, lacking = level_of(project.path)

    assert level == 1
    assert lacking


def test_a_folder_with_nothing_in_it_is_level_0(tmp_path: Path) -> None:
    assert level_of(tmp_path)[0] == 0
