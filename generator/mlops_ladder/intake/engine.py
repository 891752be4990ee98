"""DuckDB as it may be used on files of strangers: bounded memory, one file to read, one folder to write."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_ladder.intake.pandas_sql import MACROS, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "600MB"
THREADS = 1  # two take a third more of the processors for the same work


def plain_path(path: Path, folder: Path) -> Path:
    """The file under a name that DuckDB cannot take for a pattern of names."""
    if not re.search(r"[*?\[]", str(path.absolute())):
        return path.absolute()
    link = folder / f"data{path.suffix}"
    try:
        link.symlink_to(path.absolute())
    except OSError:  # not everyone may make links on Windows
        shutil.copyfile(path, link)
    return link


def connect(source: Path, folder: Path, writes: Path | None) -> DuckDBPyConnection:
    """A data base that may read `source`, write to the folders, and nothing else; what it spills goes to `folder`."""
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "threads": str(THREADS),
            "temp_directory": str(folder),
        }
    )
    # DuckDB draws its bar on stdout, which belongs to the result.
    connection.execute("SET enable_progress_bar = false")
    # Arrow leaves NaN out of the minima and maxima that it stores; DuckDB would conclude that there is none.
    connection.execute("SET disabled_optimizers = 'statistics_propagation'")
    for macro in MACROS:
        connection.execute(macro)
    folders = ", ".join(text(each.absolute()) for each in (folder, writes) if each)
    connection.execute(f"SET allowed_directories = [{folders}]")
    connection.execute(f"SET allowed_paths = [{text(source)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
