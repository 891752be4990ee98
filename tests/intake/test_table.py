"""What DuckDB is asked must be what pandas will read in the generated project."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.parquet import INDEX
from mlops_ladder.intake.table import column_names, format_of, open_table
from mlops_ladder.project.dataset import MAX_COLUMNS, MISSING

CELLS = st.text(alphabet='a1,;" \t\n\r.é', max_size=6)


def read_by_pandas(content: bytes, separator: str) -> list[list[str | None]]:
    frame = pd.read_csv(
        io.BytesIO(content),
        sep=separator,
        dtype="string",
        keep_default_na=False,
        na_values=list(MISSING),
        encoding="utf-8-sig",
    )
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy()]


def read_by_us(path: Path) -> tuple[list[list[str | None]], str]:
    with open_table(path) as table:
        return [list(row) for row in table.ask("SELECT * FROM data")], table.separator


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a,b\n1,2",
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\r1,2\r3,4\r",
        b"a,b\n1,2\r\n3,4\n",
        b"\n\na,b\n1,2\n\n3,4\n   \n5,6\n\n\n",
        b'a,b\n"x\ny",2\n"p""q",3\n',
        b'a,b\n"x\r\ny",2\nz,3\n',
        b'a,b\n"NA",""\nNULL,nan\n',
        b'a,b\n5" pipe,2\n',
        b'a,b\n "x",2\n',
        b'a,b\n "x" ,2\ny, "z"\n',
        b'a,b\n"x\\",2\n"y",3\n',
        b"a;b\n1,5;2,5\n",
        b"a\tb\n1\t2\n",
        b"a|b\n1|2\n",
        b"a,b\n,\n1,2\n",
        b"a,b\n'1',#2\n",
        b'"net\nsales",b\r\n1,2\r\n3,4\r\n',
        b'"net\r\nsales",b\n1,2\n"x\r\ny",4\n',
    ],
)
def test_a_csv_file_is_read_as_pandas_reads_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    rows, separator = read_by_us(path)

    assert rows == read_by_pandas(content, separator)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=5))
@example(rows=[["a", '"'], ["", '"']])
@example(rows=[['" a"', "b"], ['"a" ', "b"]])
def test_any_text_is_read_as_pandas_reads_it_or_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    content = "\n".join(["x,y", *(",".join(row) for row in rows)]).encode()
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    try:
        ours, separator = read_by_us(path)
    except LadderError:
        return

    assert ours == read_by_pandas(content, separator)


@pytest.mark.parametrize("name", ["x y.csv", "k=1 'q' [a]*.csv", "größe.TSV", "{{ 7*7 }}.txt", "--x;.csv"])
def test_any_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("a,b\n1,2\n")
    (tmp_path / "k=1 'q' aa.csv").write_text("a,b\n1,2\n3,4\n")

    assert read_by_us(path) == ([["1", "2"]], ",")
    assert column_names(path) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "types"),
    [
        (",a\n0,5\n1,5\n", [INDEX, "VARCHAR"]),
        (",a\n7,5\n3,5\n", [INDEX, "VARCHAR"]),
        ("a,,\n5,Mazda RX4,\n5,Fiat 128,\n", ["VARCHAR", INDEX, "VARCHAR"]),
    ],
)
def test_a_nameless_column_that_names_the_rows_is_an_index_and_an_empty_one_is_empty(
    tmp_path: Path, content: str, types: list[str]
) -> None:
    (tmp_path / "x.csv").write_text(content)
    with open_table(tmp_path / "x.csv") as table:
        assert list(table.types) == types
        assert list(table.names) == list(pd.read_csv(tmp_path / "x.csv").columns)


def test_the_engine_reads_and_writes_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")

    for query in (
        f"SELECT * FROM read_csv('{tmp_path}/other.csv')",
        f"COPY data TO '{tmp_path}/out.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        with pytest.raises(LadderError), open_table(path) as table:
            table.ask(query)

    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.csv", "x.csv"]


def make_nothing(path: Path) -> None:
    assert not path.exists()


def make_folder(path: Path) -> None:
    path.mkdir()


def make_text(text: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(text) and None


def make_bytes(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


REFUSED = [
    ("gone.csv", make_nothing, "does not exist", "--data"),
    ("x.csv", make_folder, "is a folder", "one CSV or Parquet"),
    ("x.xlsx", make_text("a,b\n1,2\n"), "neither CSV nor Parquet", ".csv, .tsv, .txt, .parquet, .pq"),
    ("x.csv", make_text(""), "x.csv is empty", "header line"),
    ("x.csv", make_text("\n \n"), "x.csv is empty", "header line"),
    ("x.csv", make_bytes(b"\xef\xbb\xbf\n"), "x.csv is empty", "header line"),
    ("x.csv", make_text("a,b\n"), "has a header and no rows", "below its header"),
    ("x.csv", make_text("a:b\n1:2\n"), "one column only; its first line is: a:b", "semicolon"),
    ("x.csv", make_text("a,b,a,b\n1,2,3,4\n"), "more than one column is called 'a', 'b'", "of its own"),
    ("x.csv", make_text(",a\n5,2\n5,3\n"), "column 1 has no name", "first line"),
    ("x.csv", make_text("a,,b,,\n0,2,3,4,\n1,2,3,4,\n"), "column 2, 4 has no name", "first line"),
    ("x.csv", make_text("6,148,72,6\n1,85,66,0\n"), "more than one column is called '6'", "is data already"),
    ("x.csv", make_text("a,b\n1,2\n1,2,3\n"), "line 3 has 3 cells, the header has 2", "in double quotes"),
    ("x.csv", make_text('a,b\n"1\n1",2\n1\n'), "line 4 has 1 cells", "in double quotes"),
    ("x.csv", make_text("a,b\n1,2,\n3,4\n"), "line 2 has 3 cells", "ends in a comma"),
    ("x.csv", make_text("a,b\n1,2,\n3,4,\n"), "every line but the header ends in a comma", "take them away"),
    ("x.csv", make_text("a;b\n1;2;\n"), "line 2 has 3 cells", "ends in a semicolon"),
    ("x.csv", make_text('a,b\n1,2\n"3,4\n5,6\n'), "the record that begins at line 3", "Close every quote"),
    ("x.csv", make_text('a,b\n"x"y,4\n'), "the record that begins at line 2", "Close every quote"),
    ("x.csv", make_bytes(b"a,b\n1,2\ncaf\xe9,3\n"), "not UTF-8: line 3, byte 12 of", "iconv -f WINDOWS-1252"),
    ("x.csv", make_bytes(b"a,\xe9\n1,2\n"), "not UTF-8: line 1, byte 3 of", "iconv"),
    ("x.csv", make_bytes("a,b\n1,2\n".encode("utf-16")), "is UTF-16, not UTF-8", "iconv -f UTF-16"),
    ("x.csv", make_bytes(b"a,b\n1,\x002\n"), "NUL bytes", "UTF-8"),
    ("x.csv", make_bytes(b"a,b\n1,2\n" * 50_000 + b"1,\0\n"), "NUL bytes", "UTF-8"),
    ("x.csv", make_bytes(b"PK\x03\x04\0\0"), "an Excel workbook or a zip archive", "save it as CSV"),
    ("x.csv", make_bytes(b"\x1f\x8b\x08\xff"), "is a gzip archive", "npack"),
    ("x.csv", make_bytes(b"PAR1\0\0PAR1"), "is Parquet", "Name it so"),
    ("x.parquet", make_text("a,b\n1,2\n"), "not a whole Parquet file", "must be called .csv"),
    ("x.pq", make_bytes(b"PAR1" + b"\xff" * 50 + b"PAR1"), "x.pq cannot be read", "anew"),
    ("x.pq", make_bytes(b"P"), "not a whole Parquet file", "again"),
]


@pytest.mark.parametrize(("name", "make", "message", "hint"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_flawed_file_is_refused_with_a_reason(
    tmp_path: Path, name: str, make: Callable[[Path], None], message: str, hint: str
) -> None:
    path = tmp_path / name
    make(path)

    with pytest.raises(LadderError) as error, open_table(path):
        pass

    assert message in error.value.message
    assert name in error.value.message
    assert hint in error.value.hint


def test_a_cell_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b\n1,2\n"3,4\n' + "5,6\n" * 5_000_000)

    with pytest.raises(LadderError, match="begins at line 3"), open_table(path):
        pass


def test_a_long_cell_is_data(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"a,b\n{'x' * 3_000_000},2\n")

    rows, _ = read_by_us(path)

    assert len(rows[0][0] or "") == 3_000_000


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")

    # Root may read everything, so the refusal itself has to be played.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(LadderError, match="cannot be read: Permission denied"):
        format_of(path)


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b\n "1",2\n')
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    with open_table(path):
        assert list(temporary.iterdir())

    assert not list(temporary.iterdir())


SECONDS, MEMORY = 20, 1_000_000_000


def wide(count: int) -> str:
    return ",".join(f"c{place}" for place in range(count)) + "\n" + ("1," * count)[:-1] + "\n"


HUGE = {
    "columns.csv": (lambda: wide(1_000_000), "1,000,000 columns; 2,000 are the most"),
    "header.csv": (lambda: "a," * 20_000_000, "begins at line 1 has more than"),
    "letters.csv": (lambda: "a" * 40_000_000, "one column only"),
    "row.csv": (lambda: "a,b\n1,2\n" + "1," * 20_000_000, "begins at line 3 has more than"),
    "quotes.csv": (lambda: "a,b\n1,2\n" + '"1\n",' * 4_000_000, "begins at line 3 has more than"),
}


def limited(path: Path) -> subprocess.CompletedProcess[str]:
    """`ladder new` with a data file, in a process that may not have more memory."""
    return subprocess.run(
        [sys.executable, "-m", "mlops_ladder", "new", "trips", "--yes", "--dry-run", "--data", path, "--target", "c1"],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )


@pytest.mark.parametrize("name", HUGE)
def test_a_table_that_is_no_table_ends_soon_and_within_memory(tmp_path: Path, name: str) -> None:
    make, words = HUGE[name]
    (tmp_path / name).write_text(make())
    done = limited(tmp_path / name)

    assert done.returncode == 2, done.stderr
    assert words in done.stderr


def test_a_wide_parquet_file_ends_soon_and_within_memory(tmp_path: Path) -> None:
    pq.write_table(pa.table({f"c{place}": range(60) for place in range(5_000)}), tmp_path / "wide.parquet")
    done = limited(tmp_path / "wide.parquet")

    assert done.returncode == 2, done.stderr
    assert "5,000 columns; 2,000 are the most" in done.stderr


def test_as_many_columns_as_may_be_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(wide(MAX_COLUMNS))
    with open_table(tmp_path / "a.csv") as table:
        assert len(table.names) == MAX_COLUMNS
