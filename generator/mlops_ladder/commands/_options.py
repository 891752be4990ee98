"""Options that commands share, and those that follow from the table of questions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mlops_ladder.project.answers import QUESTIONS, Question, typed

Project = Annotated[Path, typer.Argument(metavar="[PATH]", help="The project's folder.")]
Repository = Annotated[Path, typer.Argument(metavar="[PATH]", help="The repository's folder.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Format = Annotated[Literal["table", "json", "markdown", "html"], typer.Option("--format", help="How to report.")]
FormatJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Branch = Annotated[str | None, typer.Option(help="The branch that gets the result.  [default: named after the change]")]


def asks_questions(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option a question; its parameter `choices` gets the answers that were given, by name."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "choices"]
    asked = [
        inspect.Parameter(question.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(question))
        for question in QUESTIONS
    ]

    @wraps(command)
    def wrapper(**values: Any) -> None:
        answers = {question.name: values.pop(question.name) for question in QUESTIONS}
        command(**values, choices={name: value for name, value in answers.items() if value is not None})

    by_keyword = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    wrapper.__signature__ = signature.replace(parameters=[*by_keyword, *asked])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {}
    return wrapper


def _option(question: Question) -> Any:
    shown = f"{question.help}  [default: {typed(question.default)}]"
    if question.yes_no:
        shown = f"{question.help}  [default: {'yes' if question.default else 'no'}]"
        return Annotated[bool | None, typer.Option(f"--{question.name}/--no-{question.name}", help=shown)]
    return Annotated[Literal[question.values] | None, typer.Option(help=shown)]
