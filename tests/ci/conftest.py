"""Generated projects as a CI host gets them: committed with their lock, then cloned."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan
from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell

Clone = Callable[[str], Path]

NAME = "flights"


@pytest.fixture(scope="session")
def base_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a CI host's shell knows: a home of its own, the machine's package cache, one virtual environment."""
    home = tmp_path_factory.mktemp("ci-host")
    golden.lend(TOP, home / "venv")
    yield shell(
        home,
        UV_PROJECT_ENVIRONMENT=str(home / "venv"),
        MYPY_CACHE_DIR=str(home / "mypy"),
        DVC_GLOBAL_CONFIG_DIR=str(home / "dvc"),
        NO_COLOR="1",
    )
    shutil.rmtree(home / "venv", ignore_errors=True)  # pytest would keep it for three more sessions


@pytest.fixture
def env(base_env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The same, with a place for artifacts."""
    return base_env | {"ARTIFACTS": str(tmp_path / "artifacts")}


@pytest.fixture(scope="session")
def origin(base_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """The repository of a pristine project of the highest level for a host, made once."""
    folder = tmp_path_factory.mktemp("origins")

    def make(host: str) -> Path:
        path = folder / host / NAME
        if not path.is_dir():
            create(plan(Request(path, TOP, {"ci": host})), commit=False)
            must("uv", "lock", "--quiet", cwd=path, env=base_env, seconds=300)
            must("git", "init", "--quiet", cwd=path, env=base_env)
            commit(path, base_env)
        return path

    return make


@pytest.fixture
def clone(origin: Clone, env: dict[str, str], tmp_path: Path) -> Clone:
    """A fresh clone of a pristine project: the data is in DVC, so it is not there."""

    def make(host: str) -> Path:
        path = tmp_path / NAME
        must("git", "clone", "--quiet", origin(host), path, cwd=tmp_path, env=env)
        return path

    return make


def commit(project: Path, env: dict[str, str]) -> None:
    """Commit everything."""
    must("git", "add", "--all", cwd=project, env=env)
    must("git", "commit", "--quiet", "--message", "Change", cwd=project, env=env)
