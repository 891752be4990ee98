from __future__ import annotations

import pytest

from mlops_ladder.facts.read import short
from mlops_ladder.facts.read.short import shortened, tamed
from mlops_ladder.facts.read.yaml import parse_yaml


@pytest.mark.parametrize(
    "text",
    [
        "", "one line", "a\n\nb\r\n\tc\n", "word " * 3_000, "x" * short.WORD, " " * short.GAP + "x",
        "\n" * short.EMPTY_LINES + "x", "é" * 400 + "\n" + "\u2003" * 150,
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(text: str) -> None:
    kept, cut = shortened(text)

    assert kept is text
    assert cut == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("![picture](data:" + "QUJD" * 9_000 + ") and more", 500 + 9),
        ('{"a":"' + "x" * 90_000 + '"}', 500),
        ("a" + " " * 50_000 + "b", 202),
        ("a" + " \t\u2003\r" * 9_000 + "b", 202),
    ],
)
def test_words_and_gaps_are_shortened_which_is_no_cut(text: str, kept: int) -> None:
    found, cut = shortened(f"before\n{text}\nafter")

    assert [len(line) for line in found.split("\n")] == [6, kept, 5]
    assert cut == ""


def test_a_line_is_cut_and_that_is_said() -> None:
    found, cut = shortened("first\n" + "word " * 5_000 + "\nlast")

    assert [len(line) for line in found.split("\n")] == [5, short.LINE, 4]
    assert cut == "has a line of more than 20,000 characters, and it is not read beyond them"


@pytest.mark.parametrize("empty", ["\n", "\r\n", "  \t\n"])
def test_a_text_ends_at_many_empty_lines_and_that_is_said(empty: str) -> None:
    found, cut = shortened("first\n" + empty * 90_000 + "last")

    assert found.split("\n")[0] == "first"
    assert len(found.split("\n")) == 1 + short.EMPTY_LINES
    assert cut == "has more than 1,000 empty lines in a row, and is not read beyond them"


def test_no_line_moves() -> None:
    lines = ["x" * 9_000, "", "a " * 300, " " * 3_000, "end"]

    assert len(shortened("\n".join(lines))[0].split("\n")) == len(lines)
    assert shortened("\n".join(lines))[0].endswith("\nend")


def test_texts_in_data_are_shortened_and_keep_their_line() -> None:
    data = tamed({"a": ["x" * 900, {"k" * 900: 1}], "b": 3})

    assert data == {"a": ["x" * 500, {"k" * 500: 1}], "b": 3}
    value = parse_yaml("first: 1\nlong: |\n  " + "x" * 900 + "\n  y\n")[0]["long"]
    assert (value, value.line, value.literal) == ("x" * 500 + "\ny\n", 3, True)
    assert tamed("x" * 900) == "x" * 500
    assert tamed(None) is None


def test_data_that_is_nested_too_deep_is_nothing() -> None:
    def nested(depth: int) -> object:
        data: object = "x"
        for _ in range(depth):
            data = [data]
        return data

    assert tamed(nested(short.DEPTH - 1)) is not None
    assert tamed(nested(short.DEPTH)) is None
