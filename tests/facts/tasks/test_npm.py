"""Scripts of a package.json, each with the line that names it."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.tasks import Case, is_read

# In each, the task is called `train`, and its line is marked; its name stands in comments and descriptions before.
CASES: dict[str, Case] = {
    "npm": (
        "package.json",
        """\
        {
        \t"name": "train",
        \t"config": {"train": 1},
        \t"scripts": {
        \t\t"train": "python train.py HERE"
        \t}
        }
        """,
        "python train.py HERE",
    ),
}


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    is_read(tool, CASES[tool])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", "[]"), ("package.json", '{"scripts": ["a"]}'),
    ],
)  # fmt: skip
def test_what_is_malformed_holds_no_task(path: str, text: str) -> None:
    assert facts_of({path: text}).tasks == []


def test_the_lines_of_scripts_whose_names_stand_elsewhere_too() -> None:
    text = '{\n "scripts": {\n  "b": "a",\n  "a": "\\"b\\": 1",\n  "é.*": "c",\n  "\\u0061b": "d",\n  "z": "e"\n }\n}'
    tasks = facts_of({"package.json": text}).tasks

    assert [(task.name, task.line) for task in tasks] == [("b", 3), ("a", 4), ("é.*", 5), ("ab", 5), ("z", 5)]
