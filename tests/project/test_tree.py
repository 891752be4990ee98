"""The hash of a project in memory: paths, modes and contents, in whatever order."""

from __future__ import annotations

import hashlib

import pytest

from mlops_ladder.project.tree import File, Tree, tree_hash

TREE: Tree = {"a.txt": File(b"a\n"), "sub/run.sh": File(b"#!/bin/sh\n", executable=True)}


def test_it_is_of_one_line_a_file_by_path() -> None:
    one, two = (hashlib.sha256(file.content).hexdigest() for file in TREE.values())
    lines = [f"644 {one} a.txt\n", f"755 {two} sub/run.sh\n"]
    assert tree_hash(TREE) == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert tree_hash({}) == hashlib.sha256().hexdigest()


def test_the_order_of_the_files_is_no_matter() -> None:
    assert tree_hash(dict(reversed(TREE.items()))) == tree_hash(TREE)


@pytest.mark.parametrize(
    "other",
    [
        TREE | {"a.txt": File(b"b\n")},
        TREE | {"a.txt": File(b"a\n", executable=True)},
        TREE | {"b.txt": File(b"")},
        {"b.txt": TREE["a.txt"], "sub/run.sh": TREE["sub/run.sh"]},
        {"a.txt": TREE["a.txt"]},
    ],
)
def test_any_difference_shows(other: Tree) -> None:
    assert tree_hash(other) != tree_hash(TREE)
