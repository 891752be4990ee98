"""A data file opened for questions: one DuckDB relation whose columns are numbered, never named.

Column names and cells come from strangers. No name enters a query: the columns are `c0`, `c1`, ... in the
order of the file. The engine may read the file and use a temporary folder, and nothing else.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_ladder.errors import LadderError
from mlops_ladder.intake import errors, parquet
from mlops_ladder.intake.csv import CsvShape, glance, header, records, scan
from mlops_ladder.intake.engine import MEMORY, connect, plain_path
from mlops_ladder.intake.formats import other_format
from mlops_ladder.intake.pandas_sql import text
from mlops_ladder.progress import Say, silent
from mlops_ladder.project.dataset import FORMATS, MISSING, Format

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARTS = {"sample": 20_000, "portion": 100_000}
LINE_LIMIT = 1 << 21  # bytes; DuckDB's own default, and its buffers are a multiple of it


@dataclass(frozen=True)
class Table:
    """An open data file; `source` is the path for queries.

    `types` are DuckDB's, or those of `parquetfile`; a CSV file has text only, or an index of its rows. All rows are
    the relation `data`; `sample` and `portion` are some of them, evenly spread, where there are more than `PARTS` says.
    """

    connection: DuckDBPyConnection
    path: Path
    source: Path
    format: Format
    separator: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int

    def held(self, relation: str) -> int:
        """About how many rows a relation has."""
        return min(self.rows, PARTS.get(relation, self.rows))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        return self.ask(query)[0]


def column_names(path: Path) -> list[str]:
    """The columns of a data file, in its order; of a CSV file only the beginning is read.

    Raises:
        LadderError: the file cannot be read, or its header cannot be used.
    """
    if format_of(path) == "csv":
        return header(path)[1]
    with open_table(path) as table:
        return list(table.names)


def format_of(path: Path) -> Format:
    """CSV or Parquet, by the file's suffix.

    Raises:
        LadderError: it is not a readable file, or has another suffix.
    """
    if not path.exists():
        raise LadderError(f"{path} does not exist.", "Check the path given as --data.")
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not a regular file"
        raise LadderError(f"{path} is {what}.", "Name one CSV or Parquet file.")
    try:
        other = other_format(path, but=FORMATS.get(path.suffix.lower(), ""))
        if not path.stat().st_size:
            raise errors.empty(path)
    except OSError as error:
        hint = "Check its owner and permissions."
        raise LadderError(f"{path} cannot be read: {error.strerror}.", hint) from error
    if other:
        raise other
    if path.suffix.lower() not in FORMATS:
        raise LadderError(
            f"{path.name} is neither CSV nor Parquet by its name.",
            f"Files that end in {', '.join(FORMATS)} are read; rename or convert it.",
        )
    return FORMATS[path.suffix.lower()]


@contextmanager
def open_table(path: Path, say: Say = silent, *, writes: Path | None = None) -> Iterator[Table]:
    """Open a data file with bounded memory; what is spilled goes to a temporary folder that is removed.

    Nothing is written but there and, if given, in the folder `writes`.

    Raises:
        LadderError: the file is not what its name says, or has a flaw.
    """
    import duckdb

    shape = glance(path, say) if format_of(path) == "csv" else None
    with tempfile.TemporaryDirectory(prefix="ladder-") as name:
        folder = Path(name)
        try:
            source = plain_path(path, folder)
            with connect(source, folder, writes) as connection:
                if shape:
                    yield _csv_table(connection, path, source, shape, folder, say)
                else:
                    yield _parquet_table(connection, path, source)
        except duckdb.OutOfMemoryException as error:
            raise LadderError(
                f"{path.name} cannot be profiled within {MEMORY} of memory.", "Draw a sample of it first."
            ) from error
        except duckdb.Error as error:
            reason = str(error).strip().splitlines()[0].rstrip(".")
            raise LadderError(
                f"{path.name} cannot be read: {reason}.",
                f"Write the file anew; and see that {tempfile.gettempdir()} has room for a copy of it.",
            ) from error


def _csv_table(
    connection: DuckDBPyConnection, path: Path, source: Path, shape: CsvShape, folder: Path, say: Say
) -> Table:
    import duckdb

    say(f"loading {path.name}")
    try:
        rows = _load(connection, path, source, shape, folder)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        rows = -1
    if rows != shape.rows and not shape.longest:
        # Not as plain as it looked: reading cell by cell finds the line that is wrong.
        shape = scan(path, say, shape.separator, shape.names)
        rows = _load(connection, path, source, shape, folder)
    if rows != shape.rows:
        raise LadderError(
            f"{path.name} has {shape.rows} rows for one reader and {rows} for another.",
            "Write it anew, with quotes around every cell that holds a quote or a line end.",
        )
    types = ["VARCHAR"] * len(shape.names)
    for place in _row_indexes(connection, path, shape):
        types[place] = parquet.INDEX
    _divide(connection, "data", "rowid", rows)
    return Table(connection, path, source, "csv", shape.separator, shape.names, tuple(types), rows)


def _row_indexes(connection: DuckDBPyConnection, path: Path, shape: CsvShape) -> list[int]:
    """The columns without a name that only number or name the rows, as pandas and R write them unless told not to.

    Raises:
        LadderError: a column without a name holds something else.
    """
    indexes: list[int] = []
    other: list[int] = []
    for place, name in enumerate(next(records(path, shape.separator)).cells):
        if not name:
            query = f"SELECT count(c{place}), count(DISTINCT hash(c{place})) FROM data"
            filled, distinct = connection.execute(query).fetchall()[0]
            if filled:
                (indexes if filled == distinct == shape.rows else other).append(place)
    if other:
        raise errors.nameless(path, [place + 1 for place in other])
    return indexes


def _load(connection: DuckDBPyConnection, path: Path, source: Path, shape: CsvShape, folder: Path) -> int:
    """Fill the table `data`, all of it text; the number of its rows."""
    separator = shape.separator
    if not shape.plain:
        # DuckDB would read such a file otherwise than pandas; Python's reader agrees with pandas.
        source, separator = folder / "plain.csv", ","
        _copy(path, shape, source)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(shape.names)))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE data AS SELECT * FROM read_csv(
            {text(source)}, auto_detect = false, header = true, columns = {{{columns}}},
            delim = {text(separator)}, quote = '"', escape = '"', compression = 'none',
            nullstr = [{", ".join(text(word) for word in MISSING)}], allow_quoted_nulls = true,
            max_line_size = {max(LINE_LIMIT, 5 * shape.longest)}
        )
        """
    )
    (rows,) = connection.execute("SELECT count(*) FROM data").fetchall()[0]
    return int(rows)


