"""A folder for everything that the commands do, of which nothing is left afterwards."""

from __future__ import annotations

import itertools
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import uninterrupted


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder, with the folders `home` and `tmp` in it; it goes with the block, whatever was put into it.

    Raises:
        LadderError: something in it cannot be removed.
    """
    folder = Path(tempfile.mkdtemp(prefix="ladder-assess-")).resolve()
    try:
        for name in ("home", "tmp"):
            (folder / name).mkdir()
        yield folder
    finally:
        with uninterrupted():
            _remove_or_say(folder)


def _remove_or_say(folder: Path) -> None:
    try:
        remove(folder)
    except OSError as error:
        raise LadderError(
            f"{error.filename or folder} could not be removed: {error.strerror}.", f"Remove it: rm -rf {folder}"
        ) from error


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, also what is read-only, or deeper than a path may be long.

    Folders are moved up before they are emptied, so that every path is short and nothing is nested.

    Raises:
        OSError: something is in use, or is not ours.
    """
    folder.chmod(stat.S_IRWXU)
    free = (folder / f".{number}" for number in itertools.count())
    while entries := list(os.scandir(folder)):
        for entry in entries:
            for inner in _opened(entry):
                if inner.is_dir(follow_symlinks=False):
                    # Moving a folder changes its own `..`, which takes the permission to write in it.
                    Path(inner.path).chmod(stat.S_IRWXU)
                    Path(inner.path).rename(next(name for name in free if not os.path.lexists(name)))
                else:
                    Path(inner.path).unlink()
            if entry.is_dir(follow_symlinks=False):
                Path(entry.path).rmdir()
    folder.rmdir()


def _opened(entry: os.DirEntry[str]) -> list[os.DirEntry[str]]:
    """What is in a folder; what is no folder is removed."""
    if not entry.is_dir(follow_symlinks=False):
        Path(entry.path).unlink()
        return []
    Path(entry.path).chmod(stat.S_IRWXU)
    return list(os.scandir(entry.path))
