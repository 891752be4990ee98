"""One pass over a CSV file: its shape, or the line that pandas would refuse or read askew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake import csv
from mlops_ladder.intake.csv import CsvShape, Record, header, records, scan
from mlops_ladder.progress import silent


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trips.csv"


def shape(file: Path, content: str | bytes) -> CsvShape:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return scan(file, silent, *header(file))


def test_the_shape_of_a_file(file: Path) -> None:
    assert shape(file, "a,b\n1,2\n3,45\n") == CsvShape(",", ("a", "b"), 2, 5, plain=True)


@pytest.mark.parametrize(
    ("content", "separator", "names"),
    [
        ("a,b\n1,2\n", ",", ["a", "b"]),
        ("a;b\n1,5;2,5\n", ";", ["a", "b"]),
        ("a\tb c\n1\t2\n", "\t", ["a", "b c"]),
        ("a|b\n1|2\n", "|", ["a", "b"]),
        ('\ufeff"a,x";b\n1;2\n', ";", ["a,x", "b"]),
        ("a,b;c\n1,2;3\n", ",", ["a", "b;c"]),
        ("a;b;c\n1,0;2;3\n", ";", ["a", "b", "c"]),
    ],
)
def test_the_separator_and_the_names(file: Path, content: str, separator: str, names: list[str]) -> None:
    file.write_text(content, "utf-8")
    assert header(file) == (separator, names)


def test_a_column_without_a_name_is_called_as_pandas_calls_it(file: Path) -> None:
    file.write_text(",a,\n0,1,\n1,2,\n")

    assert header(file) == (",", list(pd.read_csv(file).columns))


def test_records_with_their_lines_their_text_and_their_cells(file: Path) -> None:
    file.write_bytes(b'a,b\n\n"x\ny",2\r\n1,2')

    assert list(records(file, ",")) == [
        Record(1, 1, "a,b\n", ["a", "b"]),
        Record(3, 4, '"x\ny",2\r\n', ["x\ny", "2"]),
        Record(5, 5, "1,2", ["1", "2"]),
    ]


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        ("a,b\r\n1,2\r\n", True),
        ("a,b\r1,2\r", True),
        ("a,b\n1,2\n\n\n", True),
        ('a,b\n"1","2"\n', True),
        ("a,b\n1,2\r\n", False),
        ("a,b\n\n1,2\n", False),
        ('a,b\n1, "2"\n', False),
        ('"a\nb",c\r\n1,2\r\n', False),
        ('a,b\n"1\r\n",2\n', False),
        ('a,b\n"1\n",2\n', True),
    ],
)
def test_whether_every_reader_agrees(file: Path, content: str, plain: bool) -> None:
    assert shape(file, content).plain is plain


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "trips.csv is empty"),
        ("a,b\n", "has a header and no rows"),
        ("a\n1\n", "one column only"),
        ("a,b\n1,2\n3\n", "line 3 has 1 cells, the header has 2"),
        ("a,b\n1,2,\n", "line 2 has 3 cells"),
        ('a,b\n"1,2\n3,4\n', "begins at line 2, a quoted cell does not end"),
        ('a,b\n"1"x,2\n', "begins at line 2, a quoted cell"),
        ('a,b\n"1" ,2\n', "begins at line 2, a quoted cell"),
        ("a,b\n1,2\r3,4\n", "a carriage return stands alone"),
        ("a,b\n1,\0\n", "holds NUL bytes"),
        pytest.param("a,b\n" + "1,2\n" * (csv.HEAD // 4) + "1,\0\n", "holds NUL bytes", id="far down"),
        (b"a,b\n1,\xe9\n", "not UTF-8: line 2, byte 7"),
        ("a,a\n1,2\n", "more than one column is called 'a'"),
        (" ,a\n1,2\n", "column 1 has no name"),
        ("Monthly report\n# by region\n\na,b\n" + "1,2\n" * 9, "begin at line 4, with a,b"),
        ("Report,,\n\na,b,c\n" + "1,2,3\n" * 9, "begin at line 3, with a,b,c"),
        ("a b\n" + "r 1 2\n" * 9, "one column only"),
        ("a\tb\n" + "r\t1\t2\n" * 9, "every line has one cell more than the header"),
        ("a,b\n" + "1,2,\n" * 9, "every line but the header ends in a comma"),
    ],
)
def test_what_is_refused(file: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(LadderError, match=words) as caught:
        shape(file, content)
    assert caught.value.hint


def test_a_cell_may_be_longer_than_python_expects_and_the_limit_is_put_back(file: Path) -> None:
    import csv as standard

    before = standard.field_size_limit()
    long = "x" * (before + 1)

    assert shape(file, f"a,b\n{long},2\n").longest == len(long) + 3
    assert standard.field_size_limit() == before


def test_a_long_file_says_how_far_it_is(file: Path) -> None:
    said: list[str] = []
    file.write_text("a,b\n" + "1,2\n" * 40_000)
    scan(file, said.append, *header(file))

    assert said == ["reading trips.csv: 49 %", "reading trips.csv: 99 %"]
