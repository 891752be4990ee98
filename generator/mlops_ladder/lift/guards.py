"""Whether a project may be lifted where it stands, without risk to anything that git does not hold."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, records
from mlops_ladder.git.state import Checkout, check_at_rest, check_clean, check_identity, checkout
from mlops_ladder.project.lock import LARGEST, LOCK, Lock, absent, load


@dataclass(frozen=True)
class Repo(Checkout):
    """A project in its repository, seen clean and at rest, with its lock."""

    lock: Lock

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.folder


def inspect(project: Path) -> Repo:
    """The repository around a project that is committed, clean and at rest.

    Raises:
        LadderError: anything that would put the user's work at risk, named, and nothing was touched.
    """
    at = checkout(project)
    if LOCK not in at.mine:
        if not (project / LOCK).exists():
            raise _deleted(at) or absent(project)
        raise LadderError(f"{LOCK} is not committed.", "Commit the project first: git add -A && git commit")
    check_at_rest(at.git)
    check_clean(at.git)
    check_identity(at.git)
    return Repo(at.git, at.top, at.prefix, at.head, at.branch, at.mine, _lock(at))


def _lock(at: Checkout) -> Lock:
    entry = at.mine[LOCK]
    if not entry.mode.startswith("100"):
        raise LadderError(f"{LOCK} is committed as something else than a file.", f"Look at: git log -p -- {LOCK}")
    if int(at.git.line("cat-file", "-s", entry.id)) > LARGEST:
        raise LadderError(f"{LOCK} has more than {LARGEST:,} bytes.", f"Restore it: git log --stat -- {LOCK}")
    try:
        return load(at.git.run("cat-file", "blob", entry.id))
    except LadderError as problem:
        good = _last_good(at)
        if good is None or "git checkout" not in problem.hint:
            raise
        raise LadderError(problem.message, f"Take the last one that can: git checkout {good} -- {LOCK}") from problem


def _last_good(at: Checkout) -> str | None:
    """The last commit whose lock can be read, of the twenty that changed it last."""
    for commit in at.git.line("log", "-20", "--format=%h", "--", at.prefix + LOCK).split():
        done = at.git.call("cat-file", "blob", f"{commit}:{at.prefix}{LOCK}")
        with suppress(LadderError):
            if not done.returncode and len(done.stdout) <= LARGEST:
                load(done.stdout)
                return commit
    return None


def _deleted(at: Checkout) -> LadderError | None:
    """The error where git knows of a lock that is not there any more."""
    commit = at.git.line("log", "-1", "--format=%h", "--diff-filter=D", "--", at.prefix + LOCK)
    way = f"Bring it back: git checkout {commit}^ -- {LOCK} && git commit -m 'Bring {LOCK} back'"
    return LadderError(f"{LOCK} was deleted in commit {commit}.", way) if commit else None


def check_branch(repo: Repo, name: str) -> None:
    """Refuse a branch name that git would not take, or that is taken.

    The branch that is checked out may be named: the result is then put on top of it.

    Raises:
        LadderError: with the option that names another.
    """
    hint = "Choose another name with --branch NAME."
    if repo.git.call("check-ref-format", "--branch", name).returncode:
        raise LadderError(f"'{name}' is no name for a branch.", hint)
    if name == repo.branch:
        return
    taken = repo.git.line("for-each-ref", "--count=1", "--format=%(refname:short)", f"refs/heads/{name}")
    parts = name.split("/")
    above = ["/".join(parts[:end]) for end in range(1, len(parts))]
    taken = taken or next((ref for ref in above if _is_branch(repo.git, ref)), "")
    if taken:
        raise LadderError(f"There is a branch {taken} already.", hint)


def check_way(repo: Repo, added: Iterable[str], changed: Iterable[str]) -> None:
    """Refuse where the result would write over something that git does not hold.

    git itself overwrites ignored files, and files marked as unchanged, without a word.

    Raises:
        LadderError: naming the path.
    """
    for path in added:
        obstacle = _obstacle(repo, path)
        if obstacle:
            raise LadderError(
                f"{obstacle} is in the way: the result brings {path}, and git does not hold what is there.",
                f"Move it away, or commit it: git add -f {shlex.quote(obstacle)}",
            )
    changed = set(changed)
    if not changed:
        return
    for record in records(repo.git.run("ls-files", "-v", "-z", "--", repo.prefix or ".")):
        flag, path = record[0], record[2:]
        if path in changed and (flag.islower() or (flag == "S" and os.path.lexists(repo.top / path))):
            raise LadderError(
                f"{path} is marked as unchanged in git's index, so edits to it cannot be seen.",
                f"Unmark it: git update-index --no-assume-unchanged --no-skip-worktree {shlex.quote(path)}",
            )


def _obstacle(repo: Repo, path: str) -> str:
    """What lies on disk at an added path or above it without being in git."""
    project_path = path.removeprefix(repo.prefix)
    parts = project_path.split("/")
    for end in range(1, len(parts)):
        above = "/".join(parts[:end])
        full = repo.project / above
        if above not in repo.mine and (full.is_symlink() or (full.exists() and not full.is_dir())):
            return repo.prefix + above
    full = repo.project / project_path
    if full.is_dir() and not full.is_symlink() and any(p.startswith(project_path + "/") for p in repo.mine):
        return ""  # a folder that git holds: git's own conflict shows it
    return path if os.path.lexists(full) else ""


def _is_branch(git: Git, name: str) -> bool:
    return git.call("show-ref", "--verify", "--quiet", f"refs/heads/{name}").returncode == 0
