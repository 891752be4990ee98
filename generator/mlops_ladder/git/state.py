"""Looking before leaping: where a project stands in its git repository, and whether it may be lifted there.

Nothing in this module writes, not even git's index.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, records
from mlops_ladder.project.lock import LOCK, Lock, load

MIN_GIT = (2, 38)  # merge-tree --write-tree

_UNDER_WAY = {
    "MERGE_HEAD": ("merge", "git merge --continue or --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --continue or --abort"),
    "REVERT_HEAD": ("revert", "git revert --continue or --abort"),
    "rebase-merge": ("rebase", "git rebase --continue or --abort"),
    "rebase-apply": ("rebase", "git rebase --continue or --abort"),
    "sequencer": ("cherry-pick or revert", "git cherry-pick --continue or --abort"),
    "BISECT_LOG": ("bisect", "git bisect reset"),
}


@dataclass(frozen=True)
class Entry:
    """One path of a git tree: its mode as git writes it, and the id of its content."""

    mode: str
    id: str


Listing = dict[str, Entry]
"""Path -> entry."""


@dataclass(frozen=True)
class Repo:
    """A project in its repository, seen clean and at rest.

    `git` runs at the top of the work tree; `prefix` is the project's folder below it, `""` or ending in `/`.
    `branch` is empty on a detached HEAD. `mine` are the project's committed files, by path relative to it.
    """

    git: Git
    top: Path
    prefix: str
    head: str
    branch: str
    lock: Lock
    mine: Listing

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.top / self.prefix


def inspect(project: Path) -> Repo:
    """The repository around a project that is committed, clean and at rest.

    Raises:
        LadderError: anything that would put the user's work at risk, named, and nothing was touched.
    """
    if not project.is_dir():
        raise LadderError(f"{project} is not a folder.", "Name the project's folder.")
    git = Git(project)
    _check_version(git)
    top, prefix = _place(git, project)
    git = git.at(top)
    head = git.try_line("rev-parse", "--verify", "-q", "HEAD^{commit}")
    if head is None:
        raise LadderError(
            "The repository has no commit yet.",
            "Commit first: git add -A && git commit -m 'Start of the project'",
        )
    mine = listing(git, f"{head}:{prefix.rstrip('/')}") if _has(git, head, prefix) else {}
    if LOCK not in mine:
        there = (project / LOCK).exists()
        raise LadderError(
            f"{LOCK} is not committed." if there else f"{project} has no {LOCK}: it was not made by ladder.",
            "Commit the project first: git add -A && git commit" if there else "Make a project with: ladder new",
        )
    _check_at_rest(git)
    _check_clean(git)
    _check_identity(git)
    lock = load(git.run("cat-file", "blob", mine[LOCK].id))
    branch = git.try_line("symbolic-ref", "-q", "--short", "HEAD") or ""
    return Repo(git, top, prefix, head, branch, lock, mine)


def listing(git: Git, treeish: str) -> Listing:
    """Every file of a tree, with its mode and id."""
    found: Listing = {}
    for record in records(git.run("ls-tree", "-r", "-z", treeish)):
        about, path = record.split("\t", 1)
        mode, _, identity = about.split(" ")
        found[path] = Entry(mode, identity)
    return found


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


def _check_version(git: Git) -> None:
    said = git.line("--version")
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < MIN_GIT:
        raise LadderError(f"{said} is too old.", "Install git 2.38 or newer.")


def _place(git: Git, project: Path) -> tuple[Path, str]:
    found = git.call("rev-parse", "--show-toplevel", "--show-prefix")
    if found.returncode:
        said = os.fsdecode(found.stderr)
        if "not a git repository" in said:
            raise LadderError(
                f"{project} is not in a git repository, so nothing could be undone.",
                "Make it one first: git init && git add -A && git commit -m 'Before climbing'",
            )
        if "dubious ownership" in said:
            raise LadderError(
                f"git does not trust {project}: it belongs to another user.",
                f"If you do: git config --global --add safe.directory {project.resolve()}",
            )
        raise LadderError(f"{project} has no work tree of git.", "Run ladder in a checkout of the project.")
    top, prefix = os.fsdecode(found.stdout).split("\n")[:2]
    return Path(top), prefix


def _has(git: Git, head: str, prefix: str) -> bool:
    return not prefix or git.call("cat-file", "-e", f"{head}:{prefix.rstrip('/')}").returncode == 0


def _is_branch(git: Git, name: str) -> bool:
    return git.call("show-ref", "--verify", "--quiet", f"refs/heads/{name}").returncode == 0


def _check_at_rest(git: Git) -> None:
    asked = [part for name in _UNDER_WAY for part in ("--git-path", name)]
    paths = git.line("rev-parse", *asked).split("\n")
    for path, (what, way_out) in zip(paths, _UNDER_WAY.values(), strict=True):
        if (git.folder / path).exists():
            raise LadderError(f"A {what} is in progress.", f"End it first: {way_out}")


def _check_clean(git: Git) -> None:
    status = git.run(
        "--no-optional-locks",
        "status",
        "--porcelain",
        "-z",
        "--untracked-files=no",
        "--ignore-submodules=all",
    )
    changed = [record[3:] for record in records(status) if len(record) > 3]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise LadderError(
            f"There are changes that are not committed: {changed[0]}{more}.",
            "Commit them, or put them aside: git stash",
        )


def _check_identity(git: Git) -> None:
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if git.call("var", who).returncode:
            raise LadderError(
                "git does not know who you are, so it cannot commit.",
                'Tell it: git config user.name "Your Name" && git config user.email you@example.com',
            )
