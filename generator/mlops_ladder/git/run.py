"""Calling git: one place that starts it, with an environment that cannot point it at another repository."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from mlops_ladder.errors import LadderError

Process = subprocess.Popen[bytes]
Done = subprocess.CompletedProcess[bytes]

GRACE = 10  # seconds in which git may tidy up after it was told to end
LIMIT = 300  # seconds for one command: longer than any of ours takes, so that nothing waits for ever

# What the environment says of identity, settings, keys and where repositories may begin. All else that begins with
# GIT_ was set by a hook, an alias or a wrapper, and would make git read or write somewhere else than in `folder`.
_KEPT = ("GIT_ASKPASS", "GIT_AUTHOR_", "GIT_CEILING_", "GIT_COMMITTER_", "GIT_CONFIG", "GIT_DISCOVERY_", "GIT_SSH")

_SETTINGS = (
    "--literal-pathspecs",
    # A watcher or a clean-up that git leaves running would hold on to folders that are about to be renamed.
    *("-c", "core.fsmonitor=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "core.splitIndex=false"),
    # A submodule is a repository of its own, with settings of its own; none of ours changes.
    *("-c", "submodule.recurse=false"),
)
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
_OWN = (
    # A folder of the project that looks like a bare repository brings settings of its own, programs among them.
    *("-c", "safe.bareRepository=explicit"),
    # An address that is a command is no place from which a missing object may come.
    *("-c", "protocol.ext.allow=never"),
)
# What reading could start or fetch in a repository of anybody.
_FOREIGN = (
    *("-c", "core.alternateRefsCommand="),
    *("-c", "protocol.allow=never"),
)
_READING = {
    "GIT_ALLOW_PROTOCOL": "none",  # a repository's own protocol.file.allow would win over the setting above
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}


# No dataclass: git starts a merge driver at each conflict, and importing those would be a fifth of its time.
class Git(NamedTuple):
    """git in one folder. `extra` is put into its environment, `settings` before every command.

    A shielded one does not see Ctrl-C, at which git would stop halfway through a checkout. Hooks run for the user's
    own commits only: `hooks`. `limit` are the seconds that a command may take. A `foreign` repository, bare or not, is
    one that somebody else made: nothing but reading is done in it, and neither its settings nor our environment count.
    """

    folder: Path
    extra: Mapping[str, str] = {}
    settings: Sequence[str] = ()
    shielded: bool = False
    hooks: bool = False
    limit: float = LIMIT
    foreign: bool = False

    def at(self, folder: Path) -> Git:
        """The same git in another folder."""
        return self._replace(folder=folder)

    def with_env(self, **extra: str) -> Git:
        """The same git with more in its environment."""
        return self._replace(extra={**self.extra, **extra})

    def with_settings(self, settings: Mapping[str, str]) -> Git:
        """The same git with settings that hold for its calls only."""
        pairs = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self._replace(settings=(*self.settings, *pairs))

    def shield(self) -> Git:
        """The same git, out of reach of Ctrl-C."""
        return self._replace(shielded=True)

    def call(self, *args: str, stdin: bytes = b"") -> Done:
        """Run one git command and return how it ended.

        Raises:
            LadderError: there is no git, or it did not end in time.
        """
        with self._started(args, subprocess.PIPE) as process:
            try:
                output, errors = process.communicate(stdin, timeout=self.limit)
            except subprocess.TimeoutExpired as error:
                _end(process, group=self.shielded)
                raise LadderError(
                    f"git {_verb(args)} did not end within {self.limit:g} seconds.",
                    "Does a program in git's settings hang (git config --get-regexp 'filter|merge|gpg')?",
                ) from error
            except BaseException:
                process.kill()
                raise
        return Done(process.args, process.returncode, output, errors)

    def start(self, *args: str) -> Process:
        """Start a git command that is spoken to through its pipes; whoever starts it ends it.

        Raises:
            LadderError: there is no git.
        """
        return self._started(args, subprocess.DEVNULL)

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

    def _started(self, args: Sequence[str], errors: int) -> Process:
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(
                self._command(args),
                cwd=self.folder,
                env=self._environment(),
                stdin=pipe,
                stdout=pipe,
                stderr=errors,
                start_new_session=self.shielded,
            )
        except FileNotFoundError as error:
            raise _absent() from error

    def _command(self, args: Sequence[str]) -> list[str]:
        hooks = () if self.hooks else _NO_HOOKS
        return ["git", *_SETTINGS, *hooks, *(_FOREIGN if self.foreign else _OWN), *self.settings, *args]

    def _environment(self) -> dict[str, str]:
        allowed = () if self.foreign else _KEPT
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key.startswith(allowed)
        }
        ours = {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": ":"}
        return {**kept, **ours, **(_READING if self.foreign else {}), **self.extra}


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C, a polite kill and a closed terminal until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, lambda number, _: asked.append(number)) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
        if asked:
            signal.raise_signal(asked[0])


def _end(process: Process, *, group: bool) -> None:
    """End git so that it can take its locks away, and with it, where they are a group, the programs that it started."""
    grouped = group and hasattr(os, "killpg")
    if grouped:
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    if grouped:
        with suppress(ProcessLookupError):  # none is left, as a rule
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def failed(args: Sequence[str], done: Done) -> LadderError:
    """The error that a failed git command stands for."""
    said = [line for line in os.fsdecode(done.stderr or done.stdout).splitlines() if line.strip()]
    fatal = [line for line in said if line.startswith(("fatal:", "error:"))]
    word = (fatal or said or [f"exit {done.returncode}"])[-1]
    return LadderError(f"git {_verb(args)} failed: {word}")


def records(output: bytes) -> list[str]:
    """The NUL-separated records of a `-z` output."""
    return [os.fsdecode(part) for part in output.split(b"\0")[:-1]]


def _verb(args: Sequence[str]) -> str:
    return next((arg for arg in args if not arg.startswith("-")), "")


def _absent() -> LadderError:
    return LadderError("git was not found.", "Install git 2.38 or newer.")
