"""Starting git on a repository of anybody: it reads, and nothing that the repository names is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from mlops_ladder.errors import LadderError

LIMIT = 60  # seconds for one answer

# A repository's own configuration may name programs to run: those that reading could start are switched off.
SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.alternateRefsCommand=",
    "protocol.allow=never",
    "submodule.recurse=false",
)
# Absent objects are not fetched, the index is not refreshed, nobody is asked for a password.
ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


def ask(folder: Path, *arguments: str, stdin: bytes = b"", ceiling: str = "") -> bytes | None:
    """What a git command prints, or nothing where it fails. Above `ceiling` git looks for no repository.

    Raises:
        LadderError: there is no git, or it does not answer in time.
    """
    try:
        done = subprocess.run(
            _command(folder, *arguments),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=LIMIT,
            env=_environment() | ({"GIT_CEILING_DIRECTORIES": ceiling} if ceiling else {}),
        )
    except FileNotFoundError as error:
        raise LadderError("git is not installed.", "Install git, or assess a folder.") from error
    except subprocess.TimeoutExpired as error:
        raise LadderError(f"git did not answer for {folder} within {LIMIT} s.") from error
    return done.stdout if done.returncode == 0 else None


class Blobs:
    """Contents from the object store, handed out by one git process."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._git: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes | None:
        """The content of a blob, or nothing when it is not there."""
        if self._git is None:
            self._git = subprocess.Popen(
                _command(self._repository, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        assert self._git.stdin is not None and self._git.stdout is not None  # noqa: PT018
        try:
            self._git.stdin.write(name.encode() + b"\n")
            self._git.stdin.flush()
            head = self._git.stdout.readline().split()
        except BrokenPipeError:
            head = []
        if not head:  # git gave up on this object: the next one gets a new process
            self.close()
        if len(head) != 3 or head[1] != b"blob":
            return None
        content = self._git.stdout.read(int(head[2]))
        self._git.stdout.read(1)
        return content

    def close(self) -> None:
        """End the process."""
        if self._git is not None:
            git, self._git = self._git, None
            try:
                git.communicate()
            except BrokenPipeError:
                git.wait()


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", *[part for setting in SETTINGS for part in ("-c", setting)], "-C", str(folder), *arguments]


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | ENVIRONMENT
