"""`.ladder.toml`: what a project says of its own origin, so that its pristine render can be made again."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import QUESTIONS, Answers
from mlops_ladder.project.dataset import FORMATS, Dataset
from mlops_ladder.project.naming import is_package
from mlops_ladder.project.tree import File, Tree, tree_hash

LOCK = ".ladder.toml"
UPGRADE = "uv tool upgrade mlops-ladder"
LARGEST = 4_000_000  # bytes; 2,000 columns with 50 values each fit
_TEXTS = re.compile(
    rb"#[^\n]*"
    rb'|"{3}(?:\\.|[^\\])*?(?:"{3}|\Z)'
    rb"|'{3}.*?(?:'{3}|\Z)"
    rb'|"(?:\\.|[^"\\\n])*"?'
    rb"|'[^'\n]*'?",
    re.DOTALL,
)
"""Comments and strings of TOML; one that does not end is taken to the end, so that no byte is looked at twice."""
_DEEP = re.compile(rb"(?:\.[\w \t-]*){9}")
HEADER = (
    "# Where this project comes from. Commit it; the next level and updates are computed from it.\n"
    "# The columns are as they were when the project was made; change config.toml, not this.\n"
)


class Lock(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The content of `.ladder.toml`: the address from which the pristine render can be made again.

    `kept` are the paths that no lift touches, since the user has taken them over.
    """

    ladder: Annotated[str, Meta(pattern=r"\A[0-9]{1,6}(\.[0-9]{1,6}){0,3}([a-z.+-]+[0-9]{1,6})?\Z", max_length=40)]
    level: Annotated[int, Meta(ge=1, le=99)]
    base_tree: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    answers: Answers
    kept: tuple[str, ...] = ()


def lock_of(tree: Tree, answers: Answers, level: int, kept: tuple[str, ...] = ()) -> Lock:
    """The lock of a pristine render."""
    return Lock(__version__, level, tree_hash(tree), answers, kept)


def with_lock(tree: Tree, lock: Lock) -> Tree:
    """The render with its `.ladder.toml` in it, ready to be written."""
    return {**tree, LOCK: File(dump(lock))}


def dump(lock: Lock) -> bytes:
    """The lock as TOML. Values that are the default are left out; equal locks give equal bytes.

    Raises:
        LadderError: so much is known of the columns that it would not be read again.
    """
    import tomli_w

    table = msgspec.to_builtins(lock)
    answers = table.pop("answers")
    if not answers["id"]:
        del answers["id"]
    data, choices = answers.pop("data"), answers.pop("choices")
    # Tables last, as TOML wants them.
    table["answers"] = {**answers, **choices, **({"data": data} if data else {})}
    content = (HEADER + tomli_w.dumps(table)).encode()
    if len(content) > LARGEST:
        raise LadderError(
            f"What {LOCK} would say of the columns takes {len(content):,} bytes; {LARGEST:,} are the most.",
            "Leave columns with long texts out of the data file.",
        )
    return content


def read(path: Path) -> bytes:
    """The bytes of a lock on disk, or the beginning of one that is too large for `load`."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def load(content: bytes) -> Lock:
    """Read a `.ladder.toml`, by whomever it was written: what it says decides which files are read and written.

    Raises:
        LadderError: it is not TOML, a key is missing or unknown, or a value is none that ladder would have written.
    """
    try:
        _check_readable(content)
        table = tomllib.loads(content.decode())
        if isinstance(answers := table.get("answers"), dict):
            named = {question.name for question in QUESTIONS}
            choices = {key: answers.pop(key) for key in list(answers) if key in named}
            answers["choices"] = None if "choices" in answers else choices
        lock = msgspec.convert(table, Lock)
        _check_coherent(lock)
    except (ValueError, RecursionError) as error:
        raise LadderError(f"{LOCK} cannot be read: {plainly(error)}.", _way_out(content)) from error
    return lock


def _check_readable(content: bytes) -> None:
    """Refuse what would cost the reader of TOML more than a lock is worth."""
    if len(content) > LARGEST:
        raise ValueError(f"it has more than {LARGEST:,} bytes")
    # The reader takes the square of a key's depth for each key, and the depth of its table for each line.
    if _DEEP.search(_TEXTS.sub(b"x", content)):
        raise ValueError("a key is too deep")


def _check_coherent(lock: Lock) -> None:
    """Refuse values that are fine alone, and do not belong together."""
    answers, data = lock.answers, lock.answers.data
    if not is_package(answers.package, answers.name):
        raise ValueError("answers.package: it is not what the name gives")
    if data and FORMATS.get(Path(data.file).suffix) != data.format:
        raise ValueError("answers.data.file: its end does not say its format")
    for column in data.of_kind("number") if data else ():
        if None in (column.low, column.high, column.q01, column.q99):
            raise ValueError("answers.data.columns: a number has no range")
    for path in lock.kept:
        if not path.isprintable() or any(part in ("", ".", "..") for part in re.split(r"[/\\]", path)):
            raise ValueError("kept: a path does not lead to a file of the project")


def _way_out(content: bytes) -> str:
    """What helps where a lock cannot be read: one that a later version wrote may be as it should be."""
    found = re.search(rb'^ladder = "([\d.]{1,40})"$', content, re.MULTILINE)
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
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    said, _, place = str(error).partition(" - at `$")
    if "integer string conversion" in said:
        said = "a number has too many digits"
    said = re.sub(r"Expected `str` matching regex .*", "it is not of the form that ladder writes", said)
    said = said.replace("Object missing required field", "missing key").replace(
        "Object contains unknown field", "unknown key"
    )
    key = place.removeprefix(".").removesuffix("`")
    return f"{key}: {said}" if key else said
