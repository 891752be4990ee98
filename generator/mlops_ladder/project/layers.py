"""The levels as they lie in `templates/`: where they are, what each is called, which layers a project stacks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import QUESTIONS, Answers

SUFFIX = ".jinja"
FILES = "files"


class Asset(Struct, frozen=True, forbid_unknown_fields=True):
    """What lies beside the render: bytes that are copied, not text that is filled in.

    `path` is where it lies in the project; `{file}` in it stands for the name of the data file. `of` says what it is:
    `data`, the user's own file or the shipped one; `sample`, a small draw of that; any other name, a file of the
    shipped data set. `held` says who keeps its versions: git, or DVC with a pointer in git.
    """

    path: str
    of: str
    held: Literal["git", "dvc"] = "git"


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """One rung, as its `level.toml` tells it.

    `removes` are the paths that its templates drop or rename; `assets` lie beside the render from this level on, and
    replace those of the same path below.
    """

    number: int
    name: str
    test: str
    removes: tuple[str, ...] = ()
    assets: tuple[Asset, ...] = ()


@cache
def templates_root() -> Path:
    """The folder of the level folders: in the package in a wheel, at the repository's root in a checkout."""
    shipped = Path(__file__).parents[1] / "templates"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "templates"


def numbers(root: Path) -> tuple[int, ...]:
    """The levels that have a folder, in order."""
    found = (re.fullmatch(r"level(\d+)", path.name) for path in root.iterdir())
    return tuple(sorted(int(name[1]) for name in found if name))


LEVELS = numbers(templates_root())


def level_folder(number: int, root: Path | None = None) -> Path:
    """The folder of one level."""
    return (root or templates_root()) / f"level{number}"


def read_level(number: int, root: Path | None = None) -> Level:
    """Read `levelN/level.toml`."""
    table = tomllib.loads((level_folder(number, root) / "level.toml").read_text("utf-8"))
    return msgspec.convert(table, Level)


def available(root: Path | None = None) -> tuple[int, ...]:
    """The levels that can be generated: those with files."""
    return tuple(n for n in numbers(root or templates_root()) if (level_folder(n, root) / FILES).is_dir())


def check_available(number: int, root: Path | None = None) -> None:
    """Refuse a level that does not exist or has no templates yet.

    Raises:
        LadderError: naming the levels that can be had.
    """
    there = available(root)
    if number in there:
        return
    choice = ", ".join(map(str, there))
    if number in LEVELS:
        raise LadderError(f"Level {number} is not there yet.", f"Levels {choice} can be generated.")
    raise LadderError(f"There is no level {number}.", f"Choose one of {choice}.")


def layers(level: int, answers: Answers, root: Path | None = None) -> list[Path]:
    """The template folders that a project is stacked from, lowest first.

    Within a level, `files` comes first, and those folders follow whose conditions the answers all fulfil: fewer
    conditions first, then in the order of the questions.
    """
    order = layer_names()
    folders = sorted(_layer_folders(level, root), key=lambda found: (found[0], order.index(found[1].name)))
    return [path for _, path in folders if _conditions(path) <= answers.conditions]


def conditions_up_to(level: int, root: Path | None = None) -> frozenset[str]:
    """The conditions that some layer up to a level asks for: the answers that make a difference there."""
    return frozenset().union(*(_conditions(path) for _, path in _layer_folders(level, root)))


def _layer_folders(level: int, root: Path | None) -> Iterator[tuple[int, Path]]:
    """Every layer up to a level, whatever its conditions, and the level that it belongs to."""
    for number in numbers(root or templates_root()):
        if number <= level:
            paths = level_folder(number, root).iterdir()
            yield from ((number, path) for path in paths if path.name in layer_names())


def _conditions(layer: Path) -> frozenset[str]:
    return frozenset(layer.name.split("+")[1:])


@cache
def layer_names() -> tuple[str, ...]:
    """Every name that a layer may have: `files`, and `files+` conditions that can hold together, in stacking order."""
    conditions = [[question.condition(value) for value in question.values] for question in QUESTIONS]
    found = [chosen for count in range(len(QUESTIONS) + 1) for chosen in _choices(conditions, count)]
    return tuple("+".join((FILES, *chosen)) for chosen in found)


def _choices(conditions: list[list[str]], count: int) -> Iterator[tuple[str, ...]]:
    """Conditions of so many different questions, in the order of the questions."""
    for some in combinations(conditions, count):
        chosen: list[tuple[str, ...]] = [()]
        for values in some:
            chosen = [(*before, value) for before in chosen for value in values if value]
        yield from chosen
