"""`ladder new` as a conversation, in a real pseudo-terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlops_ladder.new.ask import level_choice
from mlops_ladder.project.answers import QUESTIONS, Value
from mlops_ladder.project.layers import available, conditions_up_to, read_level
from support.cases import CI
from support.env import clean
from support.repos import lock_in
from support.shapes import request
from support.terminal import CTRL_C, DOWN, ENTER, Terminal


def ladder(cwd: Path, *arguments: str, columns: int = 160) -> Terminal:
    """`ladder` on a terminal, in a home where git knows nobody."""
    env = clean(cwd, known=False, COLUMNS=str(columns))
    return Terminal([sys.executable, "-m", "mlops_ladder", *arguments], cwd, env, columns)


def answers_all(terminal: Terminal, level: int, *, last: bool = False) -> dict[str, Value]:
    """Answer those of the table's questions that matter at a level: the default, or else the last value."""
    given: dict[str, Value] = {}
    for one in QUESTIONS:
        if {one.condition(value) for value in one.values} & conditions_up_to(level):
            terminal.expect(one.prompt)
            given[one.name] = one.values[-1] if last else one.default
            keys = [DOWN] * (one.values.index(given[one.name]) - one.values.index(one.default))
            terminal.type(*(["y" if given[one.name] else "n"] if one.yes_no else [*keys, ENTER]))
    return given


def test_all_questions_with_arrow_keys(tmp_path: Path) -> None:
    with ladder(tmp_path, "new", "--no-git") as terminal:
        terminal.expect("Folder of the new project")
        terminal.type("class", ENTER)
        terminal.expect("is a keyword of Python")
        terminal.type("\x15", "late-flights", ENTER)
        terminal.expect("Maturity level")
        terminal.type(DOWN, ENTER)
        asked = answers_all(terminal, 2, last=True)
        terminal.expect("Data:")
        terminal.type(ENTER)
        terminal.expect("late-flights: level 2, Reproducible")
        terminal.expect("make setup")
        assert terminal.end() == 0

    lock = lock_in(tmp_path / "late-flights")
    assert asked["ci"] == "gitlab"
    assert lock.answers.choices.items() >= asked.items()
    assert (lock.level, lock.answers.data.source) == (2, "flights")


def test_own_data_is_asked_for_column_by_column(tmp_path: Path) -> None:
    asked = request("multiclass-parquet-time")
    with ladder(tmp_path, "new", "orders", "--level", "1", "--no-git") as terminal:
        answers_all(terminal, 1)
        terminal.expect("Data:")
        terminal.type(DOWN, ENTER)
        terminal.expect("File:")
        terminal.type(str(asked["data"]), ENTER)
        terminal.expect("Column to predict")
        terminal.type(ENTER)  # the last column
        terminal.expect("time of each row")
        terminal.type(DOWN, ENTER)
        terminal.expect("orders: level 1, Manual")
        assert terminal.end() == 0

    data = lock_in(tmp_path / "orders").answers.data
    assert (data.target, data.time, data.task) == (asked["target"], asked["time"], "multiclass")


def test_what_is_given_is_not_asked_for(tmp_path: Path) -> None:
    with ladder(tmp_path, "new", "a", "--level", "2", "--ci", "github", "--no-git", "--yes") as terminal:
        assert terminal.end() == 0
        assert "?" not in terminal.text.split("Taken by default")[0]

    assert lock_in(tmp_path / "a").level == 2


@pytest.mark.parametrize("question", ["Folder of the new project", "Maturity level"])
def test_ctrl_c_at_a_question_leaves_nothing_behind(tmp_path: Path, question: str) -> None:
    with ladder(tmp_path, "new") as terminal:
        terminal.expect("Folder of the new project")
        if question == "Maturity level":
            terminal.type("a-name", ENTER)
            terminal.expect(question)
        terminal.type(CTRL_C)
        assert terminal.end() == 130

    assert "nothing was left half-done" in terminal.text
    assert list(tmp_path.iterdir()) == []


def test_a_target_in_the_way_is_said_before_the_other_questions(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with ladder(tmp_path, "new", "full") as terminal:
        assert terminal.end() == 2

    assert "is not empty" in terminal.text
    assert "Maturity level" not in terminal.text


def test_what_a_level_means_is_told_in_full_on_a_narrow_terminal(tmp_path: Path) -> None:
    with ladder(tmp_path, "new", "late-flights", "--no-git", columns=50) as terminal:
        for word in read_level(available()[0]).test.split():
            terminal.expect(word)
        terminal.type(CTRL_C)
        assert terminal.end() == 130


@pytest.mark.parametrize("columns", [30, 50, 160])
def test_no_line_of_a_level_is_longer_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for number in available():
        choice = level_choice(number)
        lines = f"Description: {choice.description}".split("\n")
        assert all(len(line) < columns for line in (f"   {choice.title}", *lines))
        assert " ".join(choice.description.split()) == read_level(number).test


def test_a_question_that_makes_no_difference_is_not_asked(tmp_path: Path) -> None:
    with ladder(tmp_path, "new", "late-flights", "--level", "1", "--no-git") as terminal:
        asked = answers_all(terminal, 1)
        terminal.expect("Data:")
        assert "ci" not in asked
        assert CI.prompt not in terminal.seen
        terminal.type(CTRL_C)
