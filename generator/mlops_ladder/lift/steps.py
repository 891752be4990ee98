"""A lift in plain data: what is asked for, what each change would do, and the plan of them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlops_ladder.lift.fit import Aside
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.look import Notice
from mlops_ladder.lift.merge import Conflict
from mlops_ladder.project import dvc
from mlops_ladder.project.lock import Lock
from mlops_ladder.project.tree import Tree

_HELD = """The data is in DVC from here on, and git takes the file away where this is merged or left:
`make pull` brings it back. Share the remote before others merge this."""


@dataclass(frozen=True)
class Change:
    """One lift: the render before, the render after, and the lock that goes with the latter.

    `title` becomes the commit's subject, `gives` says what it is good for, `removes` are the paths that the
    templates say they drop or rename. Beside the render, `moved` are the files that leave git for DVC, `brought` those
    that come, with where their bytes are; `held` is what DVC holds before and after.
    """

    title: str
    gives: str
    base: Tree
    theirs: Tree
    lock: Lock
    removes: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    brought: Mapping[str, Path] = field(default_factory=dict)
    held: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def message(self) -> str:
        """The commit message."""
        held = f"\n{_HELD}\n" if self.moved else ""
        return f"ladder: {self.title}\n\n{self.gives}\n{held}"


@dataclass(frozen=True)
class Data:
    """A file that DVC comes to hold: its path in the project, where its bytes are now, and what they are."""

    path: str
    source: Path
    seen: dvc.Digest
    moved: bool


@dataclass(frozen=True)
class LiftStep:
    """What one change does to the project. Paths are relative to it.

    `updated` files were as rendered and take the new render; `merged` ones hold the user's edits and the new
    render's; `aside` stay as they are; `handed` are in git though DVC is to hold them. `commit` and `tree` are
    git's ids of the new render and of the result. `beside` has, by the path of a conflict, the file on disk that holds
    the new version where something else stands there. `notices` say what will not work though it merged.
    """

    change: Change
    added: tuple[str, ...]
    updated: tuple[str, ...]
    merged: tuple[str, ...]
    removed: tuple[str, ...]
    aside: tuple[Aside, ...]
    conflicts: tuple[Conflict, ...]
    verbs: tuple[tuple[str, str], ...]
    dependencies: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    data: tuple[Data, ...]
    handed: tuple[str, ...]
    commit: str
    tree: str
    drop: tuple[str, ...]
    beside: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class LiftPlan:
    """Every step up to the first that conflicts; `left` counts the changes that come after it."""

    repo: Repo
    branch: str
    steps: tuple[LiftStep, ...]
    left: int

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts of the last step, the only one that can have any."""
        return self.steps[-1].conflicts if self.steps else ()
