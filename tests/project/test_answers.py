"""The table of questions, and what follows from it."""

from __future__ import annotations

from collections import Counter

import pytest

from mlops_ladder.project.answers import QUESTIONS, Answers, Question, every_choice
from mlops_ladder.project.layers import layer_names, layers
from support.cases import CI

YES_NO = Question("extra", (False, True), False, "Something more.", "Something more?")


def test_every_question_is_well_formed() -> None:
    for one in QUESTIONS:
        assert one.default in one.values
        assert one.help.endswith(".")
        assert one.prompt
        assert len(one.labels) in (0, len(one.values))
        assert all(one.read(text) == value for text, value in zip(one.texts, one.values, strict=True))


def test_each_condition_belongs_to_one_value() -> None:
    conditions = Counter(one.condition(value) for one in QUESTIONS for value in one.values)
    del conditions[""]
    assert set(conditions.values()) == {1}
    assert not any("+" in condition or "/" in condition for condition in conditions)


def test_what_is_not_answered_is_the_default() -> None:
    assert Answers("a", "a").choices == {one.name: one.default for one in QUESTIONS}
    assert Answers("a", "a", choices={"ci": "gitlab"}).choices["ci"] == "gitlab"


@pytest.mark.parametrize(
    ("choices", "words"),
    [({"ci": "jenkins"}, "choose one of github, gitlab"), ({"ci": True}, "ci is True"), ({"cj": "x"}, "unknown key")],
)
def test_a_choice_that_answers_nothing_is_refused(choices: dict[str, str | bool], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Answers("a", "a", choices=choices)


def test_another_choice_changes_nothing_else() -> None:
    first = Answers("A", "a")
    assert first.choosing(ci="gitlab").choosing(ci="github") == first


def test_yes_and_no_are_typed_as_true_and_false() -> None:
    assert YES_NO.texts == ("false", "true")
    assert YES_NO.read("true") is True
    assert (YES_NO.condition(True), YES_NO.condition(False)) == ("extra", "")
    with pytest.raises(ValueError, match="choose one of false, true"):
        YES_NO.read("yes")


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with pytest.raises(ValueError, match="its name is a Python identifier"):
        Question("dev-container", (False, True), False, "", "")


@pytest.fixture
def one_more_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table with a yes/no question before the others."""
    table = (YES_NO, CI)
    for name in ("answers", "layers"):
        monkeypatch.setattr(f"mlops_ladder.project.{name}.QUESTIONS", table)
    layer_names.cache_clear()
    yield
    layer_names.cache_clear()


@pytest.mark.usefixtures("one_more_question")
def test_one_row_more_doubles_the_layers() -> None:
    assert layer_names() == (
        "files",
        "files+extra",
        "files+github",
        "files+gitlab",
        "files+extra+github",
        "files+extra+gitlab",
    )
    assert len(list(every_choice())) == 4


@pytest.mark.usefixtures("one_more_question")
def test_a_folder_of_two_conditions_needs_both(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("files", "files+extra", "files+gitlab", "files+extra+gitlab", "files+gitlab+extra", "lab"):
        (tmp_path / "level1" / name).mkdir(parents=True)

    def stacked(**choices: str | bool) -> list[str]:
        return [path.name for path in layers(1, Answers("a", "a", choices=choices), tmp_path)]

    assert stacked() == ["files"]
    assert stacked(ci="gitlab") == ["files", "files+gitlab"]
    assert stacked(extra=True) == ["files", "files+extra"]
    assert stacked(extra=True, ci="gitlab") == ["files", "files+extra", "files+gitlab", "files+extra+gitlab"]
