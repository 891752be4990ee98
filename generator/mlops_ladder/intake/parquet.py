"""Parquet as the generated project reads it with pandas: its columns, and which of them pandas hides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_ladder.errors import LadderError
from mlops_ladder.intake import errors
from mlops_ladder.intake.pandas_sql import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INDEX = "PANDAS INDEX"
DURATION = "INTERVAL"


def check_whole(path: Path) -> None:
    """Refuse a file that does not begin and end as Parquet does.

    Raises:
        LadderError: it is another kind of file, or was cut off.
    """
    with path.open("rb") as source:
        start = source.read(4)
        source.seek(max(path.stat().st_size - 4, 0))
        end = source.read(4)
    if start != b"PAR1" or end != b"PAR1":
        raise LadderError(
            f"{path.name} is not a whole Parquet file: it does not begin and end with PAR1.",
            "Copy or write the file again; a CSV file must be called .csv.",
        )


def column_names(connection: DuckDBPyConnection, path: Path, source: Path) -> list[str]:
    """The top-level columns; `path` is what the file is called, `source` where it is read.

    Raises:
        LadderError: a name is empty or occurs twice, case apart.
    """
    nodes = connection.execute(f"SELECT name, coalesce(num_children, 0) FROM parquet_schema({text(source)})").fetchall()
    names = []
    place = 1  # 0 is the root of the schema, which is a tree written depth first
    while place < len(nodes):
        names.append(nodes[place][0])
        place = _after(nodes, place)
    errors.check_names(path, names)
    folded: dict[str, str] = {}
    for name in names:
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise LadderError(f"{path.name}: the columns '{other}' and '{name}' differ in case only.", "Rename one.")
    return names


def pandas_types(connection: DuckDBPyConnection, source: Path) -> dict[str, str]:
    """The columns that pandas reads as something else than what is stored, by their name.

    An index comes back as no column (`INDEX`), whole numbers may come back as time spans (`DURATION`).
    """
    found = connection.execute(
        f"SELECT value FROM parquet_kv_metadata({text(source)}) WHERE key = 'pandas'::BLOB"
    ).fetchall()
    try:
        notes = json.loads(found[0][0]) if found else {}
        types = {
            column["field_name"]: DURATION
            for column in notes.get("columns", ())
            if str(column.get("numpy_type", "")).startswith("timedelta")
        }
        return types | {name: INDEX for name in notes.get("index_columns", ()) if isinstance(name, str)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # not written by pandas


def _after(nodes: list[tuple[str, int]], place: int) -> int:
    """The place behind a column and all that is below it. The numbers are the file's own: each may be wrong."""
    wanted = 1
    while wanted > 0 and place < len(nodes):
        wanted += nodes[place][1] - 1
        place += 1
    return place
