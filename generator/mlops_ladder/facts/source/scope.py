"""Which files belong to what is assessed: those that git would commit, without what other tools put there.

git's own rule comes first: tracked files, and untracked ones that no rule ignores. Of those, foreign ones are left
out: installed packages and environments, caches, other repositories. They are neither evidence nor flaw, also where
somebody committed them.
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_FILES = 200_000
MAX_NAMES = 64_000_000
"""Bytes that the names of all files may have together."""
TOO_MANY = f"has more than {MAX_FILES:,} files, or their names more than {MAX_NAMES:,} bytes"

# What a monorepo keeps at its root on behalf of every folder in it.
OUTER_FILES = frozenset(
    {
        ".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml", "Jenkinsfile",
        "bitbucket-pipelines.yml", ".travis.yml", "cloudbuild.yaml", ".pre-commit-config.yaml", "CODEOWNERS",
        ".gitignore", ".gitattributes",
    }
)  # fmt: skip
OUTER_FOLDERS = (".github", ".circleci", ".buildkite", ".gitlab", ".azure")

FOREIGN = frozenset({".git", ".hg", ".svn", "node_modules", "site-packages", "__pycache__", ".ipynb_checkpoints"})
"""Folders that belong to another tool by their name."""

MARKS = ("pyvenv.cfg", "CACHEDIR.TAG", "conda-meta/history")
"""Files by which an environment or a cache makes itself known, whatever its folder is called."""


def wanted(path: str, base: str) -> bool:
    """Whether a path lies in the assessed folder, or at the root on its behalf."""
    return not base or path.startswith(base + "/") or path in OUTER_FILES or path.split("/")[0] in OUTER_FOLDERS


def own(paths: Iterable[str], base: str = "") -> list[str]:
    """The wanted paths without foreign ones, sorted."""
    mine = [path for path in paths if wanted(path, base) and FOREIGN.isdisjoint(path.split("/")[:-1])]
    marked = {
        folder
        for path in mine
        for mark in MARKS
        if path.endswith(f"/{mark}") and (folder := path.removesuffix(f"/{mark}")) != base
    }
    return sorted(path for path in mine if marked.isdisjoint(_above(path))) if marked else sorted(mine)


def _above(path: str) -> list[str]:
    """The folders that a path lies in."""
    return [path[:at] for at, character in enumerate(path) if character == "/"]


def readable(name: bytes) -> str:
    """A name as text that can be shown; bytes that are no UTF-8 become escapes, so that no two names become one."""
    return name.decode("utf-8", "backslashreplace")
