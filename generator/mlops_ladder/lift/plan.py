"""What lifting a project onto another render of itself would do to it, found out by git in its object store."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.git.run import records
from mlops_ladder.git.state import Listing, listing
from mlops_ladder.git.store import commit, contents, identify, ignored, write_commit
from mlops_ladder.lift.fit import Aside, Sides, fit
from mlops_ladder.lift.gains import new_dependencies, new_outs, new_verbs
from mlops_ladder.lift.guards import Repo, check_branch, check_way
from mlops_ladder.lift.merge import Conflict, Merge, preview
from mlops_ladder.project import disk, dvc
from mlops_ladder.project.lock import LOCK, Lock, dump
from mlops_ladder.project.tree import File, Tree


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
        return f"ladder: {self.title}\n\n{self.gives}\n"


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
    git's ids of the new render and of the result.
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
    data: tuple[Data, ...]
    handed: tuple[str, ...]
    commit: str
    tree: str
    drop: tuple[str, ...]


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


def plan(repo: Repo, changes: list[Change], branch: str) -> LiftPlan:
    """Find out what the changes do to the project; nothing but loose objects of git comes into being.

    Raises:
        LadderError: the branch is taken, or something lies in the way.
    """
    check_branch(repo, branch)
    steps: list[LiftStep] = []
    at = repo
    for change in changes:
        step, changed = _step(at, change)
        if step.tree == at.git.line("rev-parse", f"{at.head}^{{tree}}") and not step.conflicts:
            continue
        check_way(at, [repo.prefix + path for path in (*step.added, *change.brought)], changed)
        steps.append(step)
        if step.conflicts:
            break
        head = commit(repo.git, step.tree, "between two steps\n", at.head)
        folder = f"{head}:{repo.prefix.rstrip('/')}"
        at = replace(at, head=head, mine=listing(repo.git, folder), lock=change.lock)
    done = changes.index(steps[-1].change) + 1 if steps else len(changes)
    return LiftPlan(repo, branch, tuple(steps), len(changes) - done)


@contextmanager
def leaving_no_trace(repo: Repo) -> Iterator[Repo]:
    """The same repository, whose new objects go to a temporary folder."""
    objects = str((repo.top / repo.git.line("rev-parse", "--git-path", "objects")).resolve())
    quoted = '"' + objects.replace("\\", "\\\\").replace('"', '\\"') + '"'
    with tempfile.TemporaryDirectory() as folder:
        git = repo.git.with_env(GIT_OBJECT_DIRECTORY=folder, GIT_ALTERNATE_OBJECT_DIRECTORIES=quoted)
        yield replace(repo, git=git)


def _step(repo: Repo, change: Change) -> tuple[LiftStep, list[str]]:
    """The step, and every path of the repository that it changes or removes."""
    base = {**change.base, LOCK: File(dump(repo.lock))}
    plain = {path: File(file.read_bytes()) for path, file in change.brought.items() if path not in change.held[1]}
    theirs = {**change.theirs, **plain, LOCK: File(dump(change.lock))}
    sides = _sides(repo, base, theirs, change)
    data, leaving = _data(repo, change)
    before, after = _pointers(change, data)
    old = write_commit(repo, {**sides.base, **before}, leaving, f"{change.title}: before\n")
    new = write_commit(repo, {**sides.theirs, **after}, {}, change.message, old)
    merge = preview(repo.git, repo.head, old, new, tuple(repo.prefix + path for path in sides.withdrawn))
    changes = _diff(repo, merge.tree)
    step = _told(repo, change, sides, merge, changes, data, new)
    return step, [path for path, how in changes.items() if how != "A"]


def _sides(repo: Repo, base: Tree, theirs: Tree, change: Change) -> Sides:
    identity = identify(repo)
    both = {**theirs, **base}
    differing = [p for p, file in both.items() if p in repo.mine and repo.mine[p].id != identity(file.content)]
    readable = [path for path in differing if repo.mine[path].mode.startswith("100")]
    absent = [path for path in base if path not in repo.mine]
    on_disk = [path for path in absent if os.path.lexists(repo.project / path)]
    return fit(
        base,
        theirs,
        {path: entry.id for path, entry in repo.mine.items()},
        contents(repo, dict.fromkeys([*readable, LOCK])),
        identity,
        foreign=(*ignored(repo, absent), *on_disk),
        kept=change.lock.kept,
        removes=change.removes,
    )


def _told(
    repo: Repo,
    change: Change,
    sides: Sides,
    merge: Merge,
    changes: dict[str, str],
    data: tuple[Data, ...],
    new: str,
) -> LiftStep:
    identity = identify(repo)
    own = {path.removeprefix(repo.prefix): how for path, how in changes.items()}
    conflicts = tuple((path.removeprefix(repo.prefix), what) for path, what in merge.conflicts)
    for path in dict(conflicts):
        own.pop(path, None)
    for item in data:
        own.pop(item.path, None)
    altered = [path for path, how in own.items() if how in "MT"]
    merged = {p for p in altered if p not in sides.base or repo.mine[p].id != identity(sides.base[p].content)}
    outs = new_outs(change.base, change.theirs)
    left = (Aside(path.removeprefix(repo.prefix), "deleted by you: stays deleted") for path in merge.left)
    return LiftStep(
        change,
        added=tuple(path for path, how in own.items() if how == "A"),
        updated=tuple(path for path in altered if path not in merged),
        merged=tuple(path for path in altered if path in merged),
        removed=tuple(path for path, how in own.items() if how == "D"),
        aside=tuple(sorted((*sides.aside, *left), key=lambda aside: aside.path)),
        conflicts=tuple((_as_picked(path, new), what) for path, what in conflicts),
        verbs=new_verbs(change.base, change.theirs),
        dependencies=new_dependencies(change.base, change.theirs),
        data=data,
        handed=tuple(p for p in repo.mine if any(f"{p}/".startswith(f"{out}/") for out in outs)),
        commit=new,
        tree=merge.tree,
        drop=merge.drop,
    )


def _as_picked(path: str, new: str) -> str:
    """The path of a conflict under the name that a cherry-pick gives it: the user's file beside a folder is `~HEAD`."""
    return path if path.endswith(f"~{new}") else re.sub(r"~[0-9a-f]{40,64}$", "~HEAD", path)


