"""Files of a folder without git: regular ones that no rule ignores."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_ladder.facts.source import walk as module
from mlops_ladder.facts.source.walk import walk
from support.facts import committed
from support.trees import write


def names(root: Path, start: str = "") -> list[str]:
    found, whole = walk(root, start)
    assert whole
    return sorted(found)


def test_regular_files_and_no_links_pipes_or_other_repositories(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x", "sub/b.py": "x", "sub/.hidden": "x", ".git/config": "x"})
    write(
        tmp_path, {"node_modules/x.js": "x", "sub/__pycache__/b.pyc": "x", "plain/.git": "gitdir: x", "plain/c.py": "x"}
    )
    committed(tmp_path / "nested", {"d.py": "x"})
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")

    assert names(tmp_path) == ["a.py", "sub/.hidden", "sub/b.py"]


def test_a_start_below_the_root_obeys_the_rules_above_it(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.csv\n/team/out\n", "a.py": "x", "team/.gitignore": "!keep.csv\n"})
    write(tmp_path, dict.fromkeys(["team/a.py", "team/a.csv", "team/keep.csv", "team/out/x", "team/sub/keep.csv"], "x"))

    assert names(tmp_path, "team") == ["team/.gitignore", "team/a.py", "team/keep.csv", "team/sub/keep.csv"]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("", ["a.log", "b.txt", "sub/a.log"]),
        ("*.log\n", ["b.txt"]),
        ("/a.log\n", ["b.txt", "sub/a.log"]),
        ("sub/\n", ["a.log", "b.txt"]),
        ("*\n!b.txt\n", ["b.txt"]),
        ("*.log\r\n", ["b.txt"]),
        ("# *.log\n\\#x\n", ["a.log", "b.txt", "sub/a.log"]),
        ("!\n*.log\n", ["b.txt"]),  # a malformed rule costs itself only
    ],
)
def test_rules(tmp_path: Path, rules: str, left: list[str]) -> None:
    write(tmp_path, {".gitignore": rules, "a.log": "x", "b.txt": "x", "sub/a.log": "x"})

    assert [name for name in names(tmp_path) if name != ".gitignore"] == left


def test_rules_behind_a_link_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"rules": "*.log\n", "repo/a.log": "x"})
    (tmp_path / "repo/.gitignore").symlink_to(tmp_path / "rules")

    assert names(tmp_path / "repo") == ["a.log"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert names(tmp_path, "none") == []


@pytest.mark.parametrize(("bound", "value"), [("MAX_FILES", 5), ("MAX_NAMES", 40)])
def test_folders_and_ignored_files_count_for_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    write(tmp_path, {".gitignore": "*.log\n", "a.log": "x", "b.log": "x"})
    for number in range(4):
        (tmp_path / f"empty{number}").mkdir()
    assert walk(tmp_path, "")[1]
    monkeypatch.setattr(module, bound, value)

    assert not walk(tmp_path, "")[1]
