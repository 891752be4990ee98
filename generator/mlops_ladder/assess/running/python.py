"""A Python that set-up may install into: `pip install` would else change the one that the user works with."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from mlops_ladder.assess.running.process import run
from mlops_ladder.progress import Say

GUARDED = {"PIP_REQUIRE_VIRTUALENV": "1"}
"""What keeps pip from installing outside of virtual environments."""

_SECONDS = 120


def with_own_python(environment: Mapping[str, str], scratch: Path, shell: str, tell: Say) -> dict[str, str]:
    """The environment with a new, empty virtual environment in front, made by the first Python on the path.

    Where none can be made, pip is told to install into nothing but a virtual environment that the project makes.
    """
    # Without a path the system has one of its own, and bash has found itself on it.
    before = environment.get("PATH", os.defpath)
    python = shutil.which("python3", path=before)
    if python is None:
        return dict(environment)
    folder = scratch / "python"
    command = shlex.join([python, "-I", "-m", "venv", str(folder)])
    if run(command, shell, scratch, environment, _SECONDS).code != 0:
        tell(f"{python} made no virtual environment, so pip installs only where the project makes one.")
        return {**environment, **GUARDED}
    path = f"{folder / 'bin'}{os.pathsep}{before}"
    return {**environment, "PATH": path, "VIRTUAL_ENV": str(folder)}
