"""Asking git about a repository of anybody: it reads, and nothing that the repository names is run."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.git.run import Git, Process

LIMIT = 60  # seconds for one answer


def ask(folder: Path, *arguments: str, stdin: bytes = b"", ceiling: str = "") -> bytes | None:
    """What a git command prints, or nothing where it fails. Above `ceiling` git looks for no repository.

    Raises:
        LadderError: there is no git, or it does not answer in time.
    """
    done = _git(folder, **({"GIT_CEILING_DIRECTORIES": ceiling} if ceiling else {})).call(*arguments, stdin=stdin)
    return None if done.returncode else done.stdout


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
            try:
                git.communicate()
            except BrokenPipeError:
                git.wait()


def _git(folder: Path, **extra: str) -> Git:
    return Git(folder, extra, foreign=True, limit=LIMIT)
