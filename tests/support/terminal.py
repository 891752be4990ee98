"""A real pseudo-terminal with a program in it: what a person at a keyboard sees and types."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

DOWN, ENTER, CTRL_C = "\x1b[B", "\r", "\x03"
LIMIT = 60  # seconds to wait for a text or the end; a busy machine is slow, not broken

_CONTROL = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78])")


class Terminal:
    """Use as a context: the program is ended with it."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str], columns: int = 160) -> None:
        self._keyboard, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self._program = subprocess.Popen(
            command,
            cwd=cwd,
            # Nobody answers the question where the cursor is.
            env={**env, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(screen)
        self.seen = ""
        self._read = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait(LIMIT)
        os.close(self._keyboard)

    def type(self, *keys: str) -> None:
        """Press keys; an arrow is one key."""
        for key in keys:
            os.write(self._keyboard, key.encode())
            # A lone escape is told from an arrow by time.
            time.sleep(0.05)

    def expect(self, text: str) -> str:
        """Wait until a text that was not looked at yet is on the screen; returns all since the last one."""
        end = time.monotonic() + LIMIT
        while text not in self.text[self._read :]:
            if not self._more(end - time.monotonic()):
                raise AssertionError(f"{text!r} did not appear, but:\n{self.text[self._read :]}")
        start, self._read = self._read, self.text.index(text, self._read) + len(text)
        return self.text[start : self._read]

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        end = time.monotonic() + LIMIT
        while self._more(end - time.monotonic()):
            pass
        return self._program.wait(max(end - time.monotonic(), 1))

    @property
    def text(self) -> str:
        """Everything that was shown, without control sequences."""
        return _CONTROL.sub("", self.seen)

    def _more(self, seconds: float) -> bool:
        if seconds <= 0 or not select.select([self._keyboard], [], [], seconds)[0]:
            return False
        try:
            block = os.read(self._keyboard, 65_536)
        except OSError:  # Linux: the program has closed its side
            return False
        self.seen += block.decode(errors="replace")
        return bool(block)
