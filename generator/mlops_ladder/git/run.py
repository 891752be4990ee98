"""Calling git: one place that starts it, with an environment that cannot point it at another repository."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlops_ladder.errors import LadderError

# Set by hooks, aliases and wrappers; each would make git read or write somewhere else than in `folder`.
_FOREIGN = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_COMMON_DIR",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REFLOG_ACTION",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

# Hooks are for the user's own commits, and a background file watcher is not ours to start.
_SETTINGS = (
    "--literal-pathspecs",
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.splitIndex=false"),
)


@dataclass(frozen=True)
class Git:
    """git in one folder. `extra` is put into its environment, `settings` before every command.

    A shielded one does not see Ctrl-C, at which git would stop halfway through a checkout.
    """

    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)
    settings: Sequence[str] = ()
    shielded: bool = False

    def at(self, folder: Path) -> Git:
        """The same git in another folder."""
        return replace(self, folder=folder)

    def with_env(self, **extra: str) -> Git:
        """The same git with more in its environment."""
        return replace(self, extra={**self.extra, **extra})

    def with_settings(self, settings: Mapping[str, str]) -> Git:
        """The same git with settings that hold for its calls only."""
        pairs = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return replace(self, settings=(*self.settings, *pairs))

    def call(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run one git command and return how it ended.

        Raises:
            LadderError: there is no git.
        """
        environment = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
        environment |= {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": ":"}
        environment |= self.extra
        try:
            return subprocess.run(
                ["git", *_SETTINGS, *self.settings, *args],
                cwd=self.folder,
                env=environment,
                input=stdin,
                capture_output=True,
                check=False,
                start_new_session=self.shielded,
            )
        except FileNotFoundError as error:
            raise LadderError("git was not found.", "Install git 2.38 or newer.") from error

    def run(self, *args: str, stdin: bytes = b"") -> bytes:
        """What a git command that must succeed prints.

        Raises:
            LadderError: it failed; the message carries git's own last word.
        """
        done = self.call(*args, stdin=stdin)
        if done.returncode:
            raise failed(args, done)
        return done.stdout

    def line(self, *args: str, stdin: bytes = b"") -> str:
        """The one line that a git command prints."""
        return os.fsdecode(self.run(*args, stdin=stdin)).removesuffix("\n")

    def try_line(self, *args: str) -> str | None:
        """The one line that a git command prints, or nothing where it fails."""
        done = self.call(*args)
        return None if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C and a polite kill until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _: asked.append(number)) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
        if asked:
            signal.raise_signal(asked[0])


def failed(args: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> LadderError:
    """The error that a failed git command stands for."""
    said = [line for line in os.fsdecode(done.stderr or done.stdout).splitlines() if line.strip()]
    fatal = [line for line in said if line.startswith(("fatal:", "error:"))]
    word = (fatal or said or [f"exit {done.returncode}"])[-1]
    verb = next((arg for arg in args if not arg.startswith("-")), "git")
    return LadderError(f"git {verb} failed: {word}")


def records(output: bytes) -> list[str]:
    """The NUL-separated records of a `-z` output."""
    return [os.fsdecode(part) for part in output.split(b"\0")[:-1]]
