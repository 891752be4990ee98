"""Data under DVC: what the project's own cache holds of it comes along, since git holds pointers only."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlops_ladder.assess.running.files import copy_file, copy_files, is_real, leads_inside, regular_files
from mlops_ladder.assess.running.origin import LIMIT, Origin, too_large
from mlops_ladder.facts.read.text import decode, listed, parse_json
from mlops_ladder.facts.read.yaml import parse_yaml

_CACHE = ".dvc/cache"
_LONGEST = 10_000_000  # bytes of a pointer, or of the list of a folder
_DIGEST = re.compile(r"[0-9a-f]{32}(\.dir)?")


def bring_data(origin: Origin, copy: Path, pointers: Sequence[str]) -> None:
    """Copy the cache, and put the data that the pointers name in its place, as `dvc checkout` does.

    Raises:
        LadderError: it is more than the limit.
        OSError: a file cannot be read or written.
    """
    taken = 0
    caches: list[Path] = []
    for folder in dict.fromkeys(("", origin.base)):
        cache = posixpath.join(folder, _CACHE)
        if is_real(origin.root, cache) and is_real(copy, posixpath.dirname(cache)):
            # What was committed of it is in the copy already.
            names = (name for name in regular_files(origin.root / cache) if not os.path.lexists(copy / cache / name))
            taken = copy_files(origin.root / cache, names, copy / cache, taken)
            caches.append(copy / cache)
    for path, digest in _wanted(copy, pointers, caches):
        source, target = _cached(caches, digest), copy / path
        if source is None or os.path.lexists(target) or not leads_inside(target.parent, copy):
            continue
        size = source.stat().st_size
        taken += size
        if taken > LIMIT:
            raise too_large("The data")
        copy_file(source, target, size)


def _wanted(copy: Path, pointers: Sequence[str], caches: list[Path]) -> Iterator[tuple[str, str]]:
    """The path and the digest of each file that the pointers name, those of a folder one by one."""
    for pointer in pointers:
        for path, digest in _outs(copy, pointer):
            if not digest.endswith(".dir"):
                yield path, digest
                continue
            for entry in listed(parse_json(_text(_cached(caches, digest)))):
                if isinstance(entry, dict):
                    yield from _named(path, entry.get("relpath"), entry.get("md5"))


def _outs(copy: Path, pointer: str) -> Iterator[tuple[str, str]]:
    for body in parse_yaml(_text(copy / pointer)):
        if isinstance(body, dict):
            folder = posixpath.join(posixpath.dirname(pointer), str(body.get("wdir", "")))
            for out in listed(body.get("outs")):
                if isinstance(out, dict):
                    yield from _named(folder, out.get("path"), out.get("md5"))


def _named(folder: str, name: object, digest: object) -> Iterator[tuple[str, str]]:
    """A path inside the repository and its digest, where they are such."""
    if isinstance(name, str) and name.isprintable() and isinstance(digest, str) and _DIGEST.fullmatch(digest):
        path = posixpath.normpath(posixpath.join(folder, name))
        if not path.startswith(("/", "..")) and ".git" not in path.split("/"):
            yield path, digest


def _cached(caches: list[Path], digest: str) -> Path | None:
    """Where the cache holds some content, in the layout of DVC 3 or the one before."""
    places = (cache / layout / digest[:2] / digest[2:] for cache in caches for layout in ("files/md5", ""))
    return next((place for place in places if _regular(place)), None)


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _text(path: Path | None) -> str:
    if path is None or not _regular(path) or path.stat().st_size > _LONGEST:
        return ""
    return decode(path.read_bytes()) or ""