def _data(repo: Repo, change: Change) -> tuple[tuple[Data, ...], Listing]:
    """The files that DVC comes to hold, and git's entries of those that it holds now."""
    found: list[Data] = []
    leaving: Listing = {}
    for path in change.moved:
        entry, file = repo.mine.get(path), repo.project / path
        plain = file.is_file() and not disk.link_in(repo.project, path)
        ours = plain and (entry is None or entry.mode.startswith("100"))
        if ours and f"{path}.dvc" not in repo.mine:
            found.append(Data(path, file, dvc.digest(file), moved=True))
            leaving |= {path: entry} if entry else {}
    for path, source in change.brought.items():
        if path in change.held[1] and f"{path}.dvc" not in repo.mine:
            found.append(Data(path, source, dvc.digest(source), moved=False))
    for item in found:
        dvc.check_no_link(repo.project, item.seen, item.path)
    return tuple(found), leaving


def _pointers(change: Change, data: tuple[Data, ...]) -> tuple[Tree, Tree]:
    """What each side holds in place of the files that DVC has, where that changes."""
    if not data:
        return {}, {}
    before = change.held[0]
    after = {item.path: item.seen for item in data}
    return dvc.ignore_rules(before), {**dvc.pointers(after), **dvc.ignore_rules({*before, *after})}


def _diff(repo: Repo, tree: str) -> dict[str, str]:
    """Path from the top -> A, M, T or D, between the project as it is and the result."""
    fields = records(repo.git.run("diff-tree", "-r", "-z", "--no-renames", "--name-status", repo.head, tree))
    changes = dict(zip(fields[1::2], fields[::2], strict=True))
    outside = [path for path in changes if not path.startswith(repo.prefix)]
    if outside:
        raise LadderError(f"The result would change {outside[0]}, outside of the project.", code=BUG)
    return changes
