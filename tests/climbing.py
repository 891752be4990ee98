"""Small projects in real git repositories, for the tests of what lifts them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.lift import Change, Plan, plan
from mlops_ladder.lock import LOCK, dump, find_lock, lock_of
from mlops_ladder.model import Answers, Dataset, File, Lock, Tree
from mlops_ladder.preflight import inspect
from mlops_ladder.upgrade import Outcome, carry_out

DATA = Dataset("own", "trips.csv", "csv", "late", "binary", 3, ())
ANSWERS = Answers("Trips", "trips", "github", DATA)


def isolate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git with an identity and a home of its own, far from the machine's settings."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n[commit]\n\tgpgsign = false\n'
    )


def git(folder: Path, *args: str, stdin: str | None = None) -> str:
    """What a git command prints; it must succeed."""
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        text=True,
        errors="surrogateescape",
    )
    assert done.returncode == 0, f"git {args}: {done.stderr}"
    return done.stdout


def files(*pairs: tuple[str, str | bytes] | tuple[str, str | bytes, bool]) -> Tree:
    """A render from (path, content[, executable])."""
    return {
        pair[0]: File(
            pair[1] if isinstance(pair[1], bytes) else pair[1].encode(), len(pair) > 2 and bool(pair[2])
        )
        for pair in pairs
    }


def numbered(*changed: tuple[int, str], count: int = 30) -> str:
    """A text of numbered lines, some of them replaced."""
    lines = {number: f"line {number}" for number in range(1, count + 1)} | dict(changed)
    return "".join(f"{lines[number]}\n" for number in sorted(lines))


def write(render: Tree, folder: Path) -> None:
    """Write a render below a folder."""
    for path, file in render.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(0o755 if file.executable else 0o644)


def start(
    folder: Path, base: Tree, prefix: str = "", lock: Lock | None = None, init: Sequence[str] = ()
) -> Path:
    """A repository with the pristine project committed; returns the project's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *init)
    project = folder / prefix
    write(base, project)
    (project / LOCK).write_bytes(dump(lock or lock_of(base, ANSWERS, 1)))
    save(folder, "start")
    return project


def save(folder: Path, message: str = "work") -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def change(project: Path, base: Tree, theirs: Tree, **more: Any) -> Change:
    """The change from one render to another, at level 2."""
    lock = find_lock(project)
    new = replace(lock_of(theirs, lock.answers, 2), kept=lock.kept)
    return Change("level 1 -> 2 (Test)", "It gives more.", base, theirs, new, **more)


def look(project: Path, base: Tree, theirs: Tree, branch: str = "ladder/level-2", **more: Any) -> Plan:
    """The plan of a lift."""
    return plan(inspect(project), [change(project, base, theirs, **more)], branch)


def lift(project: Path, base: Tree, theirs: Tree, **more: Any) -> tuple[Plan, Outcome]:
    """Lift a project from one render to another."""
    found = look(project, base, theirs, **more)
    return found, carry_out(found)


State = tuple[str, str, str, dict[str, tuple[int, bytes]]]


def state(top: Path) -> State:
    """HEAD, branches, index and every byte of the work tree: what must come back."""
    head = git(top, "rev-parse", "HEAD") + git(top, "rev-parse", "--abbrev-ref", "HEAD")
    refs = git(top, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
    index = git(top, "ls-files", "--stage", "-v")
    on_disk = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        if name.split("/")[0] == ".git" or "/.git/" in name or name.endswith("/.git") or path.is_dir():
            continue
        content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        on_disk[name] = (path.lstat().st_mode, content)
    return head, refs, index, on_disk


def under_way(top: Path) -> bool:
    """Whether a cherry-pick is in progress."""
    return Path(top, git(top, "rev-parse", "--git-path", "CHERRY_PICK_HEAD").strip()).exists()
