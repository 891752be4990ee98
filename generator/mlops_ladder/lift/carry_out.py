"""Carrying out the plan of a lift: on a branch, as commits or as a cherry-pick in progress."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, uninterrupted
from mlops_ladder.git.store import commit
from mlops_ladder.lift.conflicts import BOTH_ADD, BOTH_ADDED, SAME_PLACE
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.merge import pick
from mlops_ladder.lift.roll_back import differing, or_as_it_was
from mlops_ladder.lift.steps import Data, LiftPlan, LiftStep
from mlops_ladder.project import dvc


@dataclass(frozen=True)
class Outcome:
    """Where carrying out a plan has ended: on `branch`, at `commit`, and whether a pick is in progress.

    `hooks` are the user's commit hooks, which did not run; `assessed` is the level that the result was found to be
    at, once someone has looked; `recorded` are the conflicts into which git has put what the user decided before.
    """

    commit: str
    in_progress: bool
    hooks: tuple[str, ...]
    assessed: int | None = None
    recorded: tuple[str, ...] = ()


def carry_out(found: LiftPlan) -> Outcome:
    """Put a plan's result on its branch and check that out.

    Ends with one commit a step, or in an ordinary cherry-pick at the step that conflicts.

    Raises:
        LadderError: git refused or did not end in time; branches, index and files are as they were.
    """
    repo, git = found.repo, found.repo.git
    sign = git.try_line("config", "--type=bool", "commit.gpgsign") == "true"
    tip = repo.head
    for step in found.steps:
        if not step.conflicts:
            tip = _commit(git, step, tip, sign=sign)
    last = found.steps[-1]
    data = [item for step in found.steps for item in step.data]
    repo = replace(repo, git=git.shield())
    conflicts = {repo.prefix + path for path in (*dict(last.conflicts), *last.beside.values())}
    paths = {*differing(repo, tip), *differing(repo, last.tree), *conflicts, *last.drop}
    paths -= {repo.prefix + item.path for item in data}
    done = in_progress = False
    try:
        with uninterrupted():
            with _data_in_place(repo, data), or_as_it_was(repo, found.branch, paths):
                _check_out(repo, found.branch, tip)
                in_progress = bool(last.conflicts) and pick(repo.git, last.commit, last.drop)
            done = True
    except KeyboardInterrupt:
        if not done:
            raise  # else it came too late, and there is a result to tell
    recorded = tuple(path for path, what in last.conflicts if in_progress and _resolved(repo.project / path, what))
    return Outcome(git.line("rev-parse", "HEAD"), in_progress, _hooks(git), recorded=recorded)


def _commit(git: Git, step: LiftStep, parent: str, *, sign: bool) -> str:
    try:
        return commit(git, step.tree, step.change.message, parent, sign=sign)
    except LadderError as error:
        if not sign:
            raise
        raise LadderError(
            f"The commit could not be signed ({error.message}).",
            "Make signing work (commit.gpgsign is on), or turn it off here: git config commit.gpgsign false",
        ) from error


@contextmanager
def _data_in_place(repo: Repo, data: list[Data]) -> Iterator[None]:
    """Bring new files, and keep the bytes of moved ones in the work tree while git lets go of them.

    All that may fail for want of room is done before git moves anything.
    """
    moved = [item for item in data if item.moved]
    brought = [item for item in data if not item.moved]
    first = bool(data) and not os.path.lexists(repo.project / ".dvc")
    try:
        for item in data:
            _check_same(item, dvc.into_cache(repo.project, item.source))
        for item in brought:
            dvc.from_cache(repo.project, item.seen, item.path)
        yield
    except BaseException:
        for item in brought:
            dvc.drop(repo.project, item.path)
        _bring_back(repo, moved)
        if first:
            dvc.drop_cache(repo.project)
        raise
    _bring_back(repo, moved)


def _bring_back(repo: Repo, moved: list[Data]) -> None:
    for item in moved:
        if (repo.project / item.seen.cached).exists():
            dvc.from_cache(repo.project, item.seen, item.path)


def _check_same(item: Data, seen: dvc.Digest) -> None:
    if seen != item.seen:
        raise LadderError(f"{item.path} changed while it was read.", "Try again when nothing writes to it.")


def _check_out(repo: Repo, branch: str, tip: str) -> None:
    if branch == repo.branch:
        repo.git.run("merge", "-q", "--ff-only", "--no-overwrite-ignore", tip)
    else:
        repo.git.run("switch", "-q", "--no-guess", "--no-overwrite-ignore", "-c", branch, tip)


def _resolved(path: Path, what: str) -> bool:
    """Whether git has put a recorded resolution in the place of the markers (rerere)."""
    if not what.startswith((SAME_PLACE, BOTH_ADDED, BOTH_ADD)) or path.is_symlink() or not path.is_file():
        return False
    return b"\n<<<<<<< " not in b"\n" + path.read_bytes()


def _hooks(git: Git) -> tuple[str, ...]:
    """The commit hooks that the user has set up."""
    configured = git.folder / _hooks_folder(git)
    names = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
    return tuple(name for name in names if os.access(configured / name, os.X_OK))


def _hooks_folder(git: Git) -> str:
    # `rev-parse --git-path hooks` would answer with the setting under which ladder calls git.
    own = git.try_line("config", "--local", "--type=path", "core.hooksPath")
    own = own or git.try_line("config", "--global", "--type=path", "core.hooksPath")
    return own or f"{git.line('rev-parse', '--git-common-dir')}/hooks"
