"""What separates the cells of a text, and what stands above its table or beside its header."""

from __future__ import annotations

import pytest

from mlops_ladder.intake.layout import SEPARATORS, beginning, by_blanks, one_more, rows, separator_of

TABLE = "a,b,c\n" + "1,2,3\n" * 9


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        (TABLE, ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb c\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('"a,x";b\n1;2\n', ";"),
        ("a\n1\n", ""),
        ("a:b\n1:2\n", ""),
    ],
)
def test_the_separator(text: str, separator: str) -> None:
    assert separator_of({each: rows(text, each, cut=False) for each in SEPARATORS}) == separator


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (TABLE, 0),
        ("Report\n" + TABLE, 2),
        ("Report, March\n# a comment\n\n" + TABLE, 4),
        ("Report,,\n" + TABLE, 2),
        ("# one\n# two\n# three\n" + TABLE, 4),
        (",,\n".replace(",,", "x,,") + TABLE, 2),
        ("a,b,\n" + "1,2,3\n" * 9, 0),  # one column without a name
        ("a,b\n" + "1,2,3\n" * 9, 0),  # a header with a cell too few
        ("a\n" + "1\n" * 9, 0),
        ("Report\na,b\n1,2\n", 0),  # too short to tell
        ("a,b\n" + '"1\n' * 9, 0),
    ],
)
def test_where_the_table_begins(text: str, line: int) -> None:
    found = beginning(rows(text, ",", cut=False))

    assert (found.line if found else 0) == line


@pytest.mark.parametrize(
    ("text", "which"),
    [
        (TABLE, ""),
        ("a,b\n" + "r,1,2\n" * 3, "name"),
        ("a,b\n" + "1,2,\n" * 3, "end"),
        ("a,b\nr,1,2\n1,2\n", ""),
        ("a,b\nr,1,2\n", ""),
        ("", ""),
    ],
)
def test_one_cell_more_in_every_line(text: str, which: str) -> None:
    assert one_more(rows(text, ",", cut=False)) == which


def test_blanks_as_separators() -> None:
    assert by_blanks("a   b c\n1 2 3\n4 5  6\n7 8")
    assert not by_blanks("a\n1\n2\n")
    assert not by_blanks("Monthly report\nof two\n")


def test_a_record_that_may_be_cut_is_left_out() -> None:
    assert len(rows(TABLE, ",", cut=True)) == 9
