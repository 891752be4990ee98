"""Where a repository's files come from: a folder or a tree in memory. Reading only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.scope import OUTER_FILES, OUTER_FOLDERS, own
from mlops_ladder.facts.source.walk import walk
from mlops_ladder.facts.source.worktree import Listing, listing, work_tree
from mlops_ladder.project.tree import Tree


class Source(Protocol):
    """A repository to read.

    `base` is the folder in it that is assessed ("" for all of it); paths are relative to the repository's
    root, with `/` between their parts. `absent` are the files that are listed though their content is not here;
    `partial` says why not all files are listed: the rest of a sentence that begins with the repository.
    """

    base: str

    @property
    def absent(self) -> frozenset[str]:
        """Empty where all content is here."""

    @property
    def partial(self) -> str:
        """Empty where all files are listed."""

    @property
    def held(self) -> frozenset[str] | None:
        """The paths whose content git holds; nothing where there is no git to tell."""

    def paths(self) -> list[str]:
        """Every regular file that git would commit, sorted; links and foreign files (see `scope`) are left out."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of a file, or nothing when it is longer than `limit` bytes or cannot be read."""


class TreeSource:
    """A project in memory; it stands for one that is committed."""

    base = ""
    absent: frozenset[str] = frozenset()
    partial: str = ""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.held = frozenset(tree)

    def paths(self) -> list[str]:
        """The files of the tree, without foreign ones."""
        return own(self._tree)

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of one file."""
        content = self._tree[path].content
        return content if len(content) <= limit else None


class DiskSource:
    """A folder. When it lies inside a git work tree, the CI files at that tree's root belong to it too.

    Where git looks after the folder, git says what belongs to it; elsewhere the rules in its .gitignore files do.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise LadderError(f"{folder} is not a folder.", "Name the folder of a repository.")
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            raise LadderError(f"{folder} is a bare repository: it has no files.", "Name a revision: --rev HEAD")
        folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
        root = _git_root(folder) or folder
        base = "" if root == folder else folder.relative_to(root).as_posix()
        listed = _listed(root, base)
        if base and not any(path.startswith(f"{base}/") for path in listed.paths):
            # The repository around it ignores the folder: it is a project of its own, without git.
            root, base, listed = folder, "", _walked(folder, "")
        self._root, self.base, self._listed = root, base, listed

    @property
    def absent(self) -> frozenset[str]:
        """The files that a sparse checkout leaves out."""
        return self._listed.absent

    @property
    def partial(self) -> str:
        """Why not all files are listed; empty where they are."""
        return self._listed.partial

    @property
    def held(self) -> frozenset[str] | None:
        """The tracked files, without those of which git has a pointer only; nothing where there is no git."""
        return self._listed.held

    def paths(self) -> list[str]:
        """Every regular file that git would commit."""
        return list(self._listed.paths)

    def on_disk(self, path: str) -> str:
        """The name that the disk has for a file, which need not be UTF-8."""
        return self._listed.names.get(path, path)

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of one file; a link swapped in since the listing is not followed."""
        name = self.on_disk(path)
        try:
            handle = os.open(self._root / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            try:
                content = file.read(limit + 1)
            except OSError:
                return None
        return content if content is not None and len(content) <= limit else None


def _git_root(folder: Path) -> Path | None:
    return next((parent for parent in [folder, *folder.parents] if (parent / ".git").exists()), None)


def _listed(root: Path, base: str) -> Listing:
    try:
        found = work_tree(root, base) if (root / ".git").exists() else None
    except LadderError:  # no git, or one that does not answer: the disk remains
        found = None
    return found or _walked(root, base)


def _walked(root: Path, base: str) -> Listing:
    found, whole = walk(root, base)
    if base:
        found += [name for name in OUTER_FILES if (root / name).is_file() and not (root / name).is_symlink()]
        for name in OUTER_FOLDERS:
            if (root / name).is_dir() and not (root / name).is_symlink():
                more, ended = walk(root, name)
                found, whole = found + more, whole and ended
    return listing(root, base, found, None, whole=whole)
