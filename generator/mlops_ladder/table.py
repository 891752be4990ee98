"""A data file opened for questions: one DuckDB relation whose columns are numbered, never named.

Column names and cells come from strangers. No name enters a query: the columns are `c0`, `c1`, ... in the order
of the file. The engine may read the file and a temporary folder, and nothing else.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mlops_ladder.csvfile import MISSING, Progress, check_names, records, scan
from mlops_ladder.errors import LadderError
from mlops_ladder.sql import MACROS, text

if TYPE_CHECKING:
    import duckdb

FORMATS: dict[str, Literal["csv", "parquet"]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
MEMORY = "600MB"
THREADS = 2
LINE_LIMIT = 1 << 21  # DuckDB's own default; its buffers are a multiple of it


@dataclass(frozen=True)
class Table:
    """An open data file. `types` are DuckDB's; a CSV file has text only."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    format: Literal["csv", "parquet"]
    separator: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query; the relation is called `data`."""
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        return self.ask(query)[0]


def format_of(path: Path) -> Literal["csv", "parquet"]:
    """CSV or Parquet, by the file's suffix.

    Raises:
        LadderError: it is not a readable file, or has another suffix.
    """
    if not path.exists():
        raise LadderError(f"{path} does not exist.", "Check the path given as --data.")
    if path.is_dir():
        raise LadderError(f"{path} is a folder.", "Name one CSV or Parquet file.")
    known = ", ".join(FORMATS)
    if path.suffix.lower() not in FORMATS:
        raise LadderError(
            f"{path.name} is neither CSV nor Parquet by its name.",
            f"Names that end in {known} are read; rename or convert the file.",
        )
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise LadderError(f"{path} cannot be read: {error.strerror}.", "Check its owner and permissions.") from error
    if empty:
        raise LadderError(f"{path.name} is empty.", "Name a file with a header line and rows.")
    return FORMATS[path.suffix.lower()]


@contextmanager
def open_table(path: Path, progress: Progress | None = None, writes: Path | None = None) -> Iterator[Table]:
    """Open a data file; memory is bounded, and what is spilled goes to a temporary folder that is removed.

    Nothing else can be written but below the folder `writes`.

    Raises:
        LadderError: the file is not what its name says, or has a flaw.
    """
    import duckdb

    kind = format_of(path)
    shape = scan(path, progress) if kind == "csv" else None
    with tempfile.TemporaryDirectory(prefix="ladder-") as folder:
        connection = _connect(path, [Path(folder), *([writes] if writes else [])])
        try:
            if shape:
                yield _csv_table(connection, path, shape, Path(folder), progress)
            else:
                yield _parquet_table(connection, path)
        except duckdb.OutOfMemoryException as error:
            raise LadderError(
                f"{path.name} needs more than {MEMORY} of memory to profile.", "Draw a sample of it first."
            ) from error
        except duckdb.IOException as error:
            raise LadderError(
                f"{path.name} cannot be read: {_first_line(error)}.",
                f"Check the file, and that {tempfile.gettempdir()} has room for a copy of it.",
            ) from error
        except duckdb.Error as error:
            raise LadderError(
                f"{path.name} cannot be read: {_first_line(error)}.",
                "Save it anew as CSV in UTF-8 or as Parquet.",
            ) from error
        finally:
            connection.close()


def _connect(path: Path, folders: list[Path]) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "threads": str(THREADS),
            "temp_directory": str(folders[0]),
        }
    )
    # Small row groups keep the buffers of a wide table small.
    connection.execute(f"ATTACH {text(folders[0] / 'table.duckdb')} AS store (ROW_GROUP_SIZE 16384)")
    connection.execute("USE store")
    for macro in MACROS:
        connection.execute(macro)
    allowed = ", ".join(text(folder.absolute()) for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute(f"SET allowed_paths = [{text(path.absolute())}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _csv_table(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Any, folder: Path, progress: Progress | None
) -> Table:
    source, separator = path.absolute(), shape.separator
    if not shape.plain:
        # Readers disagree on such a file. Python's and pandas' agree, so DuckDB gets a plain copy.
        source, separator = folder / "plain.csv", ","
        _copy(path, shape.separator, source)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(shape.names)))
    if progress:
        progress("Loading", 0.0)
    connection.execute(
        f"""
        CREATE TABLE data AS SELECT * FROM read_csv(
            {text(source)}, auto_detect = false, header = true, columns = {{{columns}}},
            delim = {text(separator)}, quote = '"', escape = '"', compression = 'none',
            nullstr = [{", ".join(text(word) for word in MISSING)}], allow_quoted_nulls = true,
            max_line_size = {max(LINE_LIMIT, 5 * shape.longest)}
        )
        """
    )
    (rows,) = connection.execute("SELECT count(*) FROM data").fetchall()[0]
    if rows != shape.rows:
        raise LadderError(
            f"{path.name} has {shape.rows} records by one reader and {rows} by another.",
            "Save it anew with quotes around every cell that holds a quote or a line end.",
        )
    types = ("VARCHAR",) * len(shape.names)
    return Table(connection, path, "csv", shape.separator, shape.names, types, rows)


def _copy(path: Path, separator: str, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(record.cells for record in records(path, separator))


def _parquet_table(connection: duckdb.DuckDBPyConnection, path: Path) -> Table:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, path.stat().st_size), 2)
        end = file.read(4)
    if start != b"PAR1" or end != b"PAR1":
        raise LadderError(
            f"{path.name} is not a whole Parquet file: it does not begin and end with PAR1.",
            "Copy or write the file again; a CSV file must be called .csv.",
        )
    file_name = text(path.absolute())
    nodes = connection.execute(f"SELECT name, coalesce(num_children, 0) FROM parquet_schema({file_name})").fetchall()
    names = _top_level(nodes)
    check_names(path, names)
    columns = ", ".join(f"c{place}" for place in range(len(names)))
    connection.execute(
        f"CREATE TEMP VIEW data AS SELECT * FROM read_parquet({file_name}, hive_partitioning = false) AS t({columns})"
    )
    types = tuple(row[1] for row in connection.execute("DESCRIBE data").fetchall())
    (rows,) = connection.execute("SELECT count(*) FROM data").fetchall()[0]
    if not rows:
        raise LadderError(f"{path.name} has columns and no rows.", "Name a file that has data.")
    return Table(connection, path, "parquet", ",", tuple(names), types, rows)


def _top_level(nodes: list[tuple[str, int]]) -> list[str]:
    """The names of the columns from Parquet's schema, a tree written depth first under one root."""
    names = []
    place = 1
    while place < len(nodes):
        names.append(nodes[place][0])
        place = _after(nodes, place)
    return names


def _after(nodes: list[tuple[str, int]], place: int) -> int:
    children = nodes[place][1]
    place += 1
    for _ in range(children):
        place = _after(nodes, place)
    return place


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
