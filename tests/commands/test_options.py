"""Options that follow from the table of questions."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner, Result

from mlops_ladder.commands import _options
from mlops_ladder.commands._options import DryRun, asks_questions
from mlops_ladder.project.answers import Question

HOST = Question("host", ("one", "two"), "one", help="Which host.", prompt="Host?")
EXTRA = Question("extra", (False, True), False, help="More of it.", prompt="More?")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a command with these two questions was called with."""
    monkeypatch.setattr(_options, "QUESTIONS", (HOST, EXTRA))
    return []


def run(heard: list[dict[str, Any]], *words: str) -> Result:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    @asks_questions
    def command(
        path: Annotated[Path, typer.Argument()] = Path(), dry_run: DryRun = False, *, choices: dict[str, str | bool]
    ) -> None:
        """Do it."""
        heard.append({"path": path, "dry_run": dry_run, "choices": choices})

    return CliRunner().invoke(app, words, env={"COLUMNS": "120", "TERM": "dumb"})


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ((), {}),
        (("--host", "two"), {"host": "two"}),
        (("--extra",), {"extra": True}),
        (("--no-extra", "--host", "one"), {"extra": False, "host": "one"}),
    ],
)
def test_the_command_gets_the_answers_that_were_given(
    heard: list[dict[str, Any]], words: tuple[str, ...], choices: dict[str, object]
) -> None:
    assert run(heard, "there", *words, "--dry-run").exit_code == 0
    assert heard == [{"path": Path("there"), "dry_run": True, "choices": choices}]


def test_an_answer_that_is_none_of_the_values_is_refused(heard: list[dict[str, Any]]) -> None:
    done = run(heard, "--host", "three")

    assert (done.exit_code, heard) == (2, [])
    assert "three" in done.output


def test_help_names_each_question_with_its_values_and_its_default(heard: list[dict[str, Any]]) -> None:
    lines = [" ".join(line.strip("│ ").split()) for line in run(heard, "--help").output.splitlines()]

    assert any(re.match(r"--host \Wone\|two\W Which host\. \[default: one]", line) for line in lines), lines
    assert any(line.startswith("--extra / --no-extra More of it. [default: no]") for line in lines), lines
    assert not any("choices" in line for line in lines)


def test_the_signature_has_the_commands_own_parameters_first(heard: list[dict[str, Any]]) -> None:
    def command(path: Path = Path(), *, choices: dict[str, str]) -> None:
        heard.append({"path": path, "choices": choices})

    assert list(inspect.signature(asks_questions(command)).parameters) == ["path", "host", "extra"]
