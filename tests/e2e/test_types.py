"""mypy on the pristine source of the highest level, for each shape of data.

A lower level's source is a part of it, since no level edits or removes a module (`tests/project/test_neighbours.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.project import disk
from support import golden
from support.cases import TOP, few
from support.command import must
from support.env import shell
from support.shapes import project

pytestmark = pytest.mark.slow


def test_the_source_is_well_typed(tmp_path: Path) -> None:
    """One run for all, each with a name of its own, since imports are read once."""
    sources = []
    for case in few():
        name = f"typed_{len(sources)}"
        disk.write(project(case.shape, TOP, case.variant, name).tree, tmp_path / name)
        sources.append(tmp_path / name / "src" / name)
    golden.lend(TOP, tmp_path / "venv")
    command = [tmp_path / "venv/bin/mypy", "--config-file", tmp_path / "typed_0" / "pyproject.toml", *sources]
    printed = must(*command, cwd=tmp_path, env=shell(tmp_path / "home"), seconds=300)

    assert len(sources) > 4
    assert "Success: no issues found" in printed
