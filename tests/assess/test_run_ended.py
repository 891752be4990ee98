"""`ladder assess --run` as a process of its own: however it ends, nothing that it started goes on or stays."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.env import clean
from support.processes import gone, pid_in
from support.terminal import CTRL_C, Terminal
from support.trees import write

TRAIN = "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"
LADDER = (sys.executable, "-m", "mlops_ladder", "assess", "r", "--run", "--json")


def project(tmp_path: Path, *recipe: str) -> None:
    """A repository whose main job leaves processes behind, says so in files outside, and goes on with a recipe."""
    left = [
        f"sleep 1000 & echo $$! > {tmp_path}/background",
        f"setsid sh -c 'echo $$$$ > {tmp_path}/session; exec sleep 1000' &",
        f"until test -s {tmp_path}/session; do sleep 0.01; done",
        *("mkdir -p closed/in && touch closed/in/file && chmod 0 closed/in/file && chmod 0500 closed/in closed",),
        f"touch {tmp_path}/begun",
    ]
    lines = "".join(f"\t{line}\n" for line in (*left, *recipe))
    makefile = f".ONESHELL:\nrun:\n{lines}\t: python train.py\n"
    write(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile})
    (tmp_path / "temporary").mkdir()


def environment(tmp_path: Path) -> dict[str, str]:
    return clean(tmp_path / "home", TMPDIR=str(tmp_path / "temporary"))


@contextmanager
def ladder(tmp_path: Path, *words: str, **options: object) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own that ends with the block."""
    process = subprocess.Popen(
        [*LADDER, "--yes", *words],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def left(tmp_path: Path) -> list[str]:
    """What goes on or stays: processes by the name of their file, and temporary folders."""
    on = [name for name in ("background", "session") if not gone(pid_in(tmp_path / name))]
    return on + [path.name for path in (tmp_path / "temporary").iterdir()]


def status(output: str) -> str:
    found = next(finding for finding in json.loads(output)["findings"] if finding["id"] == "one-command")
    return str(found["status"])


@pytest.mark.parametrize(
    ("recipe", "words", "expected"),
    [("true", (), "met"), ("exit 1", (), "missing"), ("sleep 1000", ("--limit", "2"), "missing")],
    ids=["success", "failure", "timeout"],
)
def test_after_its_end_nothing_is_left(tmp_path: Path, recipe: str, words: tuple[str, ...], expected: str) -> None:
    project(tmp_path, recipe)
    with ladder(tmp_path, *words) as process:
        output, errors = process.communicate(timeout=60)

    assert (process.returncode, status(output)) == (0, expected), errors
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=lambda value: str(value),
)
def test_after_an_interrupt_nothing_is_left(tmp_path: Path, number: signal.Signals, code: int) -> None:
    project(tmp_path, "sleep 1000")
    with ladder(tmp_path) as process:
        pid_in(tmp_path / "session")
        process.send_signal(number)
        process.communicate(timeout=60)

    assert process.returncode == code
    assert left(tmp_path) == []


def test_when_ladder_is_killed_its_commands_end_too(tmp_path: Path) -> None:
    """The folder stays: there is nobody left to remove it."""
    project(tmp_path, "sleep 1000")
    with ladder(tmp_path) as process:
        pid_in(tmp_path / "session")
        process.kill()
        process.communicate(timeout=60)

    assert [name for name in left(tmp_path) if not name.startswith("ladder-assess-")] == []


def test_much_output_needs_neither_memory_nor_disk(tmp_path: Path) -> None:
    """More output than memory can be had for, where no file of more than 5 MB can be written at all."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))
        resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))

    project(tmp_path, "yes | head -c 400000000")
    with ladder(tmp_path, preexec_fn=bounded) as process:
        output, _ = process.communicate(timeout=120)

    assert (process.returncode, status(output)) == (0, "met")


def test_on_a_terminal_it_is_asked_and_no_is_the_default(tmp_path: Path) -> None:
    project(tmp_path)
    with Terminal(LADDER, tmp_path, environment(tmp_path)) as terminal:
        terminal.expect("make run")
        terminal.expect("Execute them? [y/N]")
        terminal.type("\r")
        terminal.expect("Nothing was executed.")
        assert terminal.end() == 2
    assert not (tmp_path / "begun").exists()


def test_on_a_terminal_yes_is_enough(tmp_path: Path) -> None:
    project(tmp_path)
    with Terminal(LADDER, tmp_path, environment(tmp_path)) as terminal:
        terminal.expect("Execute them? [y/N]")
        terminal.type("y\r")
        terminal.expect('"findings"')
        assert terminal.end() == 0
    assert left(tmp_path) == []


def test_ctrl_c_on_a_terminal_ends_everything(tmp_path: Path) -> None:
    project(tmp_path, "sleep 1000")
    with Terminal([*LADDER, "--yes"], tmp_path, environment(tmp_path)) as terminal:
        pid_in(tmp_path / "session")
        terminal.type(CTRL_C)
        assert terminal.end() == 130
    assert left(tmp_path) == []
