"""Two changes at one place of a text: additions stand beside anything, the same lines are left to a person."""

from __future__ import annotations

import pytest

from mlops_ladder.lift.meeting import Region, settle, together


def met(ours: str, base: str, theirs: str, *, prose: bool = False) -> str | None:
    """Each letter a line; a dot is a blank one."""
    sides = ([f"{letter}\n".replace(".\n", "\n") for letter in side] for side in (ours, base, theirs))
    text = together(Region(*sides), prose=prose)
    return None if text is None else text.replace("\n\n", "\n.\n").replace("\n", "")


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "result"),
    [
        ("x", "", "y", "xy"),
        ("x", "", "x", "x"),
        ("abx", "ab", "aby", "abxy"),
        ("xab", "ab", "aby", "xaby"),
        ("abx", "ab", "AB", "ABx"),
        ("xab", "ab", "AB", "xAB"),
        ("AB", "ab", "aby", "ABy"),
        ("", "ab", "aby", "y"),
        ("Ab", "ab", "aB", "AB"),
        ("Ab", "ab", "Ab", "Ab"),
        ("aXb", "ab", "Ab", "AXb"),
        ("axb", "ab", "AB", "AxB"),
    ],
)
def test_lines_that_come_together(ours: str, base: str, theirs: str, result: str) -> None:
    assert met(ours, base, theirs) == result


@pytest.mark.parametrize(
    ("ours", "base", "theirs"),
    [("A", "a", "B"), ("axb", "ab", "ABC"), ("", "ab", "ayb"), ("", "a", "A")],
)
def test_lines_that_both_change_are_left_to_a_person(ours: str, base: str, theirs: str) -> None:
    assert met(ours, base, theirs) is None


def test_what_the_user_took_out_of_prose_stays_out() -> None:
    assert met("a", "ab", "aB", prose=True) == "a"
    assert met("a", "ab", "aB") is None
    assert met("a", "abc", "Ac", prose=True) is None
    assert met("a", "ab", "xy", prose=True) == "xy"
    assert met("a", "ab", "xb", prose=True) is None


def one(ours: str, base: str, theirs: str, *, prose: bool = False) -> str | None:
    """A line each."""
    return together(Region([ours], [base], [theirs]), prose=prose, words=True)


def test_other_words_of_one_line_meet() -> None:
    base = "\tuv run pytest --quiet\n"
    assert (
        one("\tuv run pytest --cov\n", base, "\tuv run python -m pytest --quiet\n")
        == "\tuv run python -m pytest --cov\n"
    )
    assert one("\tuv run pytest --cov\n", base, "\tuv run pytest -q\n") is None
    verb = "make check   # lint, types\n"
    assert one("make check   # lint, types (soon)\n", verb, "make check   # all: lint, types\n", prose=True) == (
        "make check   # all: lint, types (soon)\n"
    )
    text = "It is the model of flights that were late.\n"
    assert one(text.replace("late", "early"), text, text.replace("It", "This"), prose=True) == (
        "This is the model of flights that were early.\n"
    )
    assert one(text.replace("late", "early"), text, text.replace("that", "which"), prose=True) is None


def test_neighbouring_lines_of_prose_may_be_one_sentence() -> None:
    assert met("Ab", "ab", "aB", prose=True) is None
    assert met("axb", "ab", "AB", prose=True) is None
    assert met("abx", "ab", "aB", prose=True) == "aBx"
    assert (
        together(Region(["| a |\n", "|b|\n"], ["|a|\n", "|b|\n"], ["|a|\n", "| b |\n"]), prose=True) == "| a |\n| b |\n"
    )


def lines(*texts: str) -> list[str]:
    return [f"{text}\n" for text in texts]


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        (lines("", "mine:"), lines("\tof the one above"), lines("\tof the one above", "", "mine:")),
        (lines("\tof the one above"), lines("", "new:"), lines("\tof the one above", "", "new:")),
        (lines("## A", "", "x"), lines("## B", "", "y", ""), lines("## A", "", "x", "", "## B", "", "y", "")),
        (lines("- a"), lines("- b"), lines("- a", "- b")),
        (["x\r\n"], ["# y\r\n", "\r\n"], ["x\r\n", "\r\n", "# y\r\n", "\r\n"]),
    ],
    ids=["recipe of theirs", "recipe of ours", "sections", "items", "crlf"],
)
def test_what_continues_the_lines_above_comes_first_and_blocks_stay_apart(
    ours: list[str], theirs: list[str], result: list[str]
) -> None:
    assert together(Region(ours, [], theirs)) == "".join(result)


def test_what_belonged_to_lines_that_go_is_left_to_a_person() -> None:
    base = lines("ui:", "\techo")
    assert together(Region([*base, "\tmore\n"], base, []), prose=True) is None
    assert together(Region([*base, "own:\n"], base, []), prose=True) == "own:\n"


def test_places_of_a_merge_become_alike_where_they_can() -> None:
    merged = "a\n<<<<< HEAD\nx\n||||| base\n=====\ny\n>>>>> new\nb\n<<<<< HEAD\nX\n||||| base\nx\n=====\nY\n>>>>> new\n"
    assert settle(merged, 5, prose=True) == ("a\nx\ny\nb\nx\n", "a\nx\ny\nb\nX\n", "a\nx\ny\nb\nY\n")
