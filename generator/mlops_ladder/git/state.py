"""Looking before leaping: where a folder stands in its git repository, and whether that is clean and at rest.

Nothing in this module writes, not even git's index.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, records

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
class Checkout:
    """A folder of a repository with a commit.

    `git` runs at the top of the work tree; `prefix` is the folder below it, `""` or ending in `/`. `branch` is empty
    on a detached HEAD. `mine` are the folder's committed files, by path relative to it.
    """

    git: Git
    top: Path
    prefix: str
    head: str
    branch: str
    mine: Listing

    @property
    def folder(self) -> Path:
        """The folder."""
        return self.top / self.prefix


def checkout(folder: Path) -> Checkout:
    """The repository around a folder.

    Raises:
        LadderError: it is no folder, lies in no repository, that has no commit yet, or git is too old.
    """
    if not folder.is_dir():
        raise LadderError(f"{folder} is not a folder.", "Name the project's folder.")
    git = Git(folder)
    _check_version(git)
    top, prefix = _place(git, folder)
    git = git.at(top)
    head = git.try_line("rev-parse", "--verify", "-q", "HEAD^{commit}")
    if head is None:
        raise LadderError(
            "The repository has no commit yet.",
            "Commit first: git add -A && git commit -m 'Start of the project'",
        )
    mine = listing(git, f"{head}:{prefix.rstrip('/')}") if _has(git, head, prefix) else {}
    branch = git.try_line("symbolic-ref", "-q", "--short", "HEAD") or ""
    return Checkout(git, top, prefix, head, branch, mine)


def listing(git: Git, treeish: str) -> Listing:
    """Every file of a tree, with its mode and id."""
    found: Listing = {}
    for record in records(git.run("ls-tree", "-r", "-z", treeish)):
        about, path = record.split("\t", 1)
        mode, _, identity = about.split(" ")
        found[path] = Entry(mode, identity)
    return found


def check_at_rest(git: Git) -> None:
    """Refuse where a merge, a rebase or the like is in progress."""
    asked = [part for name in _UNDER_WAY for part in ("--git-path", name)]
    paths = git.line("rev-parse", *asked).split("\n")
    for path, (what, way_out) in zip(paths, _UNDER_WAY.values(), strict=True):
        if (git.folder / path).exists():
            raise LadderError(f"A {what} is in progress.", f"End it first: {way_out}")


def check_clean(git: Git) -> None:
    """Refuse where tracked files have changes that are not committed."""
    status = git.run(
        "--no-optional-locks",
        "status",
        "--porcelain",
        "-z",
        "--untracked-files=no",
        "--no-renames",
        "--ignore-submodules=all",
    )
    changed = [record[3:] for record in records(status) if len(record) > 3]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise LadderError(
            f"There are changes that are not committed: {changed[0]}{more}.",
            "Commit them, or put them aside: git stash",
        )


def check_identity(git: Git) -> None:
    """Refuse where git does not know in whose name to commit."""
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if git.call("var", who).returncode:
            raise LadderError(
                "git does not know who you are, so it cannot commit.",
                'Tell it: git config user.name "Your Name" && git config user.email you@example.com',
            )


def _check_version(git: Git) -> None:
    said = git.line("--version")
    found = re.search(r"(\d{1,9})\.(\d{1,9})", said)
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
    # `core.worktree` may name any folder, and git would write there.
    if not (Path(top) / prefix).is_dir() or not (Path(top) / prefix).samefile(project):
        raise LadderError(
            f"The repository in {project} says that its files lie in {top}.",
            f"If they do, name that folder; else: git -C {shlex.quote(str(project))} config --unset core.worktree",
        )
    return Path(top), prefix


def _has(git: Git, head: str, prefix: str) -> bool:
    return not prefix or git.call("cat-file", "-e", f"{head}:{prefix.rstrip('/')}").returncode == 0
