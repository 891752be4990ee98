"""A bound on the time of a block that reads what strangers wrote; it holds inside of a regular expression, too."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 1.0  # seconds after which it is raised anew, should a destructor or a callback have swallowed it
LONGEST = 1e9  # seconds; no system has an alarm that rings later than it can count


class OutOfTime(BaseException):
    """The time is over. Not an `Exception`, since no handler on the way out may take it for an error of its own."""


@contextmanager
def deadline(seconds: float) -> Iterator[Callable[[], None]]:
    """Raise `OutOfTime` in the block once it has run for so long. What it yields raises it where it is called too late.

    Where the system has no alarm (Windows), or in another thread than the main one, only that call ends the block.
    """
    seconds = min(max(1e-6, seconds), LONGEST)
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() >= end:
            raise OutOfTime

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield check
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
            yield check
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # once more, since it may have rung on the way to the last line; it does not ring twice so soon
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
