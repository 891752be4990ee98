"""What is said where: results to stdout, all else to stderr, colour on a terminal only."""

from __future__ import annotations

import json

import pytest

from mlops_ladder.console import say
from mlops_ladder.errors import LadderError


def test_results_and_notes(capsys: pytest.CaptureFixture[str]) -> None:
    say.out("a result")
    say.out()
    say.note("beside it")

    assert capsys.readouterr() == ("a result\n\n", "beside it\n")


def test_json_is_indented_and_keeps_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    say.as_json({"name": "Zürich", "list": [1]})
    printed = capsys.readouterr().out

    assert json.loads(printed) == {"name": "Zürich", "list": [1]}
    assert printed == '{\n  "name": "Zürich",\n  "list": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (LadderError("It is so.", "Do this."), "error: It is so.\n\nhint: Do this.\n"),
        (LadderError("It is so."), "error: It is so.\n"),
    ],
)
def test_an_error_is_the_fact_and_then_the_way_out(
    problem: LadderError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say.error(problem)

    assert capsys.readouterr() == ("", said)


def test_a_reader_that_has_gone_ends_with_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    def ended() -> None:
        raise SystemExit(say.READER_GONE)

    monkeypatch.setattr("typer.echo", gone)
    monkeypatch.setattr(say, "quit_quietly", ended)
    with pytest.raises(SystemExit) as caught:
        say.out("a result")
    assert caught.value.code == 141


@pytest.mark.parametrize(("terminal", "shown"), [(True, "\r\x1b[2Kreading ...\r\x1b[2K"), (False, "")])
def test_progress_is_for_a_terminal(
    terminal: bool, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    say.progress("reading")
    say.progress_done()

    assert capsys.readouterr() == ("", shown)


def test_a_note_takes_the_place_of_progress(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    say.progress("reading")
    say.note("Beside the result.")

    assert capsys.readouterr().err == "\r\x1b[2Kreading ...\r\x1b[2KBeside the result.\n"


def test_a_tree_of_paths() -> None:
    paths = ["b/c/d.txt", "a.txt", "b/e.txt", "b/c.txt"]

    assert say.tree(paths) == "a.txt\nb/\n  c/\n    d.txt\n  c.txt\n  e.txt"


def test_a_folder_stands_once_and_none_gives_nothing() -> None:
    assert say.tree(["a/b/c", "a/b/d"]) == "a/\n  b/\n    c\n    d"
    assert say.tree([]) == ""
