"""Asking git: an answer, or nothing; contents, one process for many."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source import process as module
from mlops_ladder.facts.source.process import Blobs, ask, listed, refusal, sizes
from mlops_ladder.git import run
from support.facts import committed, git_at


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    committed(tmp_path / "repo", {"a.py": "x = 1\n", "empty": "", "bytes": b"\0\n\xff", "sub/b.py": "x"})
    return tmp_path / "repo"


@pytest.fixture
def blobs(repo: Path) -> Iterator[Blobs]:
    found = Blobs(repo)
    yield found
    found.close()


def test_an_answer_or_nothing(repo: Path) -> None:
    assert ask(repo, "ls-files", "-z", "sub") == b"sub/b.py\0"
    assert ask(repo, "hash-object", "--stdin", stdin=b"x = 1\n") == git_at(repo, "hash-object", "a.py").encode()
    assert ask(repo, "rev-parse", "--verify", "v9") is None


def test_no_repository_is_looked_for_above_the_ceiling(repo: Path) -> None:
    asked = ("rev-parse", "--show-prefix")

    assert ask(repo / "sub", *asked) == b"sub/\n"
    assert ask(repo / "sub", *asked, ceiling=str(repo)) is None


def test_records_one_by_one(repo: Path) -> None:
    assert listed(repo, "ls-files", "-z") == ([b"a.py", b"bytes", b"empty", b"sub/b.py"], True)
    assert listed(repo, "ls-files", "-z", "--", "none") == ([], True)
    assert listed(repo, "ls-tree", "-z", "v9") is None
    assert listed(repo / "sub", "ls-files", "-z", ceiling=str(repo)) is None


@pytest.mark.parametrize(("bound", "value", "kept"), [("MAX_FILES", 2, 2), ("MAX_NAMES", 10, 4)])
def test_no_more_records_are_taken_than_the_bound(
    repo: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, kept: int
) -> None:
    monkeypatch.setattr(module, bound, value)
    found = listed(repo, "ls-files", "-z")

    assert found is not None
    assert (len(found[0]), found[1]) == (kept, False)


def test_sizes_of_those_that_are_here(repo: Path) -> None:
    here = git_at(repo, "rev-parse", "HEAD:a.py").strip()

    assert sizes(repo, {here, "0" * 40}) == {here: 6}
    assert sizes(repo, set()) == {}


def test_why_git_reads_no_repository(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(repo) == ""
    assert "not a git repository" in refusal(tmp_path)
    monkeypatch.setattr(run, "_READING", {**run._READING, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert "dubious ownership" in refusal(repo)


def test_nothing_that_the_repository_names_is_run(repo: Path, tmp_path: Path) -> None:
    git_at(repo, "config", "core.fsmonitor", f"touch {tmp_path / 'mark'}")

    assert ask(repo, "status", "--porcelain") == b""
    assert not (tmp_path / "mark").exists()


def test_contents_by_their_names(blobs: Blobs) -> None:
    assert [blobs.read(f"HEAD:{name}") for name in ("a.py", "empty", "bytes", "a.py")] == [
        b"x = 1\n", b"", b"\0\n\xff", b"x = 1\n",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["HEAD:none", "v9", "HEAD:sub", "HEAD"])
def test_what_is_no_content_is_nothing_and_the_next_is_read_all_the_same(blobs: Blobs, name: str) -> None:
    assert blobs.read(name) is None
    assert blobs.read("HEAD:a.py") == b"x = 1\n"


def test_one_process_hands_out_all(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **more: started.append(args) or start(*args, **more))
    for _ in range(3):
        blobs.read("HEAD:a.py")
    assert len(started) == 1
    blobs.close()

    assert blobs.read("HEAD:a.py") == b"x = 1\n"
    assert len(started) == 2


def test_without_git_an_error_says_so(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LadderError, match="git was not found"):
        ask(repo, "status")
