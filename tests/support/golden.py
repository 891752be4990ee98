"""Virtual environments of generated projects, installed and compiled once a session and lent by hard link.

A level's environment serves every project of that level: only the project itself is not in it, which `uv sync` adds
in a second. The folder is shared by all processes of a session; `tests/conftest.py` makes and removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

from mlops_ladder.project import disk
from support.command import must
from support.env import shell
from support.shapes import project

FOLDER = "LADDER_GOLDEN"  # the environment variable that names the folder
LIMIT = 600  # seconds to install and compile what a level adds


def lend(level: int, target: Path) -> None:
    """Put an environment for projects of this level at a path, in the place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_made(level), target, symlinks=True, copy_function=os.link)


def _made(level: int) -> Path:
    """The environment to copy from; the first who asks makes it while the others wait."""
    home = Path(os.environ[FOLDER])
    made = home / f"level{level}" / ".venv"
    with (home / f"level{level}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.is_dir():
            return made
        stage = home / f"stage{level}"
        disk.write(project("flights", level).tree, stage)
        env = shell(home / "home")
        if level > 1:
            lend(level - 1, stage / ".venv")
        else:
            _uv(stage, env, "venv", "--relocatable", "--python", sys.executable)
        _uv(stage, env, "sync", "--no-install-project", "--compile-bytecode")
        stage.rename(made.parent)
    return made


def _uv(folder: Path, env: dict[str, str], *command: str) -> None:
    must("uv", *command, "--quiet", cwd=folder, env=env, seconds=LIMIT)
