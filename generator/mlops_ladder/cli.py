"""The command line: parse, call one function, print, exit. Commands are imported when they are called."""

from __future__ import annotations

import gc
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click

from mlops_ladder import __version__
from mlops_ladder.console import say
from mlops_ladder.errors import BUG, USAGE, LadderError

# name -> (module in mlops_ladder.commands, one line for the list of commands)
COMMANDS = {
    "new": "Make a working ML project at a level.",
    "up": "Lift a project one level and keep all that you made of it.",
    "update": "Bring a project to this ladder's templates, at its level.",
    "set": "Change an answer that a project was made with.",
    "assess": "Compute the maturity level of any ML repository, with evidence.",
    "levels": "Show the levels, and what climbing adds.",
    "plan": "Plan the road to the next level: steps, people, effort, cost.",
}


class Lazy(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of a project's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mlops_ladder.commands.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ladder")
def cli() -> None:
    """Climb the five MLOps maturity levels with working software."""


def main() -> NoReturn:
    """Run a command and exit: 0 fine, 1 findings remain, 2 wrong usage, 3 a bug of ours, 130 interrupted."""
    _clean_up_when_ended()
    # Compiling templates makes many short-lived objects; the usual threshold costs a command 7 % of its time.
    gc.set_threshold(20_000)
    try:
        code = cli.main(prog_name="ladder", standalone_mode=False)
        sys.stdout.flush()
    except LadderError as problem:
        say.progress_done()
        say.error(problem)
        code = problem.code
    except click.ClickException as problem:
        problem.show()
        code = USAGE
    except (click.Abort, KeyboardInterrupt):
        say.progress_done()
        say.note("Interrupted; nothing was left behind.")
        code = 130
    except BrokenPipeError:
        say.quit_quietly()
    except Exception:
        code = _bug()
    sys.exit(code if isinstance(code, int) else 0)


def _clean_up_when_ended() -> None:
    """Let a closed terminal or a polite kill unwind the stack, so that nothing half-made stays."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


def _bug() -> int:
    import platform
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="ladder-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"ladder {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        log.write(f"{sys.argv}\n\n{traceback.format_exc()}")
    say.error(LadderError("This is a bug of ladder.", f"Please report it with {log.name}"))
    return BUG
