"""One command, executed within a limit; how long what it starts may live is in `test_supervisor`."""

from __future__ import annotations

import os
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from mlops_ladder.assess.running import process
from mlops_ladder.assess.running.process import Run
from support.processes import gone, pid_in

SHELL = "/bin/bash"


def run(command: str, folder: Path, limit: float = 30, **more: str) -> Run:
    return process.run(command, SHELL, folder, {"PATH": os.environ["PATH"], **more}, limit)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Run("make", 0, 1.24, "done"), "ran `make`: exit 0 after 1.2 s"),
        (Run("make", 2, 0.06, "no rule"), "ran `make`: exit 2 after 0.1 s: no rule"),
        (Run("make", None, 3, "still here"), "ran `make`: stopped at the time limit after 3.0 s: still here"),
        (Run("make", 1, 0, ""), "ran `make`: exit 1 after 0.0 s"),
    ],
)
def test_a_line_of_evidence(done: Run, said: str) -> None:
    assert done.said == said


@pytest.mark.parametrize(
    ("command", "code", "tail"),
    [
        ("echo one; echo two >&2", 0, "two"),
        ("echo one; exit 3", 3, "one"),
        ("true", 0, ""),
        ("cat", 0, ""),  # nobody answers
        ("cat /dev/tty", 1, "cat: /dev/tty: No such device or address"),  # and no terminal is within reach
        ("pwd | sed s:.*/::", 0, "here"),
        ("printf 'a\\xff\\n'", 0, "a\ufffd"),
        ("printf '%300d' 1", 0, " " * 0 + "1"),
        ("printf 'x%.0s' {1..300}", 0, "x" * 200),
    ],
)
def test_a_command_is_executed_in_a_folder(tmp_path: Path, command: str, code: int, tail: str) -> None:
    (tmp_path / "here").mkdir()
    done = run(command, tmp_path / "here")

    assert (done.command, done.code, done.tail) == (command, code, tail)


def test_it_gets_the_environment_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    run("env > names", tmp_path, GIVEN="1")
    names = {line.partition("=")[0] for line in (tmp_path / "names").read_text().splitlines()}

    assert names - {"PWD", "SHLVL", "_", "LC_CTYPE"} == {"PATH", "GIVEN"}  # bash and Python add those


def test_at_the_limit_a_command_ends_with_all_its_children(tmp_path: Path) -> None:
    command = "echo begun; sleep 60 & echo $! > one; setsid sh -c 'echo $$ > two; exec sleep 60' & sleep 60"
    done = run(command, tmp_path, 1)

    assert (done.code, done.tail) == (None, "begun")
    assert 1 <= done.seconds < 10
    assert gone(pid_in(tmp_path / "one"))
    assert gone(pid_in(tmp_path / "two"))


def test_what_holds_on_to_the_output_does_not_hold_up_the_end(tmp_path: Path) -> None:
    done = run("setsid sleep 60 & echo done", tmp_path)

    assert (done.code, done.tail) == (0, "done")
    assert done.seconds < 20


def test_of_much_output_only_the_end_is_kept(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        done = run("yes | head -c 100000000; echo; echo the end", tmp_path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (done.code, done.tail) == (0, "the end")
    assert most < 2_000_000


def test_output_without_end_stops_at_the_limit(tmp_path: Path) -> None:
    done = run("yes", tmp_path, 0.5)

    assert (done.code, done.tail) == (None, "y")
    assert done.seconds < 10


def test_an_error_on_the_way_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        pid_in(tmp_path / "left")
        raise KeyboardInterrupt

    monkeypatch.setattr(process, "_read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("setsid sh -c 'echo $$ > left; exec sleep 60' & sleep 60", tmp_path)
    assert gone(pid_in(tmp_path / "left"))


def test_a_command_that_kills_its_supervisor_is_noticed(tmp_path: Path) -> None:
    done = run("sleep 5 & echo $! > left; kill -9 $PPID", tmp_path)
    left = pid_in(tmp_path / "left")
    os.kill(left, 9)  # what does that is no child of ours any more; the guide says so

    assert done.code == -9
    assert done.seconds < 20


def test_it_works_beside_the_main_thread(tmp_path: Path) -> None:
    """Signals can be put off in the main thread only."""
    found: list[Run] = []
    thread = threading.Thread(target=lambda: found.append(run("echo x", tmp_path)))
    thread.start()
    thread.join(30)

    assert [done.tail for done in found] == ["x"]


def test_the_time_is_that_of_the_command(tmp_path: Path) -> None:
    before = time.monotonic()
    done = run("sleep 0.3", tmp_path)

    assert 0.3 <= done.seconds <= time.monotonic() - before
