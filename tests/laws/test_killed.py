"""Killed at any instant, a climb leaves the project as it was, as it shall be, or in a pick that can be aborted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git
from mlops_ladder.project.dvc import digest
from support.repos import RAW, ROWS, climb, git, isolate, new, save, state, templates, under_way

own_git = pytest.fixture(autouse=True)(isolate)
SCRIPT = Path(__file__).parents[1] / "support" / "killed.py"


def prepared(tmp_path: Path, *, conflict: bool) -> Path:
    """A level-1 project with edits that merge, or that conflict on the way to level 3."""
    project = new(tmp_path / "p", templates(tmp_path / "t", {"level3/files/config.toml": "new = 1\n"}), 1)
    (project / "config.toml").unlink()
    readme = project / "README.md"
    readme.write_text(readme.read_text().replace("line 30\n" if conflict else "line 3\n", "mine\n"))
    save(project)
    return project


def without_cache(project: Path) -> tuple[object, ...]:
    *rest, disk = state(project)
    return *rest, {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")}


def check(project: Path, before: tuple[object, ...], head: str, cached: str) -> str:
    """Assert that the project is in one of the three states, bring it back, and name the state."""
    found = "before"
    if under_way(project):
        git(project, "cherry-pick", "--abort")
        found = "pick"
    if (project / RAW).exists():
        assert (project / RAW).read_text() == ROWS
    else:
        assert (project / cached).read_text() == ROWS
        found = "after"
    assert git(project, "status", "--porcelain") == ""
    if git(project, "rev-parse", "HEAD").strip() != head and found != "pick":
        assert git(project, "log", "--format=%s", "main..").count("ladder: level") in (1, 2)
        found = "after"
    if git(project, "symbolic-ref", "--short", "HEAD").strip() != "main":
        git(project, "switch", "-q", "main")
        git(project, "branch", "-q", "-D", "up")
    assert without_cache(project) == before
    return found


@pytest.mark.slow
@pytest.mark.parametrize("conflict", [False, True])
def test_killed_before_every_call_of_git(tmp_path: Path, conflict: bool) -> None:
    origin = prepared(tmp_path, conflict=conflict)
    head = git(origin, "rev-parse", "HEAD").strip()
    cached = digest(origin / RAW).cached
    shutil.copytree(origin, tmp_path / "whole", symlinks=True)
    verbs = killed(tmp_path / "whole", 0).split()
    first = verbs.index("switch") + 1
    # Up to the first call that moves anything, some of them will do; from there on, each.
    numbers = [*range(1, first, 7), *range(first, len(verbs) + 2)]
    states = []
    for number in numbers:
        project = tmp_path / "copy"
        shutil.copytree(origin, project, symlinks=True)
        git(project, "status")  # the copies' times into the index
        before = without_cache(project)
        killed(project, number)
        states.append(check(project, before, head, cached))
        shutil.rmtree(project)
    assert states[0] == "before"
    assert states[-1] == ("pick" if conflict else "after")
    assert states == sorted(states, key=["before", "after", "pick"].index)


def killed(project: Path, number: int) -> str:
    """Climb, be killed before a call of git, and return what was printed until then."""
    command = [sys.executable, SCRIPT, project, project.parent / "t", str(number)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout


@pytest.mark.slow
def test_killed_with_its_git_at_some_instant(tmp_path: Path) -> None:
    origin = prepared(tmp_path, conflict=False)
    head = git(origin, "rev-parse", "HEAD").strip()
    for number in range(12):
        project = tmp_path / f"copy{number}"
        shutil.copytree(origin, project, symlinks=True)
        git(project, "status")
        before = without_cache(project)
        command = [sys.executable, SCRIPT, project, tmp_path / "t", "0"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(0.25 + number * 0.04)
        os.killpg(child.pid, signal.SIGKILL)
        assert child.wait(timeout=30) in (0, -signal.SIGKILL)
        lock = project / ".git/index.lock"
        if lock.exists():  # git itself was killed while it wrote; this is what it tells one to do
            time.sleep(0.3)
            lock.unlink(missing_ok=True)
            git(project, "reset", "-q", "--hard")
            git(project, "clean", "-q", "-d", "--force", ".dvc")  # what it had written, but not yet into the index
        # Git's own, of a merge driver that it had just called, and that by which the cache is going to ignore itself.
        for left in [*project.glob(".merge_file_*"), *project.glob(".dvc/cache/..gitignore.*")]:
            left.unlink()
        check(project, before, head, digest(origin / RAW).cached)


@pytest.mark.parametrize("conflict", [False, True])
def test_an_error_at_every_call_that_writes_brings_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conflict: bool
) -> None:
    project = prepared(tmp_path, conflict=conflict)
    before = state(project)
    call = Git.call
    writing = ("switch", "cherry-pick", "rm", "commit-tree", "write-tree", "merge-tree", "hash-object")
    tried = 0
    for verb in writing:
        failed = False

        def broken(self: Git, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
            nonlocal failed
            if verb in args and not failed:  # noqa: B023
                failed = True
                return subprocess.CompletedProcess(args, 128, b"", b"fatal: out of luck\n")
            return call(self, *args, stdin=stdin)

        monkeypatch.setattr(Git, "call", broken)
        said = ""
        try:
            climb(project, tmp_path / "t", 3)
        except LadderError as error:
            said = error.message
        monkeypatch.setattr(Git, "call", call)
        assert ("out of luck" in said) == failed
        tried += failed
        if not failed:
            git(project, "cherry-pick", "--abort") if under_way(project) else None
            git(project, "switch", "-q", "main")
            git(project, "branch", "-q", "-D", "up")
            shutil.rmtree(project / ".dvc")
        assert not under_way(project)
        assert state(project) == before
    assert tried >= 5


def test_ctrl_c_while_git_writes_is_put_off_until_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = prepared(tmp_path, conflict=False)
    call = Git.call

    def interrupted(self: Git, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        if "switch" in args:
            assert self.shielded
            os.kill(os.getpid(), signal.SIGINT)
        return call(self, *args, stdin=stdin)

    monkeypatch.setattr(Git, "call", interrupted)
    _, outcome = climb(project, tmp_path / "t", 3)  # it came too late: there is a result to tell
    assert not outcome.in_progress
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "rev-list", "--count", "main..up") == "2\n"
    assert (project / RAW).read_text() == ROWS
