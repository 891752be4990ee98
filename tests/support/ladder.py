"""The command line, in this process or in one of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from mlops_ladder.cli import app


def invoked(*words: object) -> Result:
    """What a command says and ends with, or the error that it raises; in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def new_trips(tmp_path: Path) -> Path:
    """As a fixture: the project that `ladder new trips` makes of all defaults."""
    done = started(tmp_path, "new", "trips", "--yes")
    assert done.returncode == 0, done.stderr
    return tmp_path / "trips"


def started(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The same in a process whose current folder this is."""
    return subprocess.run(
        [sys.executable, "-m", "mlops_ladder", *args],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
