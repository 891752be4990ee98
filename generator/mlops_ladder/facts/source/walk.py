"""The files of a folder that git does not look after: every regular one that no .gitignore in it ignores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlops_ladder.facts.source.rules import rules
from mlops_ladder.facts.source.scope import FOREIGN, MAX_FILES, MAX_NAMES

_IGNORE = ".gitignore"


def walk(root: Path, start: str) -> tuple[list[str], bool]:
    """Every regular file below a folder of `root`, links and other repositories left out, and whether that is all.

    Rules in the folders between the root and the start count too. Folders and ignored files count for the bound, since
    they take time as well.
    """
    found: list[str] = []
    seen = size = 0
    stack = [(start, [rule for folder in _parents(start) for rule in _rules(root, folder)])]
    while stack:
        folder, inherited = stack.pop()
        if folder != start and os.path.lexists(root / folder / ".git"):
            continue
        own = [*inherited, *_rules(root, folder)]
        for entry in _entries(root / folder):
            path = f"{folder}/{entry.name}" if folder else entry.name
            seen, size = seen + 1, size + len(path)
            if seen > MAX_FILES or size > MAX_NAMES:
                return found, False
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in FOREIGN and not _ignored(f"{path}/", own):
                    stack.append((path, own))
            elif entry.is_file(follow_symlinks=False) and not _ignored(path, own):
                found.append(path)
    return found, True


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What is in a folder; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


def _parents(folder: str) -> list[str]:
    """The folders above one, the root ("") first."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:count]) for count in range(len(parts))]


def _rules(root: Path, folder: str) -> list[tuple[str, Any]]:
    found = rules(root / folder / _IGNORE)
    return [] if found is None else [(f"{folder}/" if folder else "", found)]


def _ignored(path: str, inherited: list[tuple[str, Any]]) -> bool:
    """Whether a path is ignored: the innermost rule that speaks of it decides."""
    for folder, spec in reversed(inherited):
        said = spec.check_file(path.removeprefix(folder)).include
        if said is not None:
            return bool(said)
    return False
