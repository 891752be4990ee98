"""Generated projects as a CI host gets them: committed with their lock, then cloned."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan
from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell

from .act import STUBS

Clone = Callable[[str], Path]
Host = Callable[[Path], Path]

NAME = "flights"
HOOK = """#!/bin/sh
# Tells the push options, which GitLab would act on.
i=0
while [ "$i" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do
    eval "echo \\"\\$GIT_PUSH_OPTION_$i\\"" >> push-options
    i=$((i + 1))
done
"""


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
    """The same, with a place for artifacts and a `gh` that tells its calls."""
    (tmp_path / "gh-open").touch()
    return base_env | {
        "ARTIFACTS": str(tmp_path / "artifacts"),
        "PATH": f"{STUBS / 'bin'}{os.pathsep}{base_env['PATH']}",
        "GH_CALLS": str(tmp_path / "gh-calls"),
        "GH_OPEN": str(tmp_path / "gh-open"),
    }


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
def host(env: dict[str, str], tmp_path: Path) -> Host:
    """The repository on a host that a project was cloned from and pushes to; it knows GitLab's push options."""

    def make(project: Path) -> Path:
        bare = tmp_path / "host.git"
        must("git", "clone", "--quiet", "--bare", project, bare, cwd=tmp_path, env=env)
        must("git", "config", "receive.advertisePushOptions", "true", cwd=bare, env=env)
        hook = bare / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK, "utf-8")
        hook.chmod(0o755)
        must("git", "remote", "set-url", "origin", bare, cwd=project, env=env)
        return bare

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
