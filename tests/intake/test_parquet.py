"""What a Parquet file says of itself: its columns, and what pandas makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.parquet import DURATION, INDEX, _after, check_whole, column_names, pandas_types


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trips.parquet"


@pytest.mark.parametrize(
    ("content", "whole"),
    [(b"PAR1 and PAR1", True), (b"PAR1 cut off", False), (b"a,b\n1,2\n", False), (b"", False), (b"xxxxPAR1", False)],
)
def test_a_whole_file_begins_and_ends_as_one(file: Path, content: bytes, whole: bool) -> None:
    file.write_bytes(content)
    if whole:
        check_whole(file)
    else:
        with pytest.raises(LadderError, match=r"trips\.parquet is not a whole Parquet file"):
            check_whole(file)


def test_columns_of_the_top_whatever_is_in_them(file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    pq.write_table(pa.table({"a": [1], "nested": [{"x": 1, "y": [{"z": 2}]}], "list": [[1]], "é": ["x"]}), file)

    assert column_names(connection, file, file) == ["a", "nested", "list", "é"]


def test_names_that_differ_in_case_only(file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    pq.write_table(pa.table({"Late": [1], "late": [2]}), file)
    with pytest.raises(LadderError, match=r"called\.parquet: the columns 'Late' and 'late' differ in case only"):
        column_names(connection, Path("called.parquet"), file)


def test_an_index_and_time_spans_of_pandas(file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    frame = pd.DataFrame({"a": [1], "span": pd.to_timedelta([3], unit="s"), "key": ["x"]}).set_index("key")
    frame.to_parquet(file)

    assert pandas_types(connection, file) == {"span": DURATION, "key": INDEX}


@pytest.mark.parametrize(
    "notes", [None, b"[", b"[]", b'{"columns": 3}', b'{"columns": [{}], "index_columns": [{"kind": "range"}]}']
)
def test_what_pandas_did_not_write_says_nothing(
    file: Path, connection: duckdb.DuckDBPyConnection, notes: bytes | None
) -> None:
    table = pa.table({"a": [1]})
    pq.write_table(table.replace_schema_metadata({} if notes is None else {b"pandas": notes}), file)

    assert pandas_types(connection, file) == {}


def test_a_range_is_no_column(file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    pd.DataFrame({"a": [1, 2]}).to_parquet(file)
    stored = json.loads(pq.read_schema(file).metadata[b"pandas"])

    assert stored["index_columns"][0]["kind"] == "range"
    assert pandas_types(connection, file) == {}


@pytest.mark.parametrize(
    ("children", "after"),
    [
        ([0], 1),
        ([2, 0, 0, 9], 3),
        ([1, 1, 0, 9], 3),
        ([-1, 5], 1),
        ([1_000_000_000, 0], 2),
        ([1] * 100_000, 100_000),
        ([2**31 - 1] * 100_000, 100_000),
    ],
)
def test_what_a_schema_says_of_its_own_depth_ends_somewhere(children: list[int], after: int) -> None:
    assert _after([("x", number) for number in children], 0) == after
