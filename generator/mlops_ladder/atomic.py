"""Writing one file whole or not at all: beside its place first, then in its place by a rename."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when the block ends well; else `path` is as it was.

    Its permissions are those of `mode` that the user's umask leaves.
    """
    with beside(path.parent, f".{path.name}.") as (file, name):
        yield file
        file.close()
        name.chmod(permitted(mode))
        name.replace(path)


@contextmanager
def beside(folder: Path, prefix: str) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in a folder, open, and its path; it goes with the block unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=prefix, dir=folder)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def as_closed(source: Path) -> int:
    """The permissions of a copy: whom the user has shut out of the source, the copy shuts out too."""
    readers = source.stat().st_mode & 0o444 | 0o400
    return permitted(readers | readers >> 1)


def permitted(mode: int) -> int:
    """What the user's umask leaves of some permissions."""
    mask = os.umask(0)
    os.umask(mask)
    return mode & ~mask
