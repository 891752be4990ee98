"""The one place that starts git: what reaches it, what does not, and how long it may take."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, uninterrupted
from support.processes import gone, pid_in
from support.repos import git, isolate


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    isolate(tmp_path, monkeypatch)
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "a.txt").write_text("a\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a")
    return folder


@pytest.fixture
def spy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of git that writes down its environment and its arguments."""
    out = tmp_path / "seen"
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(f"#!{sys.executable}\nimport os, sys\nprint(*sys.argv[1:])\nprint(*os.environ, sep='\\n')\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return out


def said(git: Git) -> tuple[str, set[str]]:
    command, *names = git.run("status").decode().splitlines()
    return command, set(names)


FOREIGN = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_TEMPLATE_DIR"),
    *("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SEQUENCE_EDITOR", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH", "GIT_TRACE"),
)


@pytest.mark.parametrize("name", FOREIGN)
def test_what_a_hook_has_set_does_not_reach_git(
    spy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "elsewhere")
    assert name not in said(Git(tmp_path))[1]
    assert name not in said(Git(tmp_path, foreign=True))[1]


@pytest.mark.parametrize("name", ["GIT_AUTHOR_NAME", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL"])
def test_identity_keys_and_settings_reach_git_in_the_users_own_repository_only(
    spy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "mine")
    assert name in said(Git(tmp_path))[1]
    assert name not in said(Git(tmp_path, foreign=True))[1]


def test_in_a_foreign_repository_nothing_is_fetched_replaced_or_locked(spy: Path, tmp_path: Path) -> None:
    command, names = said(Git(tmp_path, foreign=True))
    assert {"GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL", "GIT_NO_REPLACE_OBJECTS", "GIT_OPTIONAL_LOCKS"} <= names
    assert "protocol.allow=never" in command
    assert "core.alternateRefsCommand=" in command
    assert "core.fsmonitor=false" in command


@pytest.mark.parametrize("foreign", [False, True])
def test_nothing_is_left_running_or_written_aside(spy: Path, tmp_path: Path, foreign: bool) -> None:
    """A clean-up in the background would hold on to a folder that is renamed; a split index has no place in a copy."""
    command = said(Git(tmp_path, foreign=foreign))[0]
    for setting in ("core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false", "core.splitIndex=false"):
        assert f"-c {setting}" in command


def test_hooks_run_where_they_are_wanted(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)

    assert Git(repository).call("commit", "-q", "--allow-empty", "-m", "b").returncode == 0
    assert Git(repository, hooks=True).call("commit", "-q", "--allow-empty", "-m", "c").returncode == 1


def test_a_folder_that_poses_as_a_bare_repository_is_none_of_ours(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), str(tmp_path / "bare"))

    assert Git(tmp_path / "bare").call("rev-parse", "HEAD").returncode == 128
    assert Git(tmp_path / "bare", foreign=True).line("rev-parse", "HEAD") == Git(repository).line("rev-parse", "HEAD")


def test_a_replaced_object_is_not_what_was_committed(repository: Path) -> None:
    evil = git(repository, "hash-object", "-w", "--stdin", stdin="evil\n").strip()
    git(repository, "replace", git(repository, "rev-parse", "HEAD:a.txt").strip(), evil)

    assert Git(repository, foreign=True).run("cat-file", "blob", "HEAD:a.txt") == b"a\n"


def test_a_command_that_does_not_end_is_an_error(repository: Path) -> None:
    slow = Git(repository, limit=0.2, settings=("-c", "alias.wait=!exec sleep 5"))
    with pytest.raises(LadderError, match=r"git wait did not end within 0\.2 seconds"):
        slow.run("wait")


def test_a_program_of_git_that_does_not_listen_ends_with_it(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_ladder.git.run.GRACE", 0.5)
    program = f"!trap '' TERM; echo $$ > {tmp_path}/number; sleep 60; sleep 60; :"
    git = Git(repository, limit=1, settings=("-c", f"alias.deaf={program}")).shield()
    with pytest.raises(LadderError, match="git deaf did not end within 1 seconds"):
        git.run("deaf")

    assert gone(pid_in(tmp_path / "number"))


def test_without_git_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for call in (Git(tmp_path).run, Git(tmp_path).start):
        with pytest.raises(LadderError, match="git was not found") as caught:
            call("status")
        assert "Install git" in caught.value.hint


def test_a_started_command_answers_through_its_pipes(repository: Path) -> None:
    blobs = Git(repository, foreign=True).start("cat-file", "--batch")
    out, _ = blobs.communicate(b"HEAD:a.txt\n", timeout=30)
    assert out.endswith(b" blob 2\na\n\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_must_not_be_interrupted_is_ended_first(number: signal.Signals) -> None:
    seen: list[int] = []
    before = signal.signal(number, lambda number, _: seen.append(number))
    try:
        with uninterrupted():
            signal.raise_signal(number)
            assert seen == []
        assert seen == [number]
    finally:
        signal.signal(number, before)
