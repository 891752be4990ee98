"""The command line: parse, call one function, print, exit. Commands are imported when they are called."""

from __future__ import annotations

import errno
import gc
import signal
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from mlops_ladder import __version__
from mlops_ladder.console import say
from mlops_ladder.errors import BUG, INTERRUPTED, USAGE, LadderError

# Name, which is that of its module in mlops_ladder.commands -> one line for the list of commands.
COMMANDS = {
    "new": "Make a working ML project at a level.",
    "up": "Lift a project one level and keep all that you made of it.",
    "update": "Bring a project to this ladder's templates, at its level.",
    "set": "Change an answer that a project was made with.",
    "keep": "Take files over, so that no lift touches them.",
    "assess": "Compute the maturity level of any ML repository, with evidence.",
    "levels": "Show the levels, and what climbing adds.",
    "plan": "Plan the road to the next level: steps, people, effort, cost.",
}
# What files, folders and disks refuse, and what may help; any other error of the system is a bug of ours.
REFUSALS = {
    errno.EACCES: "Look at its permissions, or name another place.",
    errno.EPERM: "Look at its permissions, or name another place.",
    errno.EROFS: "Name a place that can be written.",
    errno.ENOSPC: "Make room there and try again.",
    errno.EDQUOT: "Make room there and try again.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Lazy(TyperGroup):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The commands in the order of a project's life."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command, imported."""
        if cmd_name not in COMMANDS:
            return None
        one = _typer()
        one.command(cmd_name)(import_module(f"mlops_ladder.commands.{cmd_name}").command)
        return typer.main.get_command(one)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _typer(**settings: Any) -> typer.Typer:
    # Rich would double the time to a page of help.
    plain = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "context_settings": SETTINGS}
    return typer.Typer(**{"add_completion": False, **plain, **settings})


app = _typer(cls=Lazy, add_completion=True, no_args_is_help=True)


def _version(wanted: bool) -> None:
    if wanted:
        say.out(f"ladder, version {__version__}")
        raise typer.Exit


@app.callback()
def ladder(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Climb the five MLOps maturity levels with working software."""


@cache
def program() -> TyperGroup:
    """The command line, ready to be called."""
    made: TyperGroup = typer.main.get_command(app)  # type: ignore[assignment]
    return made


def main() -> NoReturn:
    """Run a command and exit: 0 fine, 1 findings remain, 2 wrong usage, 3 a bug of ours, 130 interrupted."""
    _clean_up_when_ended()
    say.legible_everywhere()
    # Compiling templates makes many short-lived objects; the usual threshold costs a command 7 % of its time.
    gc.set_threshold(20_000)
    try:
        code = program().main(prog_name="ladder", standalone_mode=False)
        sys.stdout.flush()
    except LadderError as problem:
        say.progress_done()
        say.error(problem)
        code = problem.code
    except ClickException as problem:
        problem.show()
        code = USAGE
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        say.quit_quietly()
    except OSError as problem:
        say.progress_done()
        code = _refused(problem)
    except Exception:
        code = _bug()
    if code == INTERRUPTED:
        say.progress_done()
        say.note("Interrupted; nothing was left half-done.")
    sys.exit(code if isinstance(code, int) else 0)


def _clean_up_when_ended() -> None:
    """Let a closed terminal or a polite kill unwind the stack, so that nothing half-made stays."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        # What was ignored before stays ignored: `nohup ladder ...` outlives its terminal.
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), end)


def _refused(problem: OSError) -> int:
    """Say what the system refused, where that is none of our doing."""
    try:
        Path.cwd()
    except OSError:
        say.error(LadderError("The current folder is not there any more.", "Go to another one: cd"))
        return USAGE
    if problem.errno not in REFUSALS:
        return _bug()
    what = f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    say.error(LadderError(f"{what}.", REFUSALS[problem.errno]))
    return USAGE


def _bug() -> int:
    import platform
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="ladder-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"ladder {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        log.write(f"{sys.argv}\n\n{traceback.format_exc()}")
    say.error(LadderError("This is a bug of ladder.", f"Please report it with {log.name}"))
    return BUG
