"""Runs one command and ends with it: when it is over, or when nobody waits any more, no process of it is left.

It is started by its path, in a Python that looks at no package: `python -I -S supervisor.py SHELL COMMAND`. Its
standard input is a lifeline that nobody writes to: where it closes, ladder has had enough, or is gone. Its exit code is
the command's.

On Linux every descendant is found, also one that made itself a session of its own; elsewhere the command's process
group is all that can be.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from contextlib import suppress

PATIENCE = 10  # seconds for processes that were killed to be gone
_PROCESSES = "/proc"
_PR_SET_CHILD_SUBREAPER = 36
_DEFAULT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE, signal.SIGCHLD)


def main(shell: str, command: str) -> int:
    """Run the command, then end whatever it left behind; returns its exit code."""
    adopt()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # the lifeline alone counts, not a command that kills its parent
    signal.signal(signal.SIGCHLD, lambda *_: None)  # ignored by default, and then it would wake nobody
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    child = os.posix_spawn(
        shell,
        [shell, "-c", command],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)],
        setpgroup=0,
        setsigdef=_DEFAULT,
    )
    try:
        return wait(child, woken)
    finally:
        end(child)


def adopt() -> None:
    """Ask Linux to make this process the parent of every descendant that loses its own."""
    if os.path.exists(f"{_PROCESSES}/self/stat"):  # noqa: PTH110 - pathlib would double the time to start
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wait(child: int, woken: int) -> int:
    """The child's exit code, as a shell has it; that of a kill where the lifeline closes first."""
    while True:
        code = _reap(child)
        if code is not None:
            return code if code >= 0 else 128 - code
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
        if 0 in ready and not os.read(0, 4096):
            return 128 + signal.SIGKILL


def end(child: int) -> None:
    """Kill until no process of the command is left, or patience is at its end."""
    last = time.monotonic() + PATIENCE
    with suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    while time.monotonic() < last:
        _reap(child)
        left = descendants(os.getpid())
        if not left:
            return
        for process in left:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)


def descendants(root: int) -> list[int]:
    """Every process below one that is not dead yet; none where the system keeps no list of them."""
    children: dict[int, list[int]] = {}
    dead: set[int] = set()
    try:
        names = os.listdir(_PROCESSES)  # noqa: PTH208 - as above
    except OSError:
        return []
    for name in filter(str.isdigit, names):
        with suppress(OSError), open(f"{_PROCESSES}/{name}/stat", "rb") as file:  # noqa: PTH123 - as above
            state, parent = file.read().rpartition(b")")[2].split()[:2]  # the name before it may hold anything
            children.setdefault(int(parent), []).append(int(name))
            if state in (b"Z", b"X"):
                dead.add(int(name))
    found = [root]
    for process in found:
        found += children.get(process, ())
    return [process for process in found[1:] if process not in dead]


def _reap(child: int) -> int | None:
    """Take note of every child that has ended; the exit code of the one asked for, when it is among them."""
    code = None
    with suppress(ChildProcessError):
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                break
            if process == child:
                code = os.waitstatus_to_exitcode(status)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
