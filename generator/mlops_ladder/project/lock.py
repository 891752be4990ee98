"""`.ladder.toml`: what a project says of its own origin, so that its pristine render can be made again."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.tree import File, Tree, tree_hash

LOCK = ".ladder.toml"

T = TypeVar("T")


@dataclass(frozen=True)
class Lock:
    """The content of `.ladder.toml`: the address from which the pristine render can be made again."""

    ladder: str
    level: int
    base_tree: str
    answers: Answers
    kept: tuple[str, ...] = ()


def lock_of(tree: Tree, answers: Answers, level: int, kept: tuple[str, ...] = ()) -> Lock:
    """The lock of a pristine render."""
    return Lock(__version__, level, tree_hash(tree), answers, kept)


def with_lock(tree: Tree, lock: Lock) -> Tree:
    """The render with its `.ladder.toml` in it, ready to be written."""
    return {**tree, LOCK: File(dump(lock))}


def dump(lock: Lock) -> bytes:
    """The lock as TOML. Empty values are left out; equal locks give equal bytes."""
    import tomli_w

    header = (
        "# Where this project comes from. Commit it; the next level and updates are computed from it.\n"
        "# The columns are as they were when the project was made; change config.toml, not this.\n"
    )
    return (header + tomli_w.dumps(_bare(lock))).encode()


def load(content: bytes) -> Lock:
    """Read a `.ladder.toml`.

    Raises:
        LadderError: it is not TOML, or a key is missing or unknown.
    """
    try:
        raw = tomllib.loads(content.decode())
        answers = raw.pop("answers")
        dataset = _dataset(answers.pop("data"))
        return _build(Lock, {**raw, "answers": _build(Answers, {**answers, "data": dataset})})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise LadderError(f"{LOCK} cannot be read: {error}.", f"Restore it with: git checkout {LOCK}") from error


def dump_dataset(dataset: Dataset) -> bytes:
    """A data set as TOML, in the form that it has in the lock."""
    import tomli_w

    return tomli_w.dumps(_bare(dataset)).encode()


def load_dataset(content: bytes) -> Dataset:
    """The reverse of `dump_dataset`."""
    return _dataset(tomllib.loads(content.decode()))


def find_lock(project: Path) -> Lock:
    """The lock of the project in a folder.

    Raises:
        LadderError: there is none.
    """
    path = project / LOCK
    if not path.is_file():
        raise LadderError(f"{project} has no {LOCK}: it was not made by ladder.", "Make a project with: ladder new")
    return load(path.read_bytes())


def _bare(value: Any) -> Any:
    """Dataclasses as tables, without the keys that are empty and need not be there."""
    if isinstance(value, tuple):
        return [_bare(item) for item in value]
    if not is_dataclass(value):
        return value
    found = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: _bare(item) for field, item in found if field.default is MISSING or not _empty(item)}


def _empty(value: Any) -> bool:
    # Not `in (None, False, ...)`: 0 equals False, and a column whose lowest value is 0 must keep it.
    return value is None or value is False or value in ("", ())


def _dataset(raw: dict[str, Any]) -> Dataset:
    columns = tuple(_build(Column, column) for column in raw.pop("columns", []))
    return _build(Dataset, {**raw, "columns": columns})


def _build(shape: type[T], raw: dict[str, Any]) -> T:
    """A dataclass from TOML values; lists become tuples, an unknown or missing key is a `TypeError`."""
    known = {field.name for field in fields(shape)}  # type: ignore[arg-type]
    unknown = sorted(set(raw) - known)
    if unknown:
        raise TypeError(f"unknown key '{unknown[0]}'")
    return shape(**{key: tuple(item) if isinstance(item, list) else item for key, item in raw.items()})
