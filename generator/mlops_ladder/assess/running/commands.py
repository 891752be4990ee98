"""What would be executed: the commands that the evidence says work, each with the place that names it."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mlops_ladder.assess.running.bare import bare
from mlops_ladder.facts.code.shell import Command, parse_shell
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.tasks.model import Task

_SET_UP = ("setup", "install", "init", "deps")
_TESTS = ("test", "tests")
_PIP = re.compile(r"\b(pip[\d.]*|pipenv|pdm|poetry)\b")
_RUNNER = re.compile(r"\b(pytest|unittest|tox|nox|testthat)\b")
_MAIN = ("run", "train", "all", "pipeline", "reproduce")


@dataclass(frozen=True)
class Planned:
    """A command to execute in the assessed folder, the capability that it is evidence for, and what names it.

    What sets the project up is evidence for none ("").
    """

    command: str
    capability: str
    where: str


def set_up(facts: Facts) -> list[Planned]:
    """The command that installs the project, if a task file of the assessed folder names one."""
    for tool in ("make", "just"):
        for task in facts.tasks:
            if task.tool == tool and task.folder == facts.files.base and task.name in _SET_UP:
                return [Planned(f"{tool} {task.name}", "", task.where)]
    return []


def uses_pip(facts: Facts, commands: Sequence[Planned]) -> bool:
    """Whether commands, tasks and scripts opened up, name a program that installs into the Python on the path."""
    opened = (inner for planned in commands for inner in facts.graph.commands(planned.command, facts.files.base))
    return any(_PIP.search(inner.text) for inner in opened)


def promised(facts: Facts) -> list[Planned]:
    """The command that the evidence of each capability says works; two capabilities may name the same."""
    found: dict[str, Planned] = {}
    for planned in (*islice(_of_ci(facts), 1), *_of_tasks(facts)):
        found.setdefault(planned.capability, planned)
    return list(found.values())


def _of_ci(facts: Facts) -> Iterator[Planned]:
    for job in facts.ci:
        for step in job.steps:
            lines = step.run.split("\n")
            for command in parse_shell(step.run, step.folder):
                line = bare(lines, command)
                if line and _tests(facts, command, line):
                    there = posixpath.relpath(command.folder or ".", facts.files.base or ".")
                    yield Planned(_there(line, there), "ci-tests", f"{job.file}:{step.at(command.offset)}")


def _tests(facts: Facts, command: Command, line: tuple[str, ...]) -> bool:
    """Whether a command that may be executed runs tests: a runner does, a task where something in it does."""
    if line[0] not in ("make", "just", "dvc"):
        return True
    known = {(task.tool, task.name) for task in facts.tasks if task.folder == command.folder}
    if line[0] != "dvc" and (line[0], line[1]) not in known:
        return False
    return any(_RUNNER.search(inner.line) for inner in facts.graph.commands(command.text, command.folder))


def _of_tasks(facts: Facts) -> Iterator[Planned]:
    for task in facts.tasks:
        if task.folder != facts.files.base or task.tool not in ("make", "just", "dvc"):
            continue
        if task.name in _TESTS and task.tool != "dvc":
            yield Planned(f"{task.tool} {task.name}", "unit-tests", task.where)
        if (task.name in _MAIN or task.tool == "dvc") and facts.graph.of_task(task) & facts.ml.train_nodes:
            yield Planned(_line(task), "one-command", task.where)


def _line(task: Task) -> str:
    return "dvc repro" if task.tool == "dvc" else f"{task.tool} {task.name}"


def _there(line: tuple[str, ...], folder: str) -> str:
    """The words as the shell takes them literally, in the folder that CI runs them in, seen from the assessed one."""
    text = shlex.join(line)
    return text if folder == "." else f"cd {shlex.quote(folder)} && {text}"
