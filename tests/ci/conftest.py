"""Generated projects as a CI host gets them: committed with their lock, then cloned."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan

from .command import must

Clone = Callable[[str, int], Path]

NAME = "flights"
DROPPED = ("AWS_", "GIT_", "MAKE", "MFLAGS", "MLFLOW_", "PYTEST_", "PYTHONDONTWRITEBYTECODE", "UV_PROJECT", "VIRTUAL_")


@pytest.fixture(scope="session")
def base_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a CI host's shell knows: a home of its own, the machine's package cache, one virtual environment."""
    home = tmp_path_factory.mktemp("ci-host")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(DROPPED)}
    cache = must("uv", "cache", "dir", cwd=home).strip()
    yield kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config")),
        "UV_CACHE_DIR": cache,
        "UV_PYTHON": sys.executable,
        "UV_PROJECT_ENVIRONMENT": str(home / "venv"),
        "MYPY_CACHE_DIR": str(home / "mypy"),
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc"),
        "DVC_NO_ANALYTICS": "1",
        "NO_COLOR": "1",
        "OMP_NUM_THREADS": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.com",
    }
    shutil.rmtree(home / "venv", ignore_errors=True)  # pytest would keep it for three more sessions


@pytest.fixture
def env(base_env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The same, with a place for artifacts."""
    return base_env | {"ARTIFACTS": str(tmp_path / "artifacts")}


@pytest.fixture(scope="session")
def origin(base_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """The repository of a pristine project for a host and level, made once."""
    folder = tmp_path_factory.mktemp("origins")
    locks: dict[int, Path] = {}

    def make(host: str, level: int) -> Path:
        path = folder / f"{host}{level}" / NAME
        if path.is_dir():
            return path
        create(plan(Request(path, level, host)), commit=False)
        if level in locks:  # resolving takes seconds, and equal projects have equal locks
            shutil.copyfile(locks[level], path / "uv.lock")
        must("uv", "lock", "--quiet", cwd=path, env=base_env, seconds=300)
        locks[level] = path / "uv.lock"
        must("git", "init", "--quiet", "--initial-branch", "main", cwd=path, env=base_env)
        commit(path, base_env)
        return path

    return make


@pytest.fixture
def clone(origin: Clone, env: dict[str, str], tmp_path: Path) -> Clone:
    """A fresh clone of a pristine project: the data is in DVC, so it is not there."""

    def make(host: str, level: int) -> Path:
        path = tmp_path / NAME
        must("git", "clone", "--quiet", origin(host, level), path, cwd=tmp_path, env=env)
        return path

    return make


def commit(project: Path, env: dict[str, str]) -> None:
    """Commit everything."""
    must("git", "add", "--all", cwd=project, env=env)
    must("git", "commit", "--quiet", "--message", "Change", cwd=project, env=env)
