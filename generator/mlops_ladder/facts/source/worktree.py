"""What git would commit of a work tree: its tracked files, and the untracked ones that no rule ignores."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mlops_ladder.facts.source.process import ask, listed
from mlops_ladder.facts.source.scope import MAX_FILES, OUTER_FILES, OUTER_FOLDERS, TOO_MANY, own, readable

_REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class Listing:
    """The files of a folder. `tracked` is nothing where there is no git to tell.

    `paths` can be shown; `names` has the name on disk of those that are not UTF-8. `partial` says why not all files
    are listed; `absent` are those that a sparse checkout leaves out.
    """

    root: Path
    paths: list[str]
    tracked: frozenset[str] | None
    names: dict[str, str]
    partial: str = ""
    absent: frozenset[str] = frozenset()

    @cached_property
    def held(self) -> frozenset[str] | None:
        """The tracked files whose content git holds: of those that LFS keeps it has a pointer only."""
        if self.tracked is None:
            return None
        rules = [path for path in self.paths if path.rpartition("/")[2] == ".gitattributes"]
        if not any(b"filter=lfs" in _content(self.root / path) for path in rules):
            return self.tracked
        asked = b"".join(os.fsencode(self.names.get(path, path)) + b"\0" for path in sorted(self.tracked))
        ceiling = str(self.root.parent)
        answer = ask(self.root, "check-attr", "-z", "--stdin", "filter", stdin=asked, ceiling=ceiling) or b""
        parts = answer.split(b"\0")
        elsewhere = {readable(name) for name, value in zip(parts[::3], parts[2::3], strict=False) if value == b"lfs"}
        return self.tracked - elsewhere


def work_tree(root: Path, base: str) -> Listing | None:
    """The files of the folder `base` of a repository; nothing where git does not answer."""
    asked = ("--", base, *sorted(OUTER_FILES), *OUTER_FOLDERS) if base else ()
    # A damaged `.git` must not make git look for a repository further up.
    ceiling = str(root.parent)
    index = listed(root, "ls-files", "-z", "-t", "--stage", *asked, ceiling=ceiling)
    others = listed(root, "ls-files", "-z", "--others", "--exclude-standard", *asked, ceiling=ceiling)
    if index is None or others is None:
        return None
    entries = [os.fsdecode(line).partition("\t") for line in index[0]]
    regular = [(meta[0], name) for meta, _, name in entries if meta[2:].startswith(_REGULAR)]
    tracked = {name for _, name in regular}
    left_out = {name for tag, name in regular if tag == "S" and not os.path.lexists(root / name)}
    loose = set(map(os.fsdecode, others[0]))
    folders: dict[str, bool] = {"": True}
    found = [name for name in tracked | loose if name in left_out or _regular(root, name, folders)]
    mine = listing(root, base, found, tracked, whole=index[1] and others[1])
    absent = frozenset(readable(os.fsencode(name)) for name in left_out).intersection(mine.paths)
    return replace(mine, absent=absent)


def listing(root: Path, base: str, found: list[str], tracked: Iterable[str] | None, *, whole: bool) -> Listing:
    """The files of a folder from their names on disk: its own, as many as an assessment looks at."""
    shown = {readable(os.fsencode(name)): name for name in found}
    paths = own(shown, base)
    partial = "" if whole and len(paths) <= MAX_FILES else TOO_MANY
    kept = paths[:MAX_FILES]
    held = None if tracked is None else frozenset(readable(os.fsencode(name)) for name in tracked).intersection(kept)
    return Listing(root, kept, held, {path: name for path, name in shown.items() if path != name}, partial)


def _regular(root: Path, name: str, folders: dict[str, bool]) -> bool:
    """Whether a path is a regular file that no link leads to; `folders` remembers those that are real."""
    if ".." in name.split("/") or name.startswith("/"):
        return False
    return _real(root, name.rpartition("/")[0], folders) and stat.S_ISREG(_mode(root / name))


def _real(root: Path, folder: str, folders: dict[str, bool]) -> bool:
    unknown: list[str] = []
    while folder not in folders:
        unknown.append(folder)
        folder = folder.rpartition("/")[0]
    real = folders[folder]
    for name in reversed(unknown):
        real = folders[name] = real and stat.S_ISDIR(_mode(root / name))
    return real


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100_000)
    except OSError:
        return b""
