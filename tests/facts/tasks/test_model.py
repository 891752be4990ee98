"""What every reader of tasks makes of a configuration, whatever its shape."""

from __future__ import annotations

from typing import Any

import pytest

from mlops_ladder.facts.tasks.model import Task, entries, folder_of, strings


def test_a_task_is_cited_by_its_line() -> None:
    assert Task("make", "fit", "ml/Makefile", 7, "ls").where == "ml/Makefile:7"


@pytest.mark.parametrize(("path", "folder"), [("Makefile", ""), ("ml/Makefile", "ml"), ("a/b/dvc.yaml", "a/b")])
def test_the_folder_of_a_file(path: str, folder: str) -> None:
    assert folder_of(path) == folder


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("ls", ["ls"]),
        (["ls", ["pwd", {"cmd": "id"}]], ["ls", "pwd", "id"]),
        ({"shell": "ls", "env": "x"}, ["ls"]),
        ({"sequence": ["a", {"cmd": "b"}], "help": "c"}, ["a", "b"]),
        ({"data.csv": {"cache": False}}, ["data.csv"]),
        (None, []),
        (3, []),
        ([3, None, True], []),
    ],
)
def test_texts_of_a_configuration(value: Any, texts: list[str]) -> None:
    assert strings(value) == texts


def test_pairs_of_a_mapping_inside_others() -> None:
    table = {"tool": {"poe": {"tasks": {"fit": "ls", "show": 3}}, "pdm": "x"}}

    assert entries(table, "tool", "poe", "tasks") == [("fit", "ls"), ("show", 3)]
    assert entries(table) == [("tool", table["tool"])]
    for keys in (("tool", "poe", "none"), ("tool", "pdm", "scripts"), ("tool", "pdm"), ("x",)):
        assert entries(table, *keys) == []
    assert entries([1], "tool") == entries(None) == []
