"""One file that the user named, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.atomic import whole
from mlops_ladder.errors import LadderError
from mlops_ladder.legible import lines


def write_file(path: Path, text: str, keep: bool = False) -> None:
    """Write a report; with `keep`, an existing file is refused.

    Raises:
        LadderError: the folder is not there or cannot be written, or the file must be kept.
    """
    if keep and path.exists():
        raise LadderError(f"{path} is already there.", "Name another file; nothing was written.")
    # A device or a pipe would be replaced, too: who is root would have no /dev/null any more.
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise LadderError(f"{path} is a folder, a link or a device.", "Name a file.")
    try:
        with whole(path) as file:
            file.write(lines(text).encode())
    except OSError as error:
        raise LadderError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def append_file(path: Path, text: str) -> None:
    """Add to a file that another program collects, such as a job summary.

    Raises:
        LadderError: it cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(lines(text))
    except OSError as error:
        raise LadderError(f"{path} cannot be written: {error.strerror}.") from error
