"""The first commit with real git: with and without an identity, in odd places, refused by a hook or a signature."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlops_ladder.git.first_commit import FirstCommit, first_commit
from support.env import enter


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any configuration of git; nothing of the machine's is seen."""
    return enter(tmp_path / "home", monkeypatch, known=False)


@pytest.fixture
def ada(home: Path) -> Path:
    """A home in which git knows its user."""
    configure(home, "[user]\n\tname = Ada\n\temail = ada@example.com\n")
    return home


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / ".stage"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a.py").write_text("a = 1\n")
    (folder / ".gitignore").write_text("/models/\n")
    (folder / "models").mkdir()
    (folder / "models" / "m.skops").write_text("m")
    return folder


def configure(home: Path, text: str) -> None:
    with (home / ".gitconfig").open("a") as file:
        file.write(text)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commit(stage: Path) -> FirstCommit:
    return first_commit(stage, stage.parent / "house", "Start house")


def test_everything_but_what_is_ignored_is_committed(ada: Path, stage: Path) -> None:
    done = commit(stage)

    assert done == FirstCommit(commit=git(stage, "rev-parse", "HEAD"), repository=True)
    assert git(stage, "ls-tree", "-r", "--name-only", "HEAD").split() == [".gitignore", "src/a.py"]
    assert git(stage, "log", "--format=%an %s") == "Ada Start house"
    assert git(stage, "branch", "--show-current") == "main"
    assert git(stage, "status", "--porcelain") == ""


def test_the_users_own_branch_name_is_taken(ada: Path, stage: Path) -> None:
    configure(ada, "[init]\n\tdefaultBranch = trunk\n")
    commit(stage)

    assert git(stage, "branch", "--show-current") == "trunk"


def test_without_an_identity_all_is_ready_but_the_commit(home: Path, stage: Path) -> None:
    done = commit(stage)

    assert done.commit == ""
    assert done.repository
    assert "git config --global user.name NAME" in done.note
    assert done.note.endswith(f"git -C {stage.parent / 'house'} commit -m 'Start house'")
    assert git(stage, "diff", "--cached", "--name-only").split() == [".gitignore", "src/a.py"]


def test_the_command_in_the_note_works(home: Path, stage: Path) -> None:
    note = commit(stage).note
    stage.rename(stage.parent / "house")
    configure(home, "[user]\n\tname = Ada\n\temail = ada@example.com\n")
    subprocess.run(note[note.index("git -C") :], shell=True, check=True, capture_output=True)

    assert git(stage.parent / "house", "log", "--format=%s") == "Start house"


def test_without_git_a_note_says_so(home: Path, stage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    done = commit(stage)

    assert "git is not installed" in done.note
    assert not done.repository
    assert not (stage / ".git").exists()


def test_in_another_repository_it_is_left_to_that_one(ada: Path, stage: Path) -> None:
    git(stage.parent, "init", "--quiet")
    done = commit(stage)

    assert "lies in the repository" in done.note
    assert done.repository
    assert not (stage / ".git").exists()


def test_where_that_one_ignores_it_the_project_has_its_own(ada: Path, stage: Path) -> None:
    git(stage.parent, "init", "--quiet")
    (stage.parent / ".gitignore").write_text("/house/\n")

    assert commit(stage).commit
    assert git(stage, "rev-parse", "--show-toplevel").endswith(".stage")


def test_a_repository_exported_by_a_hook_is_not_written_to(
    ada: Path, stage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    done = commit(stage)

    for key in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(key)
    assert git(stage, "rev-parse", "HEAD") == done.commit
    assert git(other, "status", "--porcelain", "--untracked-files=no") == ""
    assert not (other / ".git" / "index").exists()


def test_a_hook_that_refuses_leaves_a_repository_and_its_words(ada: Path, stage: Path) -> None:
    hook = ada / "hooks" / "pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\necho 'not on a Monday' >&2\nexit 1\n")
    hook.chmod(0o755)
    configure(ada, f"[core]\n\thooksPath = {hook.parent}\n")
    done = commit(stage)

    assert done.note.startswith("git refused the first commit: not on a Monday; later: git -C")
    assert done.repository
    assert "src/a.py" in git(stage, "diff", "--cached", "--name-only")


def test_a_signature_that_fails_is_told(ada: Path, stage: Path) -> None:
    configure(ada, "[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = false\n")
    done = commit(stage)

    assert done.note.startswith("git refused the first commit: ")
    assert done.repository


def test_a_repository_that_cannot_be_made_is_told(ada: Path, stage: Path) -> None:
    configure(ada, "[init]\n\tdefaultBranch = not..allowed\n")
    done = commit(stage)

    assert done.note.startswith("git made no repository: ")
    assert not done.repository
    assert not (stage / ".git").exists()
