from __future__ import annotations

import tomllib
from typing import Any

import pytest

from mlops_ladder.facts.read.toml import key_lines

TEXT = '''\
# train = "in a comment"
title = "train a model"
dotted.key = 1

[project]
description = """
train = "not a key"
[tool.poe.tasks]
"""
dependencies = [
  "train",  # train = 1
  "x[train]>=1",
]
scripts = { train = "pkg:main", "quo ted" = 'it''s' }

[tool.poe.tasks]
train = "python train.py"
"evaluate it" = { cmd = "x", env = { A = "1" } }
list = [
  { cmd = "a" },
  { shell = "b" },
]

[[tool.many]]
name = 1
[[tool.many]]
name = 2

[tool . "dotted.table"]
last = 1979-05-27T07:32:00Z
'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("dotted", "key"), 3),
        (("project",), 5),
        (("project", "description"), 6),
        (("project", "dependencies"), 10),
        (("project", "scripts", "train"), 14),
        (("project", "scripts", "quo ted"), 14),
        (("tool", "poe", "tasks"), 16),
        (("tool", "poe", "tasks", "train"), 17),
        (("tool", "poe", "tasks", "evaluate it", "env", "A"), 18),
        (("tool", "poe", "tasks", "list", "shell"), 21),
        (("tool", "many", "name"), 25),
        (("tool", "dotted.table", "last"), 30),
    ],
)
def test_a_key_is_found_in_its_table(path: tuple[str, ...], line: int) -> None:
    assert key_lines(TEXT)[path] == line


def paths(value: Any, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(value, list):
        return {path for item in value for path in paths(item, above)}
    if not isinstance(value, dict):
        return set()
    return {(*above, key) for key in value} | {p for key, item in value.items() for p in paths(item, (*above, key))}


def test_exactly_the_keys_that_the_standard_library_reads() -> None:
    assert set(key_lines(TEXT)) == paths(tomllib.loads(TEXT))


@pytest.mark.parametrize("text", ["", "]]]", "= = =", "a = [", 'a = "', "[", "a", "\x00", "a = {b = {", "a.b.", "🙂"])
def test_what_is_no_toml_ends(text: str) -> None:
    assert isinstance(key_lines(text), dict)
