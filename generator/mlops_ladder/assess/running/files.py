"""Copying regular files, within a limit: no links, no pipes, no devices."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from mlops_ladder.assess.running.origin import LIMIT, too_large
from mlops_ladder.project.disk import link_in

_BLOCK = 1 << 20


def copy_files(root: Path, names: Iterable[str], target: Path, taken: int = 0) -> int:
    """Copy the files of a folder that are regular into another; returns the bytes of all, `taken` included.

    Raises:
        LadderError: they are more than the limit.
        OSError: one cannot be read, or the disk is full.
    """
    sizes: dict[str, int] = {}
    for name in names:
        with suppress(FileNotFoundError, NotADirectoryError):
            about = (root / name).lstat()
            if stat.S_ISREG(about.st_mode):
                sizes[name] = about.st_size
    if taken + sum(sizes.values()) > LIMIT:
        raise too_large(str(root))
    for name, size in sizes.items():
        with suppress(FileNotFoundError, NotADirectoryError):
            copy_file(root / name, target / name, size)
    return taken + sum(sizes.values())


def copy_file(source: Path, target: Path, size: int) -> None:
    """Copy this many bytes of a regular file to a place where nothing is."""
    handle = os.open(source, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):  # swapped since it was looked at
            return
        _make(target.parent)
        with target.open("xb") as copy:
            while size > 0 and (block := file.read(min(size, _BLOCK))):
                copy.write(block)
                size -= len(block)
        target.chmod(stat.S_IMODE(mode) & 0o777 | stat.S_IRUSR)


def regular_files(folder: Path) -> Iterator[str]:
    """Every regular file below a folder by its path in it; no link is followed."""
    waiting = [""]
    while waiting:
        here = waiting.pop()
        for entry in os.scandir(folder / here):
            path = f"{here}/{entry.name}" if here else entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


def is_real(root: Path, folder: str) -> bool:
    """Whether a path below a root is a folder that no link leads to."""
    return not folder or (link_in(root, folder) is None and (root / folder).is_dir())


def leads_inside(path: Path, folder: Path) -> bool:
    """Whether a path ends in a folder; where links lead one to another, only the last place counts."""
    return Path(os.path.realpath(path)).is_relative_to(folder)


def _make(folder: Path) -> None:
    """Make a folder and those above it; pathlib would call itself for each of a thousand."""
    missing: list[Path] = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir()
