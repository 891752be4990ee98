"""Writing a project to disk: all of it or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlops_ladder.atomic import as_closed, permitted
from mlops_ladder.errors import LadderError
from mlops_ladder.project.tree import Tree


def check_target(target: Path) -> None:
    """Refuse a target that is in the way or cannot be written.

    Raises:
        LadderError: it exists and is not an empty folder, or the folder above it cannot be written.
    """
    if target.is_symlink():
        raise LadderError(f"{target} is a link.", "Name the folder that it points to.")
    if target.exists() and not target.is_dir():
        raise LadderError(f"{target} is a file.", "Choose another path.")
    parent = target
    while not parent.is_dir():
        if parent.exists():
            raise LadderError(f"{parent} is a file.", "Choose another path.")
        parent = parent.parent
    if not os.access(parent, os.W_OK | os.X_OK):
        raise LadderError(f"No permission to write in {parent}.", "Choose another path.")
    if target.is_dir() and any(target.iterdir()):
        raise LadderError(f"{target} is not empty.", "Choose a new folder; nothing was written.")
    if target.is_dir() and target.samefile(Path.cwd()):
        # A finished project takes the folder's place; a shell that stands in the old one would see nothing of it.
        raise LadderError(f"{target} is the current folder.", f"Go up first: cd .. && ladder new {target.name}")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`; it takes the target's place when the block ends well, else it goes.

    Raises:
        LadderError: the disk is full or refuses.
    """
    first_made = next((p for p in reversed([target, *target.parents]) if not p.exists()), None)
    # Named before it is made, so that an interrupt at any instant still knows what to take away.
    stage = target.parent / f".{target.name}.{os.urandom(4).hex()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir()
        yield stage
        stage.rename(target)
    except BaseException as error:
        shutil.rmtree(stage, ignore_errors=True)
        _remove_empty(target.parent, first_made)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise LadderError(f"{target} could not be written: {reason}.", "Nothing was left behind.") from error
        raise


def write(tree: Tree, root: Path) -> None:
    """Write every file of a tree below `root`, which must exist.

    Raises:
        LadderError: a path would leave the folder.
    """
    for path, file in tree.items():
        parts = Path(path).parts
        if Path(path).is_absolute() or ".." in parts:
            raise LadderError(f"{path} leads out of the project.")
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(file.content)
        if file.executable:
            full.chmod(permitted(0o755))


def link_in(root: Path, path: str) -> Path | None:
    """The first link on the way from a folder to a path below it, the path included; nothing where there is none."""
    at = root
    for part in path.split("/"):
        at /= part
        # Windows has links to folders that are no symbolic ones; Python knows them from 3.12 on.
        if at.is_symlink() or getattr(os.path, "isjunction", os.path.islink)(at):
            return at
    return None


def check_no_link(root: Path, path: str) -> None:
    """Refuse a path below a folder to which a link leads: what is written there would land elsewhere.

    Raises:
        LadderError: naming the link.
    """
    if link := link_in(root, path):
        raise LadderError(f"{link} is a link, and nothing is written through one.", "Replace it by what it points to.")


def folder(path: Path) -> Path:
    """A folder, made with those above it where they are missing."""
    path.mkdir(parents=True, exist_ok=True)
    return path


def copy(source: Path, target: Path) -> None:
    """Copy a file's bytes, for those who may read it; the folder of `target` is made if it is missing."""
    shutil.copyfile(source, folder(target.parent) / target.name)
    target.chmod(as_closed(source))


def _remove_empty(folder: Path, first_made: Path | None) -> None:
    """Take away the parent folders that this call made."""
    while first_made is not None and folder != first_made.parent and folder.is_dir():
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
