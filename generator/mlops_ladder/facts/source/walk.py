"""The files of a folder that git does not look after: every regular one that no .gitignore in it ignores."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mlops_ladder.facts.source.scope import FOREIGN, MAX_FILES

_IGNORE = ".gitignore"
_LONGEST = 200_000  # bytes of rules


def walk(root: Path, start: str) -> list[str]:
    """Every regular file below a folder of `root`, links and other repositories left out.

    Rules in the folders between the root and the start count too.
    """
    rules = [rule for folder in _parents(start) for rule in _rules(root, folder)]
    found: list[str] = []
    stack = [(start, rules)]
    while stack and len(found) < MAX_FILES:
        folder, inherited = stack.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            continue
        if folder != start and any(entry.name == ".git" for entry in entries):
            continue
        own = [*inherited, *_rules(root, folder)] if any(entry.name == _IGNORE for entry in entries) else inherited
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in FOREIGN and not _ignored(f"{path}/", own):
                    stack.append((path, own))
            elif entry.is_file(follow_symlinks=False) and not _ignored(path, own):
                found.append(path)
    return found


def _parents(folder: str) -> list[str]:
    """The folders above one, the root ("") first."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:count]) for count in range(len(parts))]


def _rules(root: Path, folder: str) -> list[tuple[str, Any]]:
    path = root / folder / _IGNORE
    if path.is_symlink() or not path.is_file():
        return []
    from pathspec import GitIgnoreSpec

    try:
        lines = path.read_bytes()[:_LONGEST].decode("utf-8", "replace").split("\n")
    except OSError:
        return []
    patterns: list[Any] = []
    for line in lines:
        try:
            patterns += GitIgnoreSpec.from_lines([line.rstrip("\r")]).patterns
        except ValueError:  # git takes no notice of a malformed rule either
            continue
    return [(f"{folder}/" if folder else "", GitIgnoreSpec(patterns))]


def _ignored(path: str, rules: list[tuple[str, Any]]) -> bool:
    """Whether a path is ignored: the innermost rule that speaks of it decides."""
    for folder, spec in reversed(rules):
        said = spec.check_file(path.removeprefix(folder)).include
        if said is not None:
            return bool(said)
    return False
