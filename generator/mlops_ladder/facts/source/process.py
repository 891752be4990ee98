"""Asking git about a repository of anybody: it reads, and nothing that the repository names is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mlops_ladder.facts.source.scope import MAX_FILES, MAX_NAMES
from mlops_ladder.git.run import Git, Process

LIMIT = 60  # seconds for one answer
_BLOCK = 1 << 16
_SIZES = "--batch-check=%(objectname) %(objectsize)"


def ask(folder: Path, *arguments: str, stdin: bytes = b"", ceiling: str = "") -> bytes | None:
    """What a git command prints, or nothing where it fails. Above `ceiling` git looks for no repository.

    Raises:
        LadderError: there is no git, or it does not answer in time.
    """
    done = _git(folder, ceiling).call(*arguments, stdin=stdin)
    return None if done.returncode else done.stdout


def refusal(folder: Path) -> str:
    """Why git reads no repository in a folder, in its own words; empty where it does."""
    done = _git(folder).call("rev-parse", "--git-dir")
    said = done.stderr.decode("utf-8", "replace").splitlines()
    return (said[0].removeprefix("fatal: ") if said else "no reason given") if done.returncode else ""


def listed(folder: Path, *arguments: str, ceiling: str = "") -> tuple[list[bytes], bool] | None:
    """The NUL-terminated records that a git command prints, and whether these are all; nothing where it fails.

    No more are taken than an assessment looks at: a few kilobytes of a repository can name any number of files.

    Raises:
        LadderError: there is no git.
    """
    git = _git(folder, ceiling).start(*arguments)
    found: list[bytes] = []
    size, rest = 0, b""
    try:
        assert git.stdout is not None
        while block := git.stdout.read1(_BLOCK):  # type: ignore[attr-defined]
            *whole, rest = (rest + block).split(b"\0")
            found += whole
            size += len(block)
            if len(found) > MAX_FILES or size > MAX_NAMES:
                return found[:MAX_FILES], False
        return (found, True) if git.wait() == 0 else None
    finally:
        _end(git)


def sizes(repository: Path, blobs: set[str]) -> dict[str, int]:
    """The size of each blob that is here; a partial clone, or one that lost objects, has not all.

    Raises:
        LadderError: there is no git, or it does not answer in time.
    """
    asked = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    answer = ask(repository, "cat-file", _SIZES, stdin=asked)
    if answer is not None:
        return dict(_sized(answer.splitlines(), blobs))
    # Where a clone expects to fetch blobs on demand, git gives up at the first that is not here.
    git = _git(repository).start("cat-file", "--batch-all-objects", _SIZES)
    try:
        assert git.stdout is not None
        return dict(_sized(git.stdout, blobs))
    finally:
        _end(git)


def _sized(lines: Iterable[bytes], blobs: set[str]) -> Iterator[tuple[str, int]]:
    for line in lines:
        name, _, size = line.decode().strip().partition(" ")
        if size.isdigit() and name in blobs:
            yield name, int(size)


class Blobs:
    """Contents from the object store, handed out by one git process."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._git: Process | None = None

    def read(self, name: str) -> bytes | None:
        """The content of a blob, or nothing when it is not there."""
        if self._git is None:
            self._git = _git(self._repository).start("cat-file", "--batch")
        assert self._git.stdin is not None and self._git.stdout is not None  # noqa: PT018
        try:
            self._git.stdin.write(name.encode() + b"\n")
            self._git.stdin.flush()
            head = self._git.stdout.readline().split()
        except BrokenPipeError:
            head = []
        if not head:  # git gave up on this object: the next one gets a new process
            self.close()
        if len(head) != 3 or not head[2].isdigit():
            return None
        content = self._git.stdout.read(int(head[2]))  # also of what is no blob: it stands before the next answer
        self._git.stdout.read(1)
        return content if head[1] == b"blob" else None

    def close(self) -> None:
        """End the process."""
        if self._git is not None:
            git, self._git = self._git, None
            _end(git)


def _end(git: Process) -> None:
    """End git, which may be in the middle of an answer that nobody reads any more."""
    git.kill()
    git.communicate()


def _git(folder: Path, ceiling: str = "") -> Git:
    return Git(folder, {"GIT_CEILING_DIRECTORIES": ceiling} if ceiling else {}, foreign=True, limit=LIMIT)
