"""Where a repository's files come from: a folder, a git revision or a tree in memory. Reading only."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Protocol

from mlops_ladder.errors import LadderError
from mlops_ladder.model import Tree

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
_OUTER_FILES = [
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
_OUTER_FOLDERS = (".github", ".circleci", ".buildkite", ".gitlab", ".azure")


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
            found += [name for name in _OUTER_FILES if self._regular(name)]
            for name in _OUTER_FOLDERS:
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


class GitSource:
    """A revision of a repository, bare or not, read through git's object store; no work tree is needed."""

    def __init__(self, repository: Path, revision: str) -> None:
        self.base = ""
        self._repository = repository
        if not repository.is_dir():
            raise LadderError(f"{repository} is not a folder.", "Name the folder of a repository.")
        commit = self._git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        prefix = self._git("rev-parse", "--show-prefix")
        if commit is None:
            raise LadderError(
                f"{repository} has no revision '{revision}'.", "Name a branch, tag or commit that git knows."
            )
        self.base = (prefix or b"").decode().strip().rstrip("/")
        self._objects: dict[str, tuple[str, int]] = {}
        listing = self._git("ls-tree", "-r", "-z", "--long", "--full-tree", commit.decode().strip()) or b""
        for line in listing.split(b"\0"):
            meta, _, name = line.partition(b"\t")
            parts = meta.split()
            path = name.decode("utf-8", "replace")
            if len(parts) == 4 and parts[0] in (b"100644", b"100755") and self._wanted(path):
                self._objects[path] = (parts[2].decode(), int(parts[3]))
        self._cache: dict[str, bytes] = {}
        self._batch: subprocess.Popen[bytes] | None = None

    def paths(self) -> list[str]:
        """Every regular file of the revision."""
        return sorted(self._objects)

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of one blob."""
        name, size = self._objects[path]
        if size > limit:
            return None
        if self._batch is None:
            self._batch = subprocess.Popen(
                _command(self._repository, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        assert self._batch.stdin is not None and self._batch.stdout is not None  # noqa: PT018
        self._batch.stdin.write(name.encode() + b"\n")
        self._batch.stdin.flush()
        head = self._batch.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        content = self._batch.stdout.read(int(head[2]))
        self._batch.stdout.read(1)
        return content

    def close(self) -> None:
        """End the git process that hands out blobs."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None

    def _wanted(self, path: str) -> bool:
        inside = not self.base or path.startswith(self.base + "/")
        return inside or path in _OUTER_FILES or path.startswith(tuple(f"{name}/" for name in _OUTER_FOLDERS))

    def _git(self, *arguments: str) -> bytes | None:
        try:
            done = subprocess.run(
                _command(self._repository, *arguments),
                capture_output=True,
                check=False,
                timeout=60,
                env=_environment(),
            )
        except FileNotFoundError as error:
            raise LadderError("git is not installed.", "Install git, or assess a folder.") from error
        except subprocess.TimeoutExpired as error:
            raise LadderError(f"git did not answer for {self._repository} within 60 s.") from error
        return done.stdout if done.returncode == 0 else None


def _command(repository: Path, *arguments: str) -> list[str]:
    # A repository's own configuration may name programs to run: those that reading could start are switched off.
    guards = [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.alternateRefsCommand=",
        "protocol.allow=never",
    ]
    return ["git", *[part for guard in guards for part in ("-c", guard)], "-C", str(repository), *arguments]


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


def _git_root(folder: Path) -> Path | None:
    return next((parent for parent in [folder, *folder.parents] if (parent / ".git").exists()), None)
