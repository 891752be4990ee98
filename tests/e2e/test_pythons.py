"""Every Python that we name: each package has a wheel for it, and where it is at hand, the pipeline runs on it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from mlops_ladder.project import disk
from support.cases import TOP
from support.command import must, run
from support.env import shell
from support.projects import new
from support.shapes import project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pythons")]

ROOT = Path(__file__).parents[2]
NAMED = ("3.11", "3.12", "3.13", "3.14")


def interpreter(version: str) -> str | None:
    """An interpreter of this machine, from the search path or from pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}"), *map(str, pyenv.glob(f"versions/{version}.*/bin/python"))]
    for path in filter(None, found):
        said = run(path, "-c", "import sys, ensurepip; print(*sys.version_info[:2], sep='.')", cwd=ROOT)
        if said.stdout.strip() == version:
            return path
    return None


@pytest.mark.parametrize("version", NAMED)
@pytest.mark.parametrize("whose", ["the project's", "ours"])
def test_every_package_has_a_wheel(tmp_path: Path, version: str, whose: str) -> None:
    disk.write(project("flights", TOP).tree, tmp_path / "flights")
    pyproject, groups = (
        (ROOT / "pyproject.toml", ["dev"])
        if whose == "ours"
        else (tmp_path / "flights" / "pyproject.toml", ["tracking", "dev"])
    )
    wanted = [word for group in groups for word in ("--group", f"{pyproject}:{group}")]
    solve = ("uv", "pip", "compile", "--quiet", "--only-binary", ":all:", "--python-version", version)
    solved = must(*solve, *wanted, pyproject, cwd=tmp_path, env=shell(tmp_path / "home"), seconds=300)

    assert solved.count("==") > 30


@pytest.mark.parametrize("version", NAMED)
def test_the_whole_pipeline_runs(tmp_path: Path, version: str) -> None:
    if sys.version.startswith(f"{version}."):
        pytest.skip("the chains run on this one")
    path = interpreter(version)
    if path is None:
        pytest.skip(f"no Python {version} is at hand")
    env = shell(tmp_path / "home") | {"UV_PYTHON": path}
    made = new(tmp_path / "flights", env, "--level", str(TOP), "--yes")
    made.run("make", "setup")
    made.run("make", "rehearse")

    said = made.run("uv", "run", "--no-sync", "python", "-V").stdout
    assert said.startswith(f"Python {version}.")
    assert (made.path / "reports/rehearsal/gate.json").is_file()
