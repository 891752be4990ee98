"""Where a repository's files come from: a folder, a git revision or a tree in memory. Reading only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from mlops_ladder.errors import LadderError
from mlops_ladder.project.tree import Tree

MAX_FILES = 200_000

_SKIP = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        ".tox",
        ".nox",
        ".eggs",
        "node_modules",
        "site-packages",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".ipynb_checkpoints",
        "mlruns",
        "mlartifacts",
        "wandb",
        ".terraform",
        ".idea",
        ".vscode",
    ]
)

# What a monorepo keeps at its root on behalf of every folder in it.
OUTER_FILES = [
    ".gitlab-ci.yml",
    ".gitlab-ci.yaml",
    "azure-pipelines.yml",
    "azure-pipelines.yaml",
    "Jenkinsfile",
    "bitbucket-pipelines.yml",
    ".travis.yml",
    "cloudbuild.yaml",
    ".pre-commit-config.yaml",
    "CODEOWNERS",
    ".gitignore",
    ".gitattributes",
]
OUTER_FOLDERS = (".github", ".circleci", ".buildkite", ".gitlab", ".azure")


class Source(Protocol):
    """A repository to read.

    `base` is the folder in it that is assessed ("" for all of it); paths are relative to the repository's
    root, with `/` between their parts.
    """

    base: str

    def paths(self) -> list[str]:
        """Every regular file, sorted; links are left out."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of a file, or nothing when it is longer than `limit` bytes or cannot be read."""


class TreeSource:
    """A project in memory."""

    def __init__(self, tree: Tree) -> None:
        self.base = ""
        self._tree = tree

    def paths(self) -> list[str]:
        """Every file of the tree."""
        return sorted(self._tree)

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of one file."""
        content = self._tree[path].content
        return content if len(content) <= limit else None


class DiskSource:
    """A folder. When it lies inside a git work tree, the CI files at that tree's root belong to it too."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise LadderError(f"{folder} is not a folder.", "Name the folder of a repository.")
        folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
        self._root = _git_root(folder) or folder
        self.base = "" if self._root == folder else folder.relative_to(self._root).as_posix()

    def paths(self) -> list[str]:
        """Every regular file, without environments, caches and what links point to."""
        found: list[str] = []
        self._walk(self.base, found)
        if self.base:
            found += [name for name in OUTER_FILES if self._regular(name)]
            for name in OUTER_FOLDERS:
                if (self._root / name).is_dir() and not (self._root / name).is_symlink():
                    self._walk(name, found)
        return sorted(found)

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of one file; a link swapped in since the listing is not followed."""
        try:
            handle = os.open(self._root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file:
            try:
                content = file.read(limit + 1)
            except OSError:
                return None
        return content if content is not None and len(content) <= limit else None

    def _regular(self, name: str) -> bool:
        path = self._root / name
        return path.is_file() and not path.is_symlink()

    def _walk(self, start: str, found: list[str]) -> None:
        stack = [start]
        while stack and len(found) < MAX_FILES:
            folder = stack.pop()
            try:
                entries = list(os.scandir(self._root / folder))
            except OSError:
                continue
            if any(entry.name == "pyvenv.cfg" for entry in entries):
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIP and not path.endswith((".dvc/cache", ".dvc/tmp")):
                        stack.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(path)


def _git_root(folder: Path) -> Path | None:
    return next((parent for parent in [folder, *folder.parents] if (parent / ".git").exists()), None)
