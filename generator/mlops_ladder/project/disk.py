"""Writing a project to disk: all of it or nothing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlops_ladder.atomic import as_closed, permitted
from mlops_ladder.errors import LadderError
from mlops_ladder.project.tree import Tree

STAY = {".vscode", ".idea", ".vs", ".zed", ".fleet", ".DS_Store", "Thumbs.db", "desktop.ini"}
"""What editors and systems put into a folder before anyone has written anything; it stays as it is."""


def check_target(target: Path) -> None:
    """Refuse a target that is in the way or cannot be written.

    Raises:
        LadderError: it exists and is not as good as empty, or cannot be written.
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
    if target.is_dir() and not as_good_as_empty(target):
        raise LadderError(f"{target} is not empty.", "Choose a new folder; nothing was written.")


def as_good_as_empty(folder: Path) -> bool:
    """Whether a folder holds nothing but a repository without a commit, and what editors and systems leave there."""
    return all(entry.name in STAY or (entry.name == ".git" and unborn(folder)) for entry in folder.iterdir())


def unborn(folder: Path) -> bool:
    """Whether a folder is a git repository that holds no commit yet, of its own or of a remote."""
    git = folder / ".git"
    if git.is_symlink() or not (git / "HEAD").is_file() or (git / "packed-refs").exists():
        return False
    return not any(path.is_file() for path in (git / "refs").rglob("*"))


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A hidden folder that becomes the target when the block ends well, else it goes.

    It stands beside the target and takes its place. Where the target holds something that stays, or is the current
    folder, it stands within, and what is in it moves up.

    Raises:
        LadderError: the disk is full or refuses.
    """
    first_made = next((p for p in reversed([target, *target.parents]) if not p.exists()), None)
    within = target.is_dir() and (any(target.iterdir()) or target.samefile(Path.cwd()))
    # Named before it is made, so that an interrupt at any instant still knows what to take away.
    stage = (target if within else target.parent) / f".{target.name}.{os.urandom(4).hex()}"
    try:
        stage.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir()
        yield stage
        if within:
            _move_up(stage, target)
        else:
            stage.rename(target)
    except BaseException as error:
        shutil.rmtree(stage, ignore_errors=True)
        _remove_empty(target.parent, first_made)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise LadderError(f"{target} could not be written: {reason}.", "Nothing was left behind.") from error
        raise


def _move_up(stage: Path, target: Path) -> None:
    """Move all that is in a folder to the one above; all of it, or nothing."""
    moved: list[Path] = []
    try:
        moved.extend(_moved(entry, target / entry.name) for entry in sorted(stage.iterdir()))
        stage.rmdir()
    except BaseException:
        for goal in moved:
            goal.rename(stage / goal.name)
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


def _moved(entry: Path, goal: Path) -> Path:
    if os.path.lexists(goal):
        raise FileExistsError(errno.EEXIST, f"{goal.name} has come into being meanwhile")
    entry.rename(goal)
    return goal


def _remove_empty(folder: Path, first_made: Path | None) -> None:
    """Take away the parent folders that this call made."""
    while first_made is not None and folder != first_made.parent and folder.is_dir():
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
