"""The small sample of a data file, which the project commits and its tests train on."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mlops_ladder.intake.columns import number_of, scan_column
from mlops_ladder.intake.csv import records
from mlops_ladder.intake.pandas_sql import text
from mlops_ladder.intake.spelling import of_dataset, respell
from mlops_ladder.intake.table import open_table
from mlops_ladder.intake.target import label_of
from mlops_ladder.project.dataset import MISSING, Dataset

MIN_PER_CLASS = 20


def draw_sample(path: Path, dataset: Dataset, out: Path, rows: int = 1000) -> None:
    """Write at most `rows` labelled rows of a data file to `out`, in the format and the order of the file.

    They are spread evenly over the file; each class gets at least `MIN_PER_CLASS` rows, or all it has. Equal
    input gives equal bytes, and records of a CSV file are copied as they stand.
    """
    if dataset.format == "csv":
        _draw_csv(path, dataset, out, rows)
    else:
        _draw_parquet(path, dataset, out, rows)


def choose(labels: Sequence[int], rows: int, minimum: int = MIN_PER_CLASS) -> list[int]:
    """The places of the rows to keep. A label numbers a row's class; rows labelled -1 are never kept."""
    by_class: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        if label >= 0:
            by_class.setdefault(label, []).append(place)
    wanted = {label: min(minimum, len(places)) for label, places in by_class.items()}
    rare: set[int] = set()
    while True:
        kept = [place for label in rare for place in _spread(by_class[label], wanted[label])]
        rest = [place for place, label in enumerate(labels) if label >= 0 and label not in rare]
        kept += _spread(rest, max(rows - len(kept), 0))
        counts = Counter(labels[place] for place in kept)
        short = {label for label in wanted if counts[label] < wanted[label]} - rare
        if not short:
            return _spread(sorted(kept), rows)
        rare |= short


def _spread(places: list[int], count: int) -> list[int]:
    count = min(count, len(places))
    return [places[index * len(places) // count] for index in range(count)]


def _draw_csv(path: Path, dataset: Dataset, out: Path, rows: int) -> None:
    numbers = {name: number for number, name in enumerate(dataset.classes)}
    labels, firsts, lasts = array("h"), array("L"), array("L")
    found = records(path, dataset.separator)
    header = next(found)
    place = header.cells.index(dataset.target)
    missing = {*MISSING, *dataset.missing}
    for record in found:
        cell = record.cells[place]
        labels.append(-1 if cell in missing else numbers.get(cell, 0))
        firsts.append(record.line)
        lasts.append(record.end)
    lines = {number for row in choose(labels, rows) for number in range(firsts[row], lasts[row] + 1)}
    lines.update(range(header.line, header.end + 1))
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        out.open("w", encoding="utf-8", newline="") as file,
    ):
        for number, line in enumerate(source, 1):
            if number in lines:
                file.write(line if line.endswith(("\n", "\r")) else line + "\n")


def _draw_parquet(path: Path, dataset: Dataset, out: Path, rows: int) -> None:
    with open_table(path, writes=out.parent) as table:
        place = table.names.index(dataset.target)
        spelled = of_dataset(dataset, table.names)
        if not spelled.plain and table.types[place] == "VARCHAR":
            table = respell(table, spelled, [place])
        value = label_of(table, scan_column(table, place)) if dataset.classes else number_of(table, place)
        numbers = {name: number for number, name in enumerate(dataset.classes)}
        labels = array("h")
        cursor = table.connection.execute(f"SELECT {value} FROM data")
        while chunk := cursor.fetchmany(50_000):
            labels.extend(-1 if cell is None else numbers.get(cell, 0) for (cell,) in chunk)
        kept = ", ".join(f"({index + 1})" for index in choose(labels, rows))
        count = _unused_name(table.names)
        query = f"""
            SELECT * EXCLUDE ({count}) FROM (
                SELECT *, row_number() OVER () AS {count}
                FROM read_parquet({text(table.source)}, hive_partitioning = false)
            ) WHERE {count} IN (SELECT * FROM (VALUES {kept})) ORDER BY {count}
        """
        options = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19"
        table.connection.execute(f"COPY ({query}) TO {text(out.absolute())} ({options})")


def _unused_name(names: tuple[str, ...]) -> str:
    taken = {name.casefold() for name in names}
    return next(name for name in (f"row_{n}" for n in range(len(names) + 1)) if name not in taken)
