"""`.ladder.toml`: what a project says of its own origin, so that its pristine render can be made again."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import QUESTIONS, Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.tree import File, Tree, tree_hash

LOCK = ".ladder.toml"
UPGRADE = "uv tool upgrade mlops-ladder"
HEADER = (
    "# Where this project comes from. Commit it; the next level and updates are computed from it.\n"
    "# The columns are as they were when the project was made; change config.toml, not this.\n"
)


class Lock(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The content of `.ladder.toml`: the address from which the pristine render can be made again.

    `kept` are the paths that no lift touches, since the user has taken them over.
    """

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
    """The lock as TOML. Values that are the default are left out; equal locks give equal bytes."""
    import tomli_w

    table = msgspec.to_builtins(lock)
    answers = table.pop("answers")
    data, choices = answers.pop("data"), answers.pop("choices")
    # Tables last, as TOML wants them.
    table["answers"] = {**answers, **choices, **({"data": data} if data else {})}
    return (HEADER + tomli_w.dumps(table)).encode()


def load(content: bytes) -> Lock:
    """Read a `.ladder.toml`.

    Raises:
        LadderError: it is not TOML, a key is missing or unknown, or a value is not of its type or its question.
    """
    try:
        table = tomllib.loads(content.decode())
        if isinstance(answers := table.get("answers"), dict):
            named = {question.name for question in QUESTIONS}
            choices = {key: answers.pop(key) for key in list(answers) if key in named}
            answers["choices"] = None if "choices" in answers else choices
        return msgspec.convert(table, Lock)
    except (ValueError, msgspec.ValidationError) as error:
        raise LadderError(f"{LOCK} cannot be read: {plainly(error)}.", _way_out(content)) from error


def _way_out(content: bytes) -> str:
    """What helps where a lock cannot be read: one that a later version wrote may be as it should be."""
    found = re.search(rb'^ladder = "([\d.]+)"$', content, re.MULTILINE)
    if found and _numbers(found[1].decode()) > _numbers(__version__):
        return f"ladder {found[1].decode()} wrote it: install that or a newer one: {UPGRADE}"
    return f"Restore it with: git checkout {LOCK}"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def absent(folder: Path, place: str = "") -> LadderError:
    """The error where a folder has no lock: it may lie inside a project. `place` is the option that names one."""
    above = next((path for path in folder.resolve().parents if (path / LOCK).is_file()), None)
    if above is None:
        return LadderError(f"{folder} has no {LOCK}: it was not made by ladder.", "Make a project with: ladder new")
    return LadderError(f"{folder} is inside of a project, not the project.", f"Name the project: {place}{above}")


def dump_dataset(dataset: Dataset) -> bytes:
    """A data set as TOML, in the form that it has in the lock."""
    import tomli_w

    table: dict[str, Any] = msgspec.to_builtins(dataset)
    return tomli_w.dumps(table).encode()


def load_dataset(content: bytes) -> Dataset:
    """The reverse of `dump_dataset`."""
    return msgspec.convert(tomllib.loads(content.decode()), Dataset)


def plainly(error: Exception) -> str:
    """A reader's complaint in the words of TOML: the key first, then what is wrong with it."""
    said, _, place = str(error).partition(" - at `$")
    said = said.replace("Object missing required field", "missing key").replace(
        "Object contains unknown field", "unknown key"
    )
    key = place.removeprefix(".").removesuffix("`")
    return f"{key}: {said}" if key else said
