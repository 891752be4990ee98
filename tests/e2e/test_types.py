"""mypy on the pristine source of each level, for each kind of task and for names that are hard to write down."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.project.layers import available
from support.projects import Project, new
from support.shapes import request

# With the tests of own data, since these share the virtual environment of their process.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("own_data")]

SHAPES = ("binary-csv", "multiclass-parquet-time", "regression-semicolon-time", "odd-names")


@pytest.fixture(scope="module")
def highest(shared_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose environment serves all: that of a level holds what the levels below need."""
    project = new(tmp_path_factory.mktemp("types") / "flights", shared_env, "--level", str(max(available())))
    project.make("setup")
    return project


@pytest.mark.parametrize("level", available())
@pytest.mark.parametrize("shape", SHAPES)
def test_the_source_is_well_typed(shape: str, level: int, highest: Project, tmp_path: Path) -> None:
    asked = request(shape)
    options = ["--data", str(asked["data"]), "--target", asked["target"]]
    options += ["--time", asked["time"]] if "time" in asked else []
    project = new(tmp_path / "typed", highest.env, "--level", str(level), "--no-git", *options)
    done = project.run("uv", "run", "--no-sync", "mypy", f"--cache-dir={highest.path / '.mypy_cache'}")

    assert "Success: no issues found" in done.stdout
