"""The small program that a command runs under: nothing of the command outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_ladder.assess.running import supervisor
from support.processes import gone, pid_in

SHELL = "/bin/sh"


def started(command: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", supervisor.__file__, SHELL, command],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[bytes], *, let_go: bool = False) -> tuple[int, bytes]:
    """Its exit code and output; `communicate` would close the lifeline at once."""
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        if let_go:
            process.stdin.close()
        return process.wait(30), process.stdout.read()


@pytest.mark.parametrize(
    ("command", "code", "output"),
    [
        ("echo one", 0, b"one\n"),
        ("exit 3", 3, b""),
        ("kill -9 $$", 137, b""),
        ("cat", 0, b""),  # it does not get the lifeline
        ("sh -c 'exit 4' & wait $!", 4, b""),
        ("kill $PPID; kill -HUP $PPID; kill -INT $PPID; echo still", 0, b"still\n"),
    ],
)
def test_its_exit_code_is_the_commands(tmp_path: Path, command: str, code: int, output: bytes) -> None:
    assert ended(started(command, tmp_path)) == (code, output)


LEFT_BEHIND = {
    "in the background": "sleep 1000 & echo $! > left",
    "in a session of its own": "setsid sh -c 'echo $$ > left; exec sleep 1000' & until test -s left; do :; done",
    "without a parent": "(setsid sh -c 'echo $$ > left; exec sleep 1000' &); until test -s left; do sleep 0.01; done",
    "deaf": "sh -c 'trap \"\" TERM HUP INT; echo $$ > left; sleep 1000; sleep 1000' & until test -s left; do :; done",
    "stopped": "sleep 1000 & echo $! > left; kill -STOP $!",
}


@pytest.mark.parametrize("how", LEFT_BEHIND)
@pytest.mark.parametrize("then", ["exit 0", "exit 1", "kill -9 $$", "sleep 1000"])
def test_nothing_is_left_however_it_ends(tmp_path: Path, how: str, then: str) -> None:
    process = started(f"{LEFT_BEHIND[how]}\n{then}", tmp_path)
    left = pid_in(tmp_path / "left")
    code, _ = ended(process, let_go=then.startswith("sleep"))

    assert gone(left)
    assert code == {"exit 0": 0, "exit 1": 1}.get(then, 137)


def test_the_next_generation_is_found_too(tmp_path: Path) -> None:
    """A child of a session of its own, whose parent is killed first."""
    process = started("setsid sh -c 'sh -c \"echo \\$\\$ > left; exec sleep 1000\"; :' & sleep 1000", tmp_path)
    left = pid_in(tmp_path / "left")
    ended(process, let_go=True)

    assert gone(left)


def test_descendants_are_found_at_any_depth_and_the_dead_are_not(tmp_path: Path) -> None:
    with subprocess.Popen(["sh", "-c", "sh -c 'echo $$ > in; sleep 1000; :'; :"], cwd=tmp_path) as outer:
        inner = pid_in(tmp_path / "in")
        found = supervisor.descendants(os.getpid())
        assert {outer.pid, inner} <= set(found)
        assert outer.pid not in supervisor.descendants(outer.pid)
        for process in supervisor.descendants(outer.pid):
            os.kill(process, signal.SIGKILL)
        os.kill(outer.pid, signal.SIGKILL)  # `Popen.kill` may take note of its end
        os.waitid(os.P_PID, outer.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet taken note of
        assert outer.pid not in supervisor.descendants(os.getpid())


def test_where_no_processes_are_listed_the_group_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_PROCESSES", str(tmp_path / "none"))
    command = ["sh", "-c", "sleep 1000 & echo $! > left; sleep 1000"]
    with subprocess.Popen(command, cwd=tmp_path, process_group=0) as child:
        left = pid_in(tmp_path / "left")
        supervisor.adopt()
        assert supervisor.descendants(os.getpid()) == []
        monkeypatch.setattr(supervisor, "_reap", lambda _: None)  # this process has children of its own
        supervisor.end(child.pid)
        assert child.wait(30) == -signal.SIGKILL
    assert gone(left)
