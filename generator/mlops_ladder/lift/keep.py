"""Files of the templates that the user takes over: no lift touches them from then on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from mlops_ladder.atomic import whole
from mlops_ladder.errors import LadderError
from mlops_ladder.project import history
from mlops_ladder.project.lock import LOCK, Lock, absent, dump, load, read


def keep(project: Path, paths: Iterable[Path], *, undo: bool = False) -> Lock:
    """The project's lock with some more paths kept, or fewer; nothing is written.

    `paths` are relative to the current folder, as a person types them.

    Raises:
        LadderError: the folder is no project, or a path is no file that its templates make.
    """
    file = project / LOCK
    if not file.is_file() or file.is_symlink():
        raise absent(project, "--project ")
    lock = load(read(file))
    named = {_relative(project, path) for path in paths}
    known = set(lock.kept) if undo else set(history.recover(lock))
    strange = sorted(named - known)
    if strange and undo:
        raise LadderError(f"{strange[0]} is not kept.", f"Kept are: {', '.join(lock.kept) or 'none'}.")
    if strange:
        within = sorted(path for path in known if strange[0] == "." or path.startswith(f"{strange[0]}/"))
        hint = f"Name files in it, as in: {within[0]}" if within else "No template changes it anyway."
        raise LadderError(f"{strange[0]} is no file of this project's templates.", hint)
    kept = set(lock.kept) - named if undo else set(lock.kept) | named
    return replace(lock, kept=tuple(sorted(kept)))


def record(project: Path, lock: Lock) -> None:
    """Write the lock into the project, whole or not at all."""
    with whole(project / LOCK) as file:
        file.write(dump(lock))


def _relative(project: Path, path: Path) -> str:
    # Not resolve(): a file of the project may be a link, and it is the link that is kept.
    return Path(os.path.relpath(path, project)).as_posix()
