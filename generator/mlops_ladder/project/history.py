"""Every released version of the templates, so that the base of any project can be rendered again, offline.

`history.json` says which template file had which content in which version; `history.tar.xz` holds each content
once. The version of this very package is not in there: its templates lie beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import templates_root
from mlops_ladder.project.lock import LOCK, UPGRADE, Lock
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import Tree, tree_hash

SHIPPED = Path(__file__).parent
INDEX = "history.json"
STORE = "history.tar.xz"


def recover(lock: Lock, present: Path | None = None, shipped: Path = SHIPPED) -> Tree:
    """The pristine render that a project was made from, checked against its `base_tree`.

    Raises:
        LadderError: the version is unknown, or what it renders is not what the lock says.
    """
    with origin(lock, present, shipped) as (_, tree):
        return tree


@contextmanager
def origin(lock: Lock, present: Path | None = None, shipped: Path = SHIPPED) -> Iterator[tuple[Path, Tree]]:
    """The templates that a project was made from, for as long as the block runs, and what they render.

    Raises:
        LadderError: the version is unknown, or what it renders is not what the lock says.
    """
    with ExitStack() as stack:
        roots = [present or templates_root()] if lock.ladder == __version__ else []
        if lock.ladder in versions(shipped):
            roots.append(stack.enter_context(templates(lock.ladder, shipped)))
        for root in roots:
            tree = _rendered(lock, root)
            if tree_hash(tree) == lock.base_tree:
                yield root, tree
                return
    if not roots:
        known = ", ".join(dict.fromkeys([*versions(shipped), __version__]))
        raise LadderError(
            f"This project was made by ladder {lock.ladder}, which this ladder does not know (it knows {known}).",
            f"Install a newer ladder: {UPGRADE}",
        )
    raise LadderError(
        f"What ladder {lock.ladder} renders from {LOCK} is not what this project was made from "
        f"(base_tree {lock.base_tree[:12]}), so a merge would be a guess.",
        f"If {LOCK} was edited, undo that (git log -p {LOCK}); answers are changed with: ladder set",
    )


def _rendered(lock: Lock, root: Path) -> Tree:
    """What templates make of a lock: nothing where they fail, for an honest one has been rendered before."""
    try:
        return render(lock.answers, lock.level, root)
    except (LadderError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return {}


def versions(shipped: Path = SHIPPED) -> list[str]:
    """The released versions whose templates are at hand, oldest first."""
    return list(_index(shipped)["versions"])


@contextmanager
def templates(version: str, shipped: Path = SHIPPED) -> Iterator[Path]:
    """The template folder of a released version, for as long as the block runs."""
    files = _index(shipped)["versions"][version]
    store = _contents(shipped)
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(store[content])
        yield Path(folder)


def freeze(version: str, trees: dict[str, str], root: Path | None = None, shipped: Path = SHIPPED) -> None:
    """Add the present templates to the history as a version; one that is there already is replaced.

    `trees` are tree hashes of sample renders, by a name for each: a test renders them again for ever.
    """
    root = root or templates_root()
    index = _index(shipped)
    store = _contents(shipped)
    files: dict[str, str] = {}
    for path in sorted(root.glob("level*/**/*")):
        if path.is_file() and not _unrendered(path.relative_to(root)):
            content = path.read_bytes()
            name = hashlib.sha256(content).hexdigest()[:20]
            store[name] = content
            files[path.relative_to(root).as_posix()] = name
    index["versions"][version] = files
    index["trees"][version] = trees
    _write(index, store, shipped)


def _write(index: dict[str, Any], store: dict[str, bytes], shipped: Path) -> None:
    order = {name: path for entries in index["versions"].values() for path, name in entries.items()}
    # Contents of one path lie side by side, where the compressor finds what they share.
    names = sorted((name for name in store if name in order), key=lambda name: (order[name], name))
    with tarfile.open(shipped / STORE, "w:xz", preset=9) as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(store[name])
            archive.addfile(member, io.BytesIO(store[name]))
    (shipped / INDEX).write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def recorded(shipped: Path = SHIPPED) -> dict[str, dict[str, str]]:
    """By version, the tree hashes of the sample renders that were taken when it was frozen."""
    trees: dict[str, dict[str, str]] = _index(shipped)["trees"]
    return trees


def _unrendered(path: Path) -> bool:
    """Whether a file of a level is for readers, not for projects."""
    return "__pycache__" in path.parts or path.parts[1] in ("README.md", "capabilities.toml", "lab")


def _index(shipped: Path) -> dict[str, Any]:
    path = shipped / INDEX
    if not path.is_file():
        return {"versions": {}, "trees": {}}
    index: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return index


def _contents(shipped: Path) -> dict[str, bytes]:
    if not (shipped / STORE).is_file():
        return {}
    with tarfile.open(shipped / STORE, "r:xz") as archive:
        return {member.name: file.read() for member in archive if (file := archive.extractfile(member))}
