"""Run a command in a process group of its own, so that a bound on its time binds all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path


def run(
    *command: str | Path, cwd: Path, env: dict[str, str] | None = None, seconds: int = 120, apart: bool = False
) -> subprocess.CompletedProcess[str]:
    """The command's exit code and output; `AssertionError` with the output when it takes too long.

    What it writes to stderr stands among the output, as on a terminal, unless it is to be kept apart.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if apart else subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        raise AssertionError(f"{command[0]} took more than {seconds} s:\n{output}") from None
    return subprocess.CompletedProcess(list(command), process.returncode, output, errors or "")


def must(*command: str | Path, cwd: Path, env: dict[str, str] | None = None, seconds: int = 120) -> str:
    """The output of a command that has to succeed."""
    done = run(*command, cwd=cwd, env=env, seconds=seconds)
    assert done.returncode == 0, f"{command} ended {done.returncode}:\n{done.stdout}"
    return done.stdout
