"""What the tests of the readers of tasks have in common."""

from __future__ import annotations

from mlops_ladder.facts.tasks.model import Task
from support.facts import facts_of, marked

Case = tuple[str, str, str]
"""A file, its text, and the script of the task in it."""


def named(name: str, texts: dict[str, str]) -> Task:
    """The one task of that name in a repository that holds these files."""
    (task,) = [task for task in facts_of(texts).tasks if task.name == name]
    return task


def words(script: str) -> list[list[str]]:
    """The words of each line: the space between them is no matter."""
    return [line.split() for line in script.strip().split("\n")]


def is_read(tool: str, case: Case) -> None:
    """The task `train` of a case has its tool, its script, and the marked line as its place."""
    path, text, script = case
    task = named("train", {path: text})

    assert (task.tool, words(task.script)) == (tool, words(script))
    assert task.where == f"{path}:{marked(text)}"
