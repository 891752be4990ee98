"""What is said of a data file as a whole: the fact, and a way out that fits it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake import errors

HERE = Path("somewhere/trips.csv")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (errors.empty(HERE), "trips.csv is empty."),
        (errors.header_only(HERE), "trips.csv has a header and no rows."),
        (
            errors.one_column(HERE, "a " * 60, by_blanks=False),
            f"trips.csv seems to have one column only; its first line is: {('a ' * 29)[:57]}...",
        ),
        (errors.ragged(HERE, 4, 3, 2, ";", trailing=False), "trips.csv: line 4 has 3 cells, the header has 2."),
        (
            errors.carriage_return(HERE, 4),
            "trips.csv: a carriage return stands alone at or before line 4; is it a line end or not?",
        ),
        (
            errors.wrong_quote(HERE, 4),
            "trips.csv: in the record that begins at line 4, a quoted cell does not end properly.",
        ),
    ],
)
def test_the_fact_names_the_file_and_the_place(error: LadderError, message: str) -> None:
    assert error.message == message
    assert error.hint


def test_a_separator_at_the_end_of_lines_has_a_way_out_of_its_own() -> None:
    assert "in double quotes" in errors.ragged(HERE, 4, 3, 2, ";", trailing=False).hint
    assert errors.ragged(HERE, 4, 3, 2, ";", trailing=True).hint.startswith("The line ends in a ; and the header does")


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"a\nb\xe9\n", "line 2, byte 4"), (b"\xe9", "line 1, byte 1"), ("é\nü\n".encode() + b"\xff", "line 3, byte 7")],
)
def test_the_first_byte_that_is_not_utf8_is_named(tmp_path: Path, content: bytes, place: str) -> None:
    (tmp_path / "trips.csv").write_bytes(content)
    with pytest.raises(LadderError) as caught:
        errors.check_utf8(tmp_path / "trips.csv")

    assert caught.value.message == f"trips.csv is not UTF-8: {place} of the file."
    assert "iconv" in caught.value.hint


def test_utf8_is_fine(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes("\ufeffé,ü\n😀\n".encode())
    errors.check_utf8(tmp_path / "good.csv")


@pytest.mark.parametrize(
    ("names", "message", "hint"),
    [
        (["a", "", " "], "trips.csv: column 2, 3 has no name.", "Give every column a name"),
        (["6", "148", "6", "b"], "trips.csv: more than one column is called '6'.", "is data already"),
        (["a", "b", "a", "b", "a"], "trips.csv: more than one column is called 'a', 'b'.", "a name of its own"),
    ],
)
def test_names_that_are_empty_or_occur_twice(names: list[str], message: str, hint: str) -> None:
    with pytest.raises(LadderError) as caught:
        errors.check_names(HERE, names)
    assert caught.value.message == message
    assert hint in caught.value.hint


def test_names_that_differ_are_fine() -> None:
    errors.check_names(HERE, ["a", "A", " a", "b"])


@pytest.mark.parametrize(
    ("text", "shown"), [("a\n  b\t", "a b"), ("x" * 60, "x" * 60), ("x" * 61, "x" * 57 + "..."), ("", "")]
)
def test_text_from_data_in_one_short_line(text: str, shown: str) -> None:
    assert errors.short(text) == shown


BEFORE = {
    "nothing": b"",
    "a line": b"a\n",
    "up to a byte": b"a" * ((1 << 20) - 1),
    "a block of lines": b"a\n" * (1 << 19),
    "more": b"\xc3\xa9" * (1 << 19) + b"\n",
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("bad", [b"\xff", b"\xc3(", b"\xe2\x82", b"\xe2\x82\n"])
def test_the_place_of_a_byte_that_is_no_text_is_exact(tmp_path: Path, before: str, bad: bytes) -> None:
    """Also where the block that is read ends inside of a character."""
    (tmp_path / "a.csv").write_bytes(BEFORE[before] + bad)
    with pytest.raises(LadderError) as caught:
        errors.check_utf8(tmp_path / "a.csv")
    assert f"line {BEFORE[before].count(10) + 1}, byte {len(BEFORE[before]) + 1} of the file" in caught.value.message


def test_text_that_ends_inside_of_a_block_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a" + b"\xc3\xa9" * (1 << 20))

    errors.check_utf8(tmp_path / "a.csv")
