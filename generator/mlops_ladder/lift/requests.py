"""Which lifts a request stands for: a climb, an update to newer templates, another answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.lift.steps import Change
from mlops_ladder.project import history
from mlops_ladder.project.answers import QUESTIONS, Answers, typed
from mlops_ladder.project.assets import assets, held_by_dvc, shipped_file
from mlops_ladder.project.layers import LEVELS, Asset, check_available, read_level
from mlops_ladder.project.lock import Lock, lock_of
from mlops_ladder.project.render import render


def climb(lock: Lock, to: int, root: Path | None = None, shipped: Path = history.SHIPPED) -> list[Change]:
    """One change for every level up to `to`.

    Raises:
        LadderError: there is nothing above, or `to` is below or not there yet.
    """
    if lock.level == LEVELS[-1] and to > lock.level:
        raise LadderError(f"This project is at level {lock.level}, the highest.")
    if to <= lock.level:
        raise LadderError(
            f"This project is at level {lock.level} already.",
            f"Name a higher level, as in: --to {lock.level + 1}",
        )
    check_available(to, root)
    changes = []
    with history.origin(lock, root, shipped) as (origin, base):
        before = assets(lock.level, lock.answers, origin)
    for level in range(lock.level + 1, to + 1):
        about = read_level(level, root)
        theirs, after = render(lock.answers, level, root), assets(level, lock.answers, root)
        changes.append(
            Change(
                title=f"level {level - 1} -> {level} ({about.name})",
                gives=about.test,
                base=base,
                theirs=theirs,
                lock=lock_of(theirs, lock.answers, level, lock.kept),
                removes=_removes(lock.answers, level, root),
                **_beside(before, after, root),
            )
        )
        base, before = theirs, after
    return changes


def update(lock: Lock, root: Path | None = None, shipped: Path = history.SHIPPED) -> list[Change]:
    """The change to the present templates at the same level; none where they render the same."""
    check_available(lock.level, root)
    with history.origin(lock, root, shipped) as (origin, base):
        before = assets(lock.level, lock.answers, origin)
    theirs, after = render(lock.answers, lock.level, root), assets(lock.level, lock.answers, root)
    if base == theirs and before == after:
        return []
    return [
        Change(
            title=f"templates {lock.ladder} -> {__version__}",
            gives=f"Level {lock.level} as ladder {__version__} makes it.",
            base=base,
            theirs=theirs,
            lock=lock_of(theirs, lock.answers, lock.level, lock.kept),
            removes=_removes(lock.answers, lock.level, root),
            **_beside(before, after, root),
        )
    ]


def answer(lock: Lock, key: str, value: str, root: Path | None = None, shipped: Path = history.SHIPPED) -> list[Change]:
    """The change to another answer; none where it is that already.

    Raises:
        LadderError: the answer cannot be changed, or not to that value.
    """
    settable = {question.name: question for question in QUESTIONS if question.settable}
    if key not in settable:
        raise LadderError(
            f"'{key}' cannot be set.",
            "These can: " + ", ".join(f"{name}={'|'.join(one.texts)}" for name, one in settable.items()),
        )
    try:
        wanted = settable[key].read(value)
    except ValueError as error:
        raise LadderError(
            f"'{value}' is no value of {key}.", f"Choose one of {', '.join(settable[key].texts)}."
        ) from error
    before = lock.answers.choices[key]
    if before == wanted:
        return []
    answers = lock.answers.choosing(**{key: wanted})
    with history.origin(lock, root, shipped) as (templates, base):
        theirs = render(answers, lock.level, templates)
    new = replace(lock_of(theirs, answers, lock.level, lock.kept), ladder=lock.ladder)
    return [Change(f"{key} {typed(before)} -> {value}", f"The project is set to {key} = {value}.", base, theirs, new)]


def _removes(answers: Answers, level: int, root: Path | None) -> tuple[str, ...]:
    """The paths that the templates up to a level say they drop or rename."""
    declared = [path for number in range(1, level + 1) for path in read_level(number, root).removes]
    return tuple(path.replace("{{ package }}", answers.package) for path in declared)


def _beside(before: Mapping[str, Asset], after: Mapping[str, Asset], root: Path | None) -> dict[str, Any]:
    """What changes beside the render, as a change has it."""
    held = held_by_dvc(before), held_by_dvc(after)
    return {
        "moved": tuple(path for path in held[1] if path in before and path not in held[0]),
        "brought": {path: shipped_file(after[path].of, root) for path in after if path not in before},
        "held": (tuple(held[0]), tuple(held[1])),
    }
