"""The one clean environment: a home of its own, and nothing that the machine's shell says to git, make or Python."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

FOREIGN = (
    *("AWS_", "CI", "EMAIL", "GITHUB_", "GIT_", "MAKE", "MFLAGS", "MLFLOW_", "PYTEST_", "PYTHONDONTWRITEBYTECODE"),
    *("PYTHONPATH", "UV_NO_", "UV_PROJECT", "VIRTUAL_ENV", "XDG_"),
)
IDENTITY = (
    "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
    '[protocol "file"]\n\tallow = always\n[commit]\n\tgpgsign = false\n'
)


def clean(home: Path, *, known: bool = True, **more: str) -> dict[str, str]:
    """An environment in which this folder is home, and git knows its user or nobody."""
    home.mkdir(parents=True, exist_ok=True)
    if known:
        (home / ".gitconfig").write_text(IDENTITY, "utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | own | more


def shell(home: Path, **more: str) -> dict[str, str]:
    """The same for a shell in which projects are made, installed and run, with the machine's package cache."""
    return clean(
        home,
        **_package_settings(),
        UV_PYTHON=sys.executable,
        OMP_NUM_THREADS="1",
        DVC_NO_ANALYTICS="1",
        MLFLOW_DISABLE_TELEMETRY="true",
        **more,
    )


@cache
def _package_settings() -> dict[str, str]:
    """Where the machine keeps packages and from where it gets them: its home is not the home of a test."""
    found = subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=True, timeout=60)
    settings = {"UV_CACHE_DIR": found.stdout.strip()}
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for name, path in (("UV_CONFIG_FILE", config / "uv/uv.toml"), ("PIP_CONFIG_FILE", config / "pip/pip.conf")):
        if path.is_file() and name not in os.environ:
            settings[name] = str(path)
    return settings


def enter(home: Path, monkeypatch: pytest.MonkeyPatch, *, known: bool = True) -> Path:
    """Make this process one with such an environment, until the test ends; returns its home."""
    wanted = clean(home, known=known)
    for key in os.environ.keys() - wanted.keys():
        if not key.startswith("PYTEST_"):
            monkeypatch.delenv(key)
    for key, value in wanted.items():
        monkeypatch.setenv(key, value)
    return home


def isolate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a fixture: git has an identity and a home of its own, far from the machine's settings."""
    enter(tmp_path / "home", monkeypatch)
