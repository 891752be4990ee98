"""Where a project may be lifted, to which branch, and what may lie in the way: nothing is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.lift.guards import check_branch, check_way, inspect
from mlops_ladder.project.lock import LARGEST, LOCK
from support.repos import files, git, isolate, lock_in, save, start, state
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture(params=["", "app dir/"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    base = files(("a.txt", "a\n"), ("sub/b.txt", "b\n"), (".gitignore", "*.log\n"))
    return start(tmp_path / "repo", base, prefix=request.param)


def test_a_project_with_its_lock_as_it_is_committed(project: Path) -> None:
    found = inspect(project)

    assert found.project == project
    assert found.lock == lock_in(project)
    assert set(found.mine) == {LOCK, "a.txt", "sub/b.txt", ".gitignore"}


def test_a_project_without_a_committed_lock_is_refused(project: Path) -> None:
    text = (project / LOCK).read_bytes()
    git(project, "rm", "-q", LOCK)
    git(project, "commit", "-q", "-m", "no lock")
    with pytest.raises(LadderError, match=f"{LOCK} was deleted in commit ") as caught:
        inspect(project)
    way = caught.value.hint.partition(": ")[2]
    done = subprocess.run(["sh", "-c", way], cwd=project, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert inspect(project).lock == lock_in(project)
    git(project, "rm", "-q", LOCK)
    git(project, "commit", "-q", "-m", "no lock once more")
    (project / LOCK).write_bytes(text)
    with pytest.raises(LadderError, match="is not committed"):
        inspect(project)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("new", ""),
        ("main", ""),  # the one that is checked out
        ("ladder/level-2", ""),
        ("taken", "There is a branch taken already"),
        ("taken/more", "There is a branch taken already"),
        ("deep", "There is a branch deep/er already"),
        ("a..b", "'a..b' is no name for a branch"),
        ("-x", "is no name for a branch"),
        ("", "is no name for a branch"),
    ],
)
def test_names_of_branches(project: Path, name: str, words: str) -> None:
    git(project, "branch", "taken")
    git(project, "branch", "deep/er")
    repo = inspect(project)
    if not words:
        check_branch(repo, name)
        return
    with pytest.raises(LadderError, match=words) as caught:
        check_branch(repo, name)
    assert "--branch" in caught.value.hint


@pytest.mark.parametrize(
    ("path", "obstacle"),
    [
        ("new.txt", ""),
        ("sub/new.txt", ""),
        ("fresh/new.txt", ""),
        ("untracked.txt", "untracked.txt"),
        ("out.log", "out.log"),  # git would write over it without a word
        ("link/new.txt", "link"),
        ("file.log/new.txt", "file.log"),
        ("empty", "empty"),
        ("sub", ""),  # a folder that git holds
        ("a.txt/new.txt", ""),  # a file that git holds
    ],
)
def test_what_lies_where_a_file_is_to_come(project: Path, path: str, obstacle: str) -> None:
    write(project, {"untracked.txt": "x", "out.log": "x", "file.log": "x"})
    (project / "link").symlink_to(project.parent)
    (project / "empty").mkdir()
    repo = inspect(project)
    before = state(repo.top)
    if not obstacle:
        check_way(repo, [repo.prefix + path], [])
    else:
        with pytest.raises(LadderError) as caught:
            check_way(repo, [repo.prefix + path], [])
        assert caught.value.message.startswith(f"{repo.prefix}{obstacle} is in the way: the result brings")
    assert state(repo.top) == before


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_edits_that_git_was_told_not_to_see(project: Path, flag: str) -> None:
    git(project, "update-index", flag, "a.txt")
    repo = inspect(project)
    check_way(repo, [], [])
    check_way(repo, [], [f"{repo.prefix}sub/b.txt"])
    with pytest.raises(LadderError, match=r"a\.txt is marked as unchanged") as caught:
        check_way(repo, [], [f"{repo.prefix}a.txt"])
    assert "git update-index --no-" in caught.value.hint


def test_a_sparse_file_that_is_not_on_disk_cannot_be_lost(project: Path) -> None:
    git(project, "update-index", "--skip-worktree", "a.txt")
    repo = inspect(project)
    (project / "a.txt").unlink()

    check_way(repo, [], [f"{repo.prefix}a.txt"])


def test_a_lock_that_is_too_large_is_not_read(project: Path) -> None:
    with (project / LOCK).open("ab") as lock:
        lock.write(b"#" * LARGEST)
    save(project)
    with pytest.raises(LadderError, match="has more than 4,000,000 bytes"):
        inspect(project)


def test_a_lock_that_was_broken_by_a_commit_has_a_last_good_one(project: Path) -> None:
    good = (project / LOCK).read_bytes()
    (project / LOCK).write_bytes(good + b"<<<<<<< HEAD\n")
    save(project)
    (project / LOCK).write_bytes(good + b"<<<<<<< HEAD\n=======\n")
    save(project)
    with pytest.raises(LadderError) as caught:
        inspect(project)
    git(project, *caught.value.hint.partition(": git ")[2].split())
    assert (project / LOCK).read_bytes() == good


def test_a_lock_that_is_a_link_is_no_lock(project: Path, tmp_path: Path) -> None:
    (project / LOCK).rename(tmp_path / "lock")
    (project / LOCK).symlink_to(tmp_path / "lock")
    save(project)
    with pytest.raises(LadderError, match="something else than a file"):
        inspect(project)
