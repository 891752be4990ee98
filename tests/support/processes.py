"""Processes that tests started far away: their number, and whether they are gone; waited for within bounds."""

from __future__ import annotations

import os
import time
from pathlib import Path

LIMIT = 30  # seconds


def pid_in(file: Path) -> int:
    """The number that a process wrote into a file, once it is there."""
    last = time.monotonic() + LIMIT
    while time.monotonic() < last:
        text = file.read_text() if file.is_file() else ""
        if text.endswith("\n"):
            return int(text)
        time.sleep(0.01)
    raise AssertionError(f"nothing wrote {file}")


def gone(process: int, seconds: float = 5) -> bool:
    """Whether a process is no more, within some seconds."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False
