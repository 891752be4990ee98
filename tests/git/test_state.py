"""Where a folder stands in its repository, and whether that is clean and at rest; nothing here writes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git
from mlops_ladder.git.state import Entry, check_at_rest, check_clean, check_identity, checkout, listing
from support.env import enter
from support.repos import git, isolate, save, state
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = write(tmp_path / "repo", {"a.txt": "a\n", "sub dir/b.txt": "b\n", "sub dir/run.sh": "x\n"})
    git(folder, "init", "-q")
    save(folder)
    return folder


def refusal(folder: Path) -> LadderError:
    with pytest.raises(LadderError) as caught:
        checkout(folder)
    assert caught.value.hint
    return caught.value


def test_a_folder_at_the_top_of_its_repository(repo: Path) -> None:
    found = checkout(repo)

    assert (found.top, found.prefix, found.branch, found.folder) == (repo, "", "main", repo)
    assert found.head == git(repo, "rev-parse", "HEAD").strip()
    assert list(found.mine) == ["a.txt", "sub dir/b.txt", "sub dir/run.sh"]


def test_a_folder_below_it_has_its_own_files_and_git_runs_at_the_top(repo: Path) -> None:
    found = checkout(repo / "sub dir")

    assert (found.top, found.prefix, found.folder) == (repo, "sub dir/", repo / "sub dir")
    assert {path: entry.mode for path, entry in found.mine.items()} == {"b.txt": "100644", "run.sh": "100755"}
    assert found.git.line("rev-parse", "--show-prefix") == ""


def test_a_folder_that_is_not_committed_has_no_files(repo: Path) -> None:
    (repo / "new").mkdir()

    assert checkout(repo / "new").mine == {}


def test_a_head_without_a_branch(repo: Path) -> None:
    git(repo, "checkout", "-q", "--detach")

    assert checkout(repo).branch == ""


def test_where_there_is_no_commit_or_no_repository(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "unborn").mkdir()
    git(tmp_path / "unborn", "init", "-q")
    git(tmp_path, "clone", "-q", "--bare", str(repo), str(tmp_path / "bare"))

    assert "is not a folder" in refusal(repo / "a.txt").message
    assert "is not in a git repository" in refusal(tmp_path / "plain").message
    assert refusal(tmp_path / "unborn").message == "The repository has no commit yet."
    assert "has no work tree" in refusal(tmp_path / "bare").message


@pytest.mark.parametrize(("version", "refused"), [("2.37.9", True), ("1.99", True), ("2.38.0", False), ("3.0", False)])
def test_the_version_of_git(repo: Path, monkeypatch: pytest.MonkeyPatch, version: str, refused: bool) -> None:
    line = Git.line

    def said(self: Git, *args: str) -> str:
        return f"git version {version}" if args == ("--version",) else line(self, *args)

    monkeypatch.setattr(Git, "line", said)
    if refused:
        assert refusal(repo).message == f"git version {version} is too old."
    else:
        assert checkout(repo).branch == "main"


def test_a_listing_has_modes_ids_and_odd_names(repo: Path) -> None:
    write(repo, {"tab\there": "x\n", "é": "x\n"})
    (repo / "link").symlink_to("a.txt")
    save(repo)
    found = listing(Git(repo), "HEAD")

    assert list(found) == ["a.txt", "link", "sub dir/b.txt", "sub dir/run.sh", "tab\there", "é"]
    assert found["a.txt"] == Entry("100644", git(repo, "hash-object", "a.txt").strip())
    assert found["link"].mode == "120000"
    assert found["é"] == found["tab\there"]


def test_tracked_files_with_changes_are_named(repo: Path) -> None:
    write(repo, {"new.txt": "untracked files are no matter"})
    check_clean(Git(repo))
    write(repo, {"a.txt": "changed\n"})
    with pytest.raises(LadderError, match=r"not committed: a\.txt\."):
        check_clean(Git(repo))
    (repo / "sub dir/b.txt").unlink()
    git(repo, "add", "a.txt")
    with pytest.raises(LadderError, match=r"not committed: a\.txt and 1 more\.") as caught:
        check_clean(Git(repo))
    assert "git stash" in caught.value.hint


def test_an_operation_in_progress_is_named_with_its_way_out(repo: Path) -> None:
    check_at_rest(Git(repo))
    for name, text in (("one", "1\n"), ("two", "2\n")):
        git(repo, "switch", "-q", "-c", name, "main")
        write(repo, {"a.txt": text})
        save(repo)
    for verb, way_out in (("merge", "git merge"), ("cherry-pick", "git cherry-pick"), ("rebase", "git rebase")):
        assert subprocess.run(["git", verb, "one"], cwd=repo, capture_output=True, check=False).returncode
        with pytest.raises(LadderError, match=f"A {verb} is in progress") as caught:
            check_at_rest(Git(repo))
        assert f"{way_out} --continue or --abort" in caught.value.hint
        git(repo, verb, "--abort")
        check_at_rest(Git(repo))
    git(repo, "bisect", "start")
    with pytest.raises(LadderError, match="A bisect is in progress"):
        check_at_rest(Git(repo))


def test_who_commits(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_identity(Git(repo))
    enter(tmp_path / "nobody", monkeypatch, known=False)
    git(repo, "config", "user.useConfigOnly", "true")
    with pytest.raises(LadderError, match="git does not know who you are") as caught:
        check_identity(Git(repo))
    assert "git config user.name" in caught.value.hint


def test_looking_changes_nothing(repo: Path) -> None:
    index = repo / ".git/index"
    (repo / "a.txt").touch()  # what would make git write its index anew
    before = (state(repo), index.read_bytes(), index.stat().st_mtime_ns)
    found = checkout(repo)
    check_at_rest(found.git)
    check_clean(found.git)
    check_identity(found.git)

    assert (state(repo), index.read_bytes(), index.stat().st_mtime_ns) == before
