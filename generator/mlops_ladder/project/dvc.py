"""Data files under DVC: their pointers, their place in the cache, and the way back from there.

Nothing here needs DVC to be installed: the pointer and the cache layout are DVC 3's, written directly.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mlops_ladder.atomic import as_closed, beside, whole
from mlops_ladder.errors import LadderError
from mlops_ladder.project import disk
from mlops_ladder.project.tree import File, Tree

CACHE = ".dvc/cache"
WITHOUT_GIT: Tree = {".dvc/config.local": File(b"[core]\n    no_scm = true\n")}
"""What DVC wants to be told on a machine where the project is in no git repository; git ignores the file."""

_BLOCK = 1024 * 1024
_FICLONE = 0x40049409  # Linux: share the blocks of the source instead of copying them


@dataclass(frozen=True)
class Digest:
    """What a DVC pointer says of a file: its MD5 and its size in bytes."""

    md5: str
    size: int

    @property
    def cached(self) -> str:
        """Where DVC keeps the bytes, relative to the project."""
        return f"{CACHE}/files/md5/{self.md5[:2]}/{self.md5[2:]}"


def digest(path: Path) -> Digest:
    """The MD5 and size of a file, read once in blocks."""
    with path.open("rb") as source:
        return _read(source, None)


def pointers(seen: Mapping[str, Digest]) -> Tree:
    """What git holds in place of files that DVC keeps: path -> digest becomes pointers, and the rules to ignore them.

    A pointer is written as `dvc add` writes it.
    """
    named = {f"{path}.dvc": File(_pointer(digest, path.rpartition("/")[2])) for path, digest in seen.items()}
    return named | ignore_rules(seen)


def ignore_rules(paths: Iterable[str]) -> Tree:
    """The `.gitignore` beside each of some files, which names them."""
    rules: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        rules.setdefault(f"{folder}/.gitignore", []).append(f"/{_ignored(name)}\n")
    return {path: File("".join(lines).encode()) for path, lines in rules.items()}


def check_no_link(project: Path, seen: Digest, path: str) -> None:
    """Refuse to hold a file of a project where a link lies on the way to it or into the cache.

    Raises:
        LadderError: naming the link.
    """
    for written in (f"{CACHE}/.gitignore", seen.cached, path):
        disk.check_no_link(project, written)


def into_cache(project: Path, file: Path) -> Digest:
    """Put the bytes of `file` into the project's DVC cache, whole or not at all; returns what was put there.

    Whoever may not read the file may not read them there either.

    Raises:
        LadderError: the disk is full or refuses, or a link leads out of the cache.
    """
    cache = project / CACHE
    disk.check_no_link(project, f"{CACHE}/.gitignore")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        # The cache ignores itself, also on branches whose .dvc/.gitignore is not there yet.
        if not (cache / ".gitignore").exists():
            with whole(cache / ".gitignore") as ignore:
                ignore.write(b"*\n")
        with beside(cache, ".incoming.") as (target, name), file.open("rb") as source:
            seen = _copy(source, target)
            target.close()
            disk.check_no_link(project, seen.cached)
            final = project / seen.cached
            final.parent.mkdir(parents=True, exist_ok=True)
            name.chmod(as_closed(file) & 0o444)
            name.replace(final)
    except OSError as error:
        raise LadderError(
            f"{file} could not be copied to {cache}: {error.strerror or error}.",
            "Make room there and try again.",
        ) from error
    return seen


def from_cache(project: Path, seen: Digest, path: str) -> None:
    """Bring cached bytes back to their place, whole or not at all; a file that is there already is left alone.

    Raises:
        LadderError: a link leads elsewhere.
    """
    for way in (seen.cached, path):
        disk.check_no_link(project, way)
    file, cached = project / path, project / seen.cached
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with cached.open("rb") as source, whole(file, as_closed(cached)) as target:
        _copy(source, target)


def drop(project: Path, path: str) -> None:
    """Take a file away that was brought in vain, and its folder if nothing else is in it."""
    if disk.link_in(project, path):
        return
    (project / path).unlink(missing_ok=True)
    with suppress(OSError):
        (project / path).parent.rmdir()


def drop_cache(project: Path) -> None:
    """Take a `.dvc` folder away that holds nothing but a cache made in vain."""
    shutil.rmtree(project / ".dvc", ignore_errors=True)


def _pointer(seen: Digest, name: str) -> bytes:
    return f"outs:\n- md5: {seen.md5}\n  size: {seen.size}\n  hash: md5\n  path: {_yaml(name)}\n".encode()


def _yaml(name: str) -> str:
    """A file name as a YAML scalar, quoted the way DVC's own writer does."""
    if re.fullmatch(r"[a-z][a-z0-9_]*\.(csv|parquet)", name):
        return name  # the usual name means nothing else in YAML; the library takes longer to import than all else here
    import yaml

    text: str = yaml.safe_dump(name, allow_unicode=True, width=10_000)
    return text.removesuffix("\n").removesuffix("...").removesuffix("\n")


def _ignored(name: str) -> str:
    """A file name as a pattern of `.gitignore` that matches nothing else."""
    escaped = "".join(f"\\{char}" if char in "\\*?[" else char for char in name)
    return escaped[:-1] + "\\ " if escaped.endswith(" ") else escaped


def _copy(source: BinaryIO, target: BinaryIO) -> Digest:
    """Copy and read in one pass, or share the blocks where the file system can."""
    try:
        import fcntl

        fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
    except (ImportError, OSError):
        return _read(source, target)
    target.seek(0)
    return _read(target, None)


def _read(source: BinaryIO, target: BinaryIO | None) -> Digest:
    md5 = hashlib.md5(usedforsecurity=False)
    size = 0
    while block := source.read(_BLOCK):
        md5.update(block)
        size += len(block)
        if target is not None:
            target.write(block)
    return Digest(md5.hexdigest(), size)
