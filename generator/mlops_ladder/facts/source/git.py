"""A git revision as a source: read through the object store, nothing of the repository is started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.disk import OUTER_FILES, OUTER_FOLDERS


class GitSource:
    """A revision of a repository, bare or not, read through git's object store; no work tree is needed."""

    def __init__(self, repository: Path, revision: str) -> None:
        self.base = ""
        self._repository = repository
        if not repository.is_dir():
            raise LadderError(f"{repository} is not a folder.", "Name the folder of a repository.")
        commit = self._git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        prefix = self._git("rev-parse", "--show-prefix")
        if commit is None:
            raise LadderError(
                f"{repository} has no revision '{revision}'.", "Name a branch, tag or commit that git knows."
            )
        self.base = (prefix or b"").decode().strip().rstrip("/")
        self._objects: dict[str, tuple[str, int]] = {}
        listing = self._git("ls-tree", "-r", "-z", "--long", "--full-tree", commit.decode().strip()) or b""
        for line in listing.split(b"\0"):
            meta, _, name = line.partition(b"\t")
            parts = meta.split()
            path = name.decode("utf-8", "replace")
            if len(parts) == 4 and parts[0] in (b"100644", b"100755") and self._wanted(path):
                self._objects[path] = (parts[2].decode(), int(parts[3]))
        self._cache: dict[str, bytes] = {}
        self._batch: subprocess.Popen[bytes] | None = None

    def paths(self) -> list[str]:
        """Every regular file of the revision."""
        return sorted(self._objects)

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of one blob."""
        name, size = self._objects[path]
        if size > limit:
            return None
        if self._batch is None:
            self._batch = subprocess.Popen(
                _command(self._repository, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        assert self._batch.stdin is not None and self._batch.stdout is not None  # noqa: PT018
        self._batch.stdin.write(name.encode() + b"\n")
        self._batch.stdin.flush()
        head = self._batch.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        content = self._batch.stdout.read(int(head[2]))
        self._batch.stdout.read(1)
        return content

    def close(self) -> None:
        """End the git process that hands out blobs."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None

    def _wanted(self, path: str) -> bool:
        inside = not self.base or path.startswith(self.base + "/")
        return inside or path in OUTER_FILES or path.startswith(tuple(f"{name}/" for name in OUTER_FOLDERS))

    def _git(self, *arguments: str) -> bytes | None:
        try:
            done = subprocess.run(
                _command(self._repository, *arguments),
                capture_output=True,
                check=False,
                timeout=60,
                env=_environment(),
            )
        except FileNotFoundError as error:
            raise LadderError("git is not installed.", "Install git, or assess a folder.") from error
        except subprocess.TimeoutExpired as error:
            raise LadderError(f"git did not answer for {self._repository} within 60 s.") from error
        return done.stdout if done.returncode == 0 else None


def _command(repository: Path, *arguments: str) -> list[str]:
    # A repository's own configuration may name programs to run: those that reading could start are switched off.
    guards = [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.alternateRefsCommand=",
        "protocol.allow=never",
    ]
    return ["git", *[part for guard in guards for part in ("-c", guard)], "-C", str(repository), *arguments]


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
