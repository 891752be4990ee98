"""What lifting a project onto another render of itself would do to it, found out by git in its object store."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.git.run import records
from mlops_ladder.git.state import Listing, listing
from mlops_ladder.git.store import commit, contents, identify, ignored, write_commit
from mlops_ladder.lift.conflicts import SAME_PLACE, as_picked, beside, described
from mlops_ladder.lift.fit import Aside, Sides, fit
from mlops_ladder.lift.gains import changed_dependencies, new_dependencies, new_outs, new_verbs
from mlops_ladder.lift.guards import Repo, check_branch, check_way
from mlops_ladder.lift.merge import Conflict, Merge, preview
from mlops_ladder.lift.notices import check_settled, not_held, notices
from mlops_ladder.lift.steps import Change, Data, LiftPlan, LiftStep
from mlops_ladder.project import disk, dvc
from mlops_ladder.project.lock import LOCK, dump
from mlops_ladder.project.tree import File, Tree


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
        try:
            check_way(at, [repo.prefix + path for path in (*step.added, *change.brought)], changed)
        except LadderError as problem:
            if repo.git.line("rev-parse", "HEAD") == repo.head:
                raise
            raise LadderError(
                "Something else changed the project meanwhile.", "See git status, then try again."
            ) from problem
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
    edited = contents(repo, dict.fromkeys([*readable, LOCK]))
    check_settled(edited)
    links = {path for path, entry in repo.mine.items() if entry.mode == "120000"}
    # What lies beyond a link has moved to where that leads, and git does not look there.
    absent = [p for p in base if p not in repo.mine and links.isdisjoint(map(str, PurePosixPath(p).parents))]
    on_disk = [path for path in absent if os.path.lexists(repo.project / path)]
    return fit(
        base,
        theirs,
        {path: entry.id for path, entry in repo.mine.items()},
        edited,
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
    conflicts = _conflicts(repo, merge)
    for path in dict(conflicts):
        own.pop(path, None)
    for item in data:
        own.pop(item.path, None)
    altered = [path for path, how in own.items() if how in "MT"]
    merged = {p for p in altered if p not in sides.base or repo.mine[p].id != identity(sides.base[p].content)}
    outs = new_outs(change.base, change.theirs)
    left = (Aside(path.removeprefix(repo.prefix), "deleted by you: stays deleted") for path in merge.left)
    added = tuple(path for path, how in own.items() if how == "A")
    return LiftStep(
        change,
        added=added,
        updated=tuple(path for path in altered if path not in merged),
        merged=tuple(path for path in altered if path in merged),
        removed=tuple(path for path, how in own.items() if how == "D"),
        aside=tuple(sorted((*sides.aside, *left), key=lambda aside: aside.path)),
        conflicts=tuple((as_picked(path), what) for path, what in conflicts),
        verbs=new_verbs(change.base, change.theirs),
        dependencies=new_dependencies(change.base, change.theirs),
        changed=changed_dependencies(change.base, change.theirs),
        data=data,
        handed=tuple(p for p in repo.mine if any(f"{p}/".startswith(f"{out}/") for out in outs)),
        commit=new,
        tree=merge.tree,
        drop=merge.drop,
        beside=_beside(repo, merge, change, new),
        notices=(
            *notices(repo, merge.tree, added, dict(conflicts)),
            *not_held(repo, change.moved, {item.path for item in data}),
        ),
    )


def _conflicts(repo: Repo, merge: Merge) -> tuple[Conflict, ...]:
    """The conflicts by the project's paths, with the lines that hold their markers."""
    in_tree = [f"{merge.tree}:{path}" for path, what in merge.conflicts if what == SAME_PLACE]
    texts = {name.partition(":")[2]: repo.git.run("cat-file", "blob", name) for name in in_tree}
    told = {path: described(what, texts.get(path, b"")) for path, what in merge.conflicts}
    return tuple((path.removeprefix(repo.prefix), what) for path, what in told.items())


def _beside(repo: Repo, merge: Merge, change: Change, new: str) -> dict[str, str]:
    if not merge.beside:
        return {}
    short = repo.git.line("rev-parse", "--short", new)
    paths = [path.removeprefix(repo.prefix) for path in merge.beside]
    return {path: beside(path, short, change.message.partition("\n")[0]) for path in paths}


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
