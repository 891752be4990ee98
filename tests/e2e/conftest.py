"""A user's machine: a home of its own and a git identity."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def user(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user's shell: an own home, but the machine's package cache."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
    )
    cache = subprocess.run(
        ["uv", "cache", "dir"], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()
    dropped = (
        "GIT_",
        "MLFLOW_TRACKING",
        "VIRTUAL_ENV",
        "UV_PROJECT",
        "PYTHONDONTWRITEBYTECODE",
        "PYTEST_",
        "MAKE",
        "MFLAGS",
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return env | {
        "HOME": str(home),
        "UV_CACHE_DIR": cache,
        "UV_PYTHON": sys.executable,
        "OMP_NUM_THREADS": "1",
        "DVC_NO_ANALYTICS": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


@pytest.fixture(scope="session")
def shared_env(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same, with one virtual environment for all projects of this process: imports are compiled once."""
    return user | {"UV_PROJECT_ENVIRONMENT": str(tmp_path_factory.mktemp("venv") / "venv")}
