"""One command, executed under a supervisor and within a limit: how it ended, and the end of what it said."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.assess.running import supervisor
from mlops_ladder.git.run import uninterrupted

KEPT = 65_536  # bytes of output
_SLICE = 1.0  # seconds until the supervisor is looked after, in case the command has killed it


@dataclass(frozen=True)
class Run:
    """One command that was executed: its exit code (nothing after a timeout), seconds and last line."""

    command: str
    code: int | None
    seconds: float
    tail: str

    @property
    def said(self) -> str:
        """One line of evidence."""
        end = "stopped at the time limit" if self.code is None else f"exit {self.code}"
        tail = f": {self.tail}" if self.tail and self.code != 0 else ""
        return f"ran `{self.command}`: {end} after {self.seconds:.1f} s{tail}"


def run(command: str, shell: str, folder: Path, environment: Mapping[str, str], limit: float) -> Run:
    """Execute a shell command in a folder, with this environment alone.

    When it is over, after `limit` seconds or an interrupt, it is gone with all processes that it started.
    """
    start = time.monotonic()
    process: subprocess.Popen[bytes] | None = None
    code: int | None = None
    try:
        with uninterrupted():
            process = _start(command, shell, folder, environment)
        over, output = _read(process, start + limit)
        code = process.wait() if over else None
    finally:
        if process is not None:
            with uninterrupted():
                _end(process)
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return Run(command, code, time.monotonic() - start, lines[-1].strip()[:200] if lines else "")


def _start(command: str, shell: str, folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", supervisor.__file__, shell, command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _read(process: subprocess.Popen[bytes], last: float) -> tuple[bool, bytes]:
    """Whether the command ended in time, and the end of its output, which is read as fast as it comes."""
    assert process.stdout is not None
    output = b""
    while (left := last - time.monotonic()) > 0:
        if not select.select([process.stdout], [], [], min(left, _SLICE))[0]:
            if process.poll() is not None:
                return True, output
            continue
        block = os.read(process.stdout.fileno(), KEPT)
        if not block:  # the supervisor holds the pipe as long as it lives
            return True, output
        output = (output + block)[-KEPT:]
    return False, output


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let go of the lifeline and wait until the supervisor has ended everything; it is not waited for in vain."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(supervisor.PATIENCE + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
