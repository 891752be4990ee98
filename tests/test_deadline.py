"""A bound that holds wherever the block is: in Python, in a regular expression, in a wait."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from mlops_ladder.deadline import OutOfTime, deadline


def loop() -> None:
    while True:
        pass


def match() -> None:
    re.match("(a|aa)+$", "a" * 80 + "b")


def wait() -> None:
    subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], check=True)


class Deaf:
    """A destructor in which an exception is lost."""

    def __del__(self) -> None:
        time.sleep(1.0)


def lost() -> None:
    Deaf()
    loop()


@pytest.mark.parametrize("block", [loop, match, wait, lost])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_block_ends(block: Callable[[], None]) -> None:
    before = time.monotonic()
    with pytest.raises(OutOfTime), deadline(0.3):
        block()
    assert time.monotonic() - before < 20


def test_no_handler_of_errors_keeps_it() -> None:
    def library() -> None:
        try:
            loop()
        except Exception:
            pytest.fail("kept")

    with pytest.raises(OutOfTime), deadline(0.1):
        library()


def test_afterwards_all_is_as_before() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with deadline(60):
        pass

    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_alarm_in_the_last_moment_leaves_no_other_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGALRM)
    clear = signal.setitimer
    late = [True]

    def ringing(which: int, seconds: float, again: float = 0.0) -> None:
        if not seconds and late:
            late.clear()
            signal.raise_signal(signal.SIGALRM)
        clear(which, seconds, again)

    monkeypatch.setattr(signal, "setitimer", ringing)
    with pytest.raises(OutOfTime), deadline(60):
        pass

    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("seconds", [float("inf"), 1e300, 1e12])
def test_any_number_is_a_time(seconds: float) -> None:
    with deadline(seconds) as check:
        check()


@pytest.mark.parametrize("seconds", [float("nan"), 0.0, -1.0])
def test_what_is_no_time_is_over_at_once(seconds: float) -> None:
    with pytest.raises(OutOfTime), deadline(seconds):
        loop()


def test_without_an_alarm_the_next_question_ends_it() -> None:
    ended: list[bool] = []

    def block() -> None:
        with deadline(0.05) as check:
            check()
            time.sleep(0.1)
            try:
                check()
            except OutOfTime:
                ended.append(True)

    thread = threading.Thread(target=block)
    thread.start()
    thread.join(20)

    assert ended == [True]
