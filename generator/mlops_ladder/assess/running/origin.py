"""What the copy is made from: the last commit of a repository, or the files of a folder without git. Reading only."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.process import listed
from mlops_ladder.facts.source.scope import TOO_MANY
from mlops_ladder.git.run import Git, failed, records

LIMIT = 2_000_000_000  # bytes of a copy
_SECONDS = 60  # for one question to git
_TOO_LARGE = "Assess it without --run, or run its commands yourself."


@dataclass(frozen=True)
class Origin:
    """A repository's root, the assessed folder in it, its commit ("" without git), and what is not committed."""

    root: Path
    base: str
    commit: str = ""
    changed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"commit {self.commit[:10]}" if self.commit else f"the files in {self.root}"


def look(folder: Path, base: str) -> Origin:
    """See what can be copied of the assessed folder, which is `base` in its repository.

    Raises:
        LadderError: the repository has no commit, lacks objects, is too large, or git cannot read it.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - as the assessment names it; resolve() would follow links
    root = folder.parents[base.count("/")] if base else folder
    if not (root / ".git").exists():
        return Origin(root, base)
    # A damaged `.git` must not make git look for a repository further up.
    git = Git(root, {"GIT_CEILING_DIRECTORIES": str(root.parent)}, foreign=True, limit=_SECONDS)
    commit = _commit(git)
    _check_whole(git, commit)
    if base and not git.line("ls-tree", "-d", commit, "--", base).startswith("040000"):
        raise LadderError(
            f"Nothing of {base} is committed yet, and --run works on the last commit.",
            f"Commit first: git add {shlex.quote(str(root / base))} && git commit",
        )
    return Origin(root, base, commit, tuple(_changed(git)))


def too_large(what: str) -> LadderError:
    """The refusal of what would fill the disk."""
    return LadderError(f"{what} holds more than {LIMIT / 1e9:g} GB, which --run does not copy.", _TOO_LARGE)


def too_many(what: str) -> LadderError:
    """The refusal of what has more files than an assessment lists."""
    return LadderError(f"{what} {TOO_MANY}; --run does not copy so many.", _TOO_LARGE)


def _commit(git: Git) -> str:
    commit = git.try_line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if commit:
        return commit
    if git.call("rev-parse", "--git-dir").returncode:
        raise LadderError(
            f"git finds no repository in {git.folder} that it may read.",
            "One that belongs to another user must be listed in git's safe.directory; `git fsck` tells what is broken.",
        )
    if git.try_line("rev-parse", "--verify", "--quiet", "HEAD"):
        raise _broken(git)
    raise LadderError(
        "The repository has no commit yet, and --run works on the last one.",
        "Commit first: git add -A && git commit -m 'Start'",
    )


def _check_whole(git: Git, commit: str) -> None:
    """Refuse a commit whose files are not all here, or are too many bytes."""
    promisor = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
    if git.call("config", "--get-regexp", promisor).returncode == 0:
        raise LadderError(
            "This is a partial clone: git would fetch what is missing, and --run fetches nothing.",
            "Clone it whole, without --filter, and assess that.",
        )
    found = listed(git.folder, "ls-tree", "-r", "-z", "--long", "--full-tree", commit)
    sizes = [line.split(maxsplit=4)[3] for line in found[0]] if found else [b"BAD"]
    if b"BAD" in sizes:
        raise _broken(git)
    if found and not found[1]:
        raise too_many(f"Commit {commit[:10]}")
    if sum(int(size) for size in sizes if size.isdigit()) > LIMIT:
        raise too_large(f"Commit {commit[:10]}")


def _broken(git: Git) -> LadderError:
    return LadderError(
        f"Objects of the last commit are missing in {git.folder}, so that it cannot be copied.",
        "Clone it anew; `git fsck` tells what is missing.",
    )


def _changed(git: Git) -> list[str]:
    """What the work tree has that the commit has not; no program of the repository's settings is asked."""
    named = git.call("config", "--null", "--name-only", "--get-regexp", r"^filter\.").stdout
    filters = {name.rpartition(".")[0] for name in records(named)}
    off = [(f"{name}.{part}", value) for name in sorted(filters) for part, value in _OFF]
    # Settings by number, since in `-c` the name of a filter could hold an equals sign.
    numbered = {f"GIT_CONFIG_KEY_{at}": key for at, (key, _) in enumerate(off)}
    numbered |= {f"GIT_CONFIG_VALUE_{at}": value for at, (_, value) in enumerate(off)}
    # The work tree is the root, whatever the repository's settings say.
    quiet = git.with_env(GIT_CONFIG_COUNT=str(len(off)), GIT_WORK_TREE=str(git.folder), **numbered)
    asked = ("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    status = quiet.call(*asked)
    if status.returncode:
        raise LadderError(failed(asked, status).message, f"What does `git status` say in {git.folder}?")
    return [record[3:] for record in records(status.stdout)]


_OFF = (("clean", ""), ("process", ""), ("required", "false"))
