"""git's three-way merge of a project with a new render: as a preview, and for real as a cherry-pick."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.git.run import Git, failed, records
from mlops_ladder.git.store import commit, without
from mlops_ladder.lift.conflicts import BOTH_ADDED, IN_THE_WAY, SAME_PLACE
from mlops_ladder.lift.merge_drivers import KINDS
from mlops_ladder.project.lock import LOCK

# The lock is not among them: it must be a new one, or a conflict.
_ATTRIBUTES = "".join(f"{name} merge=ladder-{kind}\n" for kind, names in KINDS.items() for name in names)
_LOCK = f"{LOCK} !merge\n"

Conflict = tuple[str, str]
"""A path from the top of the repository, and what is the matter with it."""


@dataclass(frozen=True)
class Merge:
    """How a merge would end: its tree, its conflicts, and the paths that are to be taken out afterwards.

    In `tree` the paths of `drop` are gone already, and conflicted files hold markers. `left` are the paths that
    the user deleted and the new render changes: they stay deleted. `beside` are the conflicts in which the new file
    lies beside something else of the user's.
    """

    tree: str
    conflicts: tuple[Conflict, ...]
    drop: tuple[str, ...]
    left: tuple[str, ...]
    beside: tuple[str, ...] = ()


def preview(git: Git, head: str, base: str, theirs: str, withdrawn: tuple[str, ...]) -> Merge:
    """Merge the commit `theirs`, whose parent is `base`, into `head`, in the object store only."""
    mine = commit(git, f"{head}^{{tree}}", "the project as it is\n", base)
    args = ("merge-tree", "--write-tree", "-z", "--messages", mine, theirs)
    with _rules(git) as ruled:
        done = ruled.call(*args)
    if done.returncode not in (0, 1):
        raise failed(args, done)
    tree, *rest = records(done.stdout)
    end = rest.index("") if "" in rest else len(rest)
    stages: dict[str, set[int]] = defaultdict(set)
    for record in rest[:end] if done.returncode else []:
        about, path = record.split("\t", 1)
        stages[path].add(int(about[-1]))
    kinds = _kinds(rest[end + 1 :])
    # Where something else is in its place, git calls the new file after the commit that it comes from.
    beside = tuple(sorted(path.removesuffix(f"~{theirs}") for path in stages if path.endswith(f"~{theirs}")))
    stages = {path: seen for path, seen in stages.items() if path.removesuffix(f"~{theirs}") not in beside}
    left = tuple(sorted(path for path, seen in stages.items() if seen == {1, 3} and not _renamed(kinds.get(path))))
    conflicts = tuple((path, _what(seen, kinds.get(path, ""))) for path, seen in stages.items() if path not in left)
    conflicts += tuple((path, IN_THE_WAY) for path in beside)
    drop = (*left, *withdrawn)
    present = set(records(git.run("ls-tree", "-r", "-z", "--name-only", tree)))
    return Merge(without(git, tree, present & set(drop)), conflicts, drop, left, beside)


def pick(git: Git, theirs: str, drop: tuple[str, ...]) -> bool:
    """Cherry-pick `theirs` onto the branch that is checked out; True where it stopped at conflicts.

    Raises:
        LadderError: git refused, and nothing is in progress.
    """
    args = ("cherry-pick", "--allow-empty", theirs)
    with _rules(git) as ruled:
        done = ruled.call(*args)
    if not done.returncode:
        return False
    if git.try_line("rev-parse", "--verify", "-q", "CHERRY_PICK_HEAD") is None:
        raise failed(args, done)
    if drop:
        git.run("rm", "-q", "-f", "--ignore-unmatch", "--sparse", "--", *drop)
    return True


@contextmanager
def _rules(git: Git) -> Iterator[Git]:
    """git with our merge drivers and settings for the calls inside only; the user's own stay as they are."""
    with _tidy(git.folder), tempfile.TemporaryDirectory() as folder:
        attributes = Path(folder) / "attributes"
        attributes.write_bytes(_own_attributes(git) + f"{_ATTRIBUTES}{_LOCK}".encode())
        # -P: the current folder is the user's, and nothing in it may be imported.
        driver = f"{shlex.quote(sys.executable)} -P -m mlops_ladder.lift.merge_drivers"
        yield git.with_settings(
            {
                "core.attributesFile": str(attributes),
                **{f"merge.ladder-{kind}.driver": f"{driver} {kind} %O %A %B %L" for kind in KINDS},
                "merge.conflictStyle": "zdiff3",
                "merge.directoryRenames": "true",
                "merge.renames": "true",
            }
        )


@contextmanager
def _tidy(folder: Path) -> Iterator[None]:
    """Take away what git hands to a merge driver, and leaves in the current folder where it is ended meanwhile."""
    before = set(folder.glob(".merge_file_*"))
    try:
        yield
    except BaseException:
        for path in set(folder.glob(".merge_file_*")) - before:
            path.unlink(missing_ok=True)
        raise


def _own_attributes(git: Git) -> bytes:
    configured = git.try_line("config", "--type=path", "core.attributesFile")
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    path = git.folder / (configured or f"{home}/git/attributes")
    return path.read_bytes() if path.is_file() else b""


def _kinds(messages: list[str]) -> dict[str, str]:
    """What git says of each path: records of a count, that many paths, a kind and a sentence."""
    kinds: dict[str, str] = {}
    at = 0
    while at < len(messages):
        count = int(messages[at])
        paths, kind = messages[at + 1 : at + 1 + count], messages[at + 1 + count]
        if kind.startswith("CONFLICT"):
            for path in paths:
                kinds.setdefault(path, kind)
        at += count + 3
    return kinds


def _renamed(kind: str | None) -> bool:
    return bool(kind) and "rename" in str(kind)


def _what(stages: set[int], kind: str) -> str:
    if "rename" in kind:
        return "moved on both sides, or moved and deleted"
    if "binary" in kind:
        return "binary file changed on both sides"
    if stages == {1, 2}:
        return "edited by you, deleted by the new version"
    if stages == {1, 3}:
        return "deleted by you, changed by the new version"
    if stages == {2, 3}:
        return BOTH_ADDED
    if "file/directory" in kind or len(stages) == 1:
        return "a file on one side, a folder on the other"
    return SAME_PLACE