def _copy(path: Path, shape: CsvShape, target: Path) -> None:
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
            # The engine takes the first line end that it sees for that of the records: it must not be one in a name.
            writer.writerow(range(len(shape.names)))
            writer.writerows(record.cells for record in islice(records(path, shape.separator), 1, None))
    except OSError as error:
        raise LadderError(
            f"{path.name} could not be copied to {target.parent}: {error.strerror}.", "Make room there."
        ) from error


def _parquet_table(connection: DuckDBPyConnection, path: Path, source: Path) -> Table:
    parquet.check_whole(path)
    names = parquet.column_names(connection, path, source)
    columns = ", ".join(f"c{place}" for place in range(len(names)))
    reader = f"read_parquet({text(source)}, hive_partitioning = false) AS t({columns})"
    connection.execute(f"CREATE TEMP VIEW data AS SELECT * FROM {reader}")
    stored = [row[1] for row in connection.execute("DESCRIBE data").fetchall()]
    in_pandas = parquet.pandas_types(connection, source)
    types = tuple(in_pandas.get(name, kind) for name, kind in zip(names, stored, strict=True))
    (rows,) = connection.execute("SELECT count(*) FROM data").fetchall()[0]
    if not rows:
        raise errors.header_only(path)
    _divide(connection, reader, "file_row_number", rows)
    return Table(connection, path, source, "parquet", ",", tuple(names), types, rows)


def _divide(connection: DuckDBPyConnection, relation: str, row: str, rows: int) -> None:
    """Make `sample` and `portion`: the same rows each time, and at no distance that the data may have a rhythm of."""
    for name, most in PARTS.items():
        some = f"WHERE {row} % {1 << 32} * 2654435769 % {1 << 32} < {(1 << 32) * most // rows}" if rows > most else ""
        kept = "TABLE" if some and name == "sample" and relation == "data" else "VIEW"
        connection.execute(f"CREATE TEMP {kept} {name} AS SELECT * FROM {relation} {some}")
