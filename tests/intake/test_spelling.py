"""The marks within numbers: found where they are plain, and never where there are two readings."""

from __future__ import annotations

import re

import pytest

from mlops_ladder.intake.spelling import is_marker, marks, numeral


@pytest.mark.parametrize(
    ("columns", "separator", "found"),
    [
        ([["1,5", "12,25"]], ";", (",", "")),
        ([["1.234,5", "7,5"]], ";", (",", ".")),
        ([["1,234.5"]], ",", (".", ",")),
        ([["1,037", "2,074"]], ";", (",", "")),
        ([["1,037", "2,074"]], ",", (".", ",")),
        ([["1,037", "2,074"]], "\t", (".", "")),
        ([["1,037", "2,074"], ["1,5"]], "\t", (",", "")),
        ([["1 037", "2 074 000"]], ";", (",", " ")),
        ([["1,2,3"]], ";", (".", "")),
        ([], ",", (".", "")),
    ],
)
def test_marks(columns: list[list[str]], separator: str, found: tuple[str, str]) -> None:
    assert marks(columns, separator) == found


def test_a_numeral() -> None:
    shape = re.compile(numeral(",", "."))

    assert all(map(shape.fullmatch, ["1.234", "1.234.567,25", "12,5", "-,5", " 7 ", "1234,5"]))
    assert not any(map(shape.fullmatch, ["12.5", "1.2345", "1,2,3", "-", "", "1234.567", "1,", "x"]))


def test_words_for_no_value() -> None:
    assert all(map(is_marker, ["", " ", "?", "N/A", "#DIV/0!", "Unknown", "<NA>", "0000-00-00"]))
    assert not any(map(is_marker, ["0", "no", "x", "-1", "1900-01-01"]))
