"""What git says of a work tree: its files, those that it tracks, and those whose content it holds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mlops_ladder.assess.running.scratch import remove
from mlops_ladder.facts.source.worktree import Listing, work_tree
from support.facts import committed, git_at
from support.trees import nested, write


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    committed(tmp_path / "repo", {"a.py": "x", "team/b.py": "x", ".gitignore": "*.log\n", ".gitlab-ci.yml": "x"})
    return tmp_path / "repo"


def listed(root: Path, base: str = "") -> Listing:
    found = work_tree(root, base)
    assert found is not None
    return found


def test_tracked_files_and_those_that_no_rule_ignores(repo: Path) -> None:
    write(repo, {"new.py": "x", "run.log": "x"})
    found = listed(repo)

    assert found.paths == [".gitignore", ".gitlab-ci.yml", "a.py", "new.py", "team/b.py"]
    assert found.tracked == {".gitignore", ".gitlab-ci.yml", "a.py", "team/b.py"}
    assert found.held == found.tracked
    assert found.names == {}


def test_a_folder_of_it_with_what_the_root_keeps_for_it(repo: Path) -> None:
    write(repo, {"team/new.py": "x", "other/new.py": "x"})
    found = listed(repo, "team")

    assert found.paths == [".gitignore", ".gitlab-ci.yml", "team/b.py", "team/new.py"]
    assert found.tracked == {".gitignore", ".gitlab-ci.yml", "team/b.py"}


def test_a_tracked_file_that_is_gone_or_a_link_now(repo: Path) -> None:
    (repo / "a.py").unlink()
    (repo / "team/b.py").unlink()
    (repo / "team/b.py").symlink_to(repo / ".gitignore")

    assert listed(repo).paths == [".gitignore", ".gitlab-ci.yml"]


def test_depth_is_no_obstacle(repo: Path) -> None:
    nested(repo, 1200)
    git_at(repo, "add", "--all")
    try:
        assert f"{'d/' * 1200}file" in listed(repo).paths
    finally:
        remove(repo)  # pytest cannot


def test_nothing_where_git_does_not_answer(repo: Path, tmp_path: Path) -> None:
    write(tmp_path / "plain", {"a.py": "x"})
    write(repo / "inner", {".git/HEAD": "nonsense", "a.py": "x"})

    assert work_tree(tmp_path / "plain", "") is None
    assert work_tree(repo / "inner", "") is None  # and not the repository above it


def test_of_what_lfs_keeps_git_holds_a_pointer_only(repo: Path) -> None:
    write(repo, {"team/.gitattributes": "*.bin filter=lfs\n", "team/a.bin": "x", "a.bin": "x"})
    git_at(repo, "-c", "filter.lfs.clean=cat", "add", ".")
    found = listed(repo)

    assert found.tracked is not None
    assert found.held == found.tracked - {"team/a.bin"}
    assert {"team/a.bin", "a.bin"} <= found.tracked


def test_without_git_nobody_knows_what_it_holds(tmp_path: Path) -> None:
    assert Listing(tmp_path, ["a.py"], None, {}).held is None


def test_a_name_that_is_not_utf8_can_be_shown_and_found(repo: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.py")
    shutil.copy(repo / "a.py", repo / odd)
    found = listed(repo)

    assert found.names == {r"caf\xe9.py": odd}
    assert r"caf\xe9.py" in found.paths
