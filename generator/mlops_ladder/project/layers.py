"""The levels as they lie in `templates/`: where they are, what each is called, which layers a project stacks."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import CI_HOSTS, Answers

LEVELS = (1, 2, 3, 4, 5)
OVERLAYS = ("files", *(f"files+{host}" for host in CI_HOSTS))
SUFFIX = ".jinja"


@dataclass(frozen=True)
class Level:
    """One rung, as its `level.toml` tells it."""

    number: int
    name: str
    test: str
    adds: tuple[str, ...]
    changes: tuple[str, ...]
    removes: tuple[str, ...]


@cache
def templates_root() -> Path:
    """The folder of the level folders: beside this file in a wheel, at the repository's root in a checkout."""
    shipped = Path(__file__).parents[1] / "templates"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "templates"


def read_level(number: int, root: Path | None = None) -> Level:
    """Read `levelN/level.toml`."""
    data = tomllib.loads(((root or templates_root()) / f"level{number}" / "level.toml").read_text("utf-8"))
    files = data.get("files", {})
    return Level(
        number=number,
        name=data["name"],
        test=data["test"],
        adds=tuple(files.get("adds", ())),
        changes=tuple(files.get("changes", ())),
        removes=tuple(files.get("removes", ())),
    )


def available(root: Path | None = None) -> tuple[int, ...]:
    """The levels that can be generated: those with files."""
    root = root or templates_root()
    return tuple(number for number in LEVELS if (root / f"level{number}" / "files").is_dir())


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

    Within a level, `files` comes first and the overlays that the answers switch on follow.
    """
    root = root or templates_root()
    overlays = ["files", f"files+{answers.ci}"]
    folders = [root / f"level{n}" / overlay for n in range(1, level + 1) for overlay in overlays]
    return [folder for folder in folders if folder.is_dir()]


def file_lists(number: int, root: Path | None = None) -> dict[str, tuple[str, ...]]:
    """What a level adds and changes as its folders hold it, whatever the answers; `level.toml` tells the same."""
    root = root or templates_root()
    own = _supplied(number, root)
    below = {path for lower in range(1, number) for path in _supplied(lower, root)}
    return {"adds": tuple(sorted(own - below)), "changes": tuple(sorted(own & below)), "removes": ()}


def _supplied(number: int, root: Path) -> set[str]:
    folders = [root / f"level{number}" / overlay for overlay in OVERLAYS]
    paths = [(folder, path) for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix().removesuffix(SUFFIX) for folder, path in paths}
