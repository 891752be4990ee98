"""A project in memory: path -> file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One file of a project: its bytes and whether it may be executed."""

    content: bytes
    executable: bool = False


Tree = dict[str, File]
"""A project in memory: POSIX path relative to its root -> file."""


def tree_hash(tree: Tree) -> str:
    """SHA-256 over path, mode and content of every file, in the order of the paths."""
    digest = hashlib.sha256()
    for path in sorted(tree):
        file = tree[path]
        mode = "755" if file.executable else "644"
        digest.update(f"{mode} {hashlib.sha256(file.content).hexdigest()} {path}\n".encode())
    return digest.hexdigest()
