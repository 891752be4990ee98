"""`ladder assess --run`: what the evidence promises is executed, in a copy and under a time limit."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.assess.assess import verdicts
from mlops_ladder.assess.judge import Assessment, judge
from mlops_ladder.checks import Verdict
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.code.shell import parse_shell
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import DiskSource
from mlops_ladder.progress import Say

_BY_NAME = shutil.ignore_patterns(".venv", "venv", "node_modules", "__pycache__", "mlruns", ".tox", ".nox")
_TESTS = re.compile(r"\b(pytest|unittest|tox|nox|testthat)\b")


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


def assess_and_run(path: Path, limit: float, track: str, progress: Say, *, keep_going: bool = False) -> Assessment:
    """Assess a folder, then execute its set-up, its tests and its main job in a copy of it.

    A capability whose command fails or takes longer than `limit` seconds counts as missing.

    Raises:
        LadderError: there is no such folder, something in it cannot be copied, or there is no bash.
    """
    if shutil.which("bash") is None:
        raise LadderError(
            "bash was not found.", "--run needs it to execute commands; without --run nothing is executed."
        )
    facts = Facts(DiskSource(path))
    used, found = verdicts(facts, track, keep_going=keep_going)
    with tempfile.TemporaryDirectory(prefix="ladder-assess-") as scratch:
        copy = Path(scratch) / path.resolve().name
        try:
            shutil.copytree(path, copy, symlinks=True, ignore=_left_out)
        except shutil.Error as error:
            source, _, reason = error.args[0][0]
            raise LadderError(f"{source} cannot be copied: {reason}.", "Without --run nothing is copied.") from error
        failed = ""
        for command in set_up(facts):
            progress(command)
            done = run(command, copy, limit)
            failed = "" if done.code == 0 else done.said
        for capability, command in promised(facts).items():
            own = next(c for c in found if c.id == capability)
            if found[own].status != "met":
                continue
            progress(command)
            done = run(command, copy, limit)
            note = f"{failed}; {done.said}" if failed and done.code != 0 else done.said
            status = "met" if done.code == 0 else "missing"
            found[own] = (
                Verdict("met", (note, *found[own].evidence)) if status == "met" else Verdict("missing", (), note)
            )
    return judge(found, used, facts.files.unseen)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What is not copied: by its name, or because it is a pipe, a socket or a device."""
    kinds = {name: Path(folder, name).lstat().st_mode for name in names}
    plain = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)
    return {*_BY_NAME(folder, names), *(name for name, kind in kinds.items() if not any(is_(kind) for is_ in plain))}


def set_up(facts: Facts) -> list[str]:
    """The command that installs the project, if a task file names one."""
    for tool in ("make", "just"):
        for task in facts.tasks:
            if task.tool == tool and not task.folder and task.name in ("setup", "install", "init", "deps"):
                return [f"{tool} {task.name}"]
    return []


def promised(facts: Facts) -> dict[str, str]:
    """Capability -> the command that its evidence says works."""
    commands: dict[str, str] = {}
    for job in facts.ci:
        for step in job.steps:
            for command in parse_shell(step.run, step.folder):
                opened = facts.graph.commands(command.text, command.folder)
                if any(_TESTS.search(inner.line) for inner in opened) and "$" not in command.text:
                    there = f"cd {shlex.quote(command.folder)} && " if command.folder else ""
                    commands.setdefault("ci-tests", f"{there}{command.text}")
    for task in facts.tasks:
        if task.folder or task.tool not in ("make", "just", "dvc"):
            continue
        if task.name in ("test", "tests"):
            commands.setdefault("unit-tests", f"{task.tool} {task.name}")
        if facts.graph.of_task(task) & facts.ml.train_nodes:
            line = "dvc repro" if task.tool == "dvc" else f"{task.tool} {task.name}"
            if task.name in ("run", "train", "all", "pipeline", "reproduce") or task.tool == "dvc":
                commands.setdefault("one-command", line)
    if commands.get("unit-tests") == commands.get("ci-tests"):
        commands.pop("unit-tests", None)
    return commands


def run(command: str, folder: Path, limit: float) -> Run:
    """Execute a shell command in a folder; after `limit` seconds it is ended with all its children."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code: int | None
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(max(0, output.tell() - 2000))
        lines = output.read().decode("utf-8", "replace").strip().splitlines()
    return Run(command, code, time.monotonic() - start, lines[-1].strip()[:200] if lines else "")
