"""A row unlike all others at an end of a CSV file: a second header, units, the wording of questions, a line of sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.errors import short
from mlops_ladder.intake.measure import measure
from mlops_ladder.intake.table import Table

ROWS = 3  # at most so many second headers are looked for
LEAST = 10  # rows of a table in which one can be unlike the others
SUMS = {"total", "totals", "grand total", "sum", "sums", "overall", "gesamt", "summe", "insgesamt", "totale", "somme"}
_NO_VALUE = {"na", "n/a", "nan", "none", "null", "unknown", "missing", "nil", "nat"}

Cells = list[str | None]


def check_odd_rows(table: Table) -> None:
    """Refuse a table whose first rows, or last row, are of another kind than all others.

    Raises:
        LadderError: naming the row, and the cells by which it shows.
    """
    texts = [place for place, kind in enumerate(table.types) if kind == "VARCHAR"]
    if table.format == "csv" and table.rows >= LEAST and texts:
        _check_top(table, texts)
        _check_bottom(table, texts)


def _check_top(table: Table, texts: Sequence[int]) -> None:
    """Numbers and dates below, and words above them in at least two columns."""
    top = _rows(table, texts, f"rowid < {2 * ROWS}")
    above = {}
    for place, cells in zip(texts, zip(*top, strict=True), strict=True):
        words = next((number for number, cell in enumerate(cells) if not _is_word(cell)), len(cells))
        if 0 < words <= ROWS and any((cell or "").strip()[:1].isdigit() for cell in cells[words:]):
            above[place] = words
    typed = measure(table, {place: f"c{place}" for place in above}, [*_TYPED, "count({v})"])
    held = {place: count for place, count in above.items() if max(typed[place][:2]) == typed[place][2] - count > ROWS}
    if len(held) < 2:
        return
    count, columns = Counter(held.values()).most_common(1)[0]
    if columns < 2:
        return
    shown = [place for place, rows in held.items() if rows == count][:3]
    told = ", ".join(f"'{short(top[0][texts.index(place)] or '')}' in '{short(table.names[place])}'" for place in shown)
    rows = "row 1 has" if count == 1 else f"rows 1 to {count} have"
    lines = "2d" if count == 1 else f"2,{count + 1}d"
    raise LadderError(
        f"{table.path.name}: {rows} words where all other rows have numbers or dates: {told}.",
        f"It seems to be a second header. Take it out, for instance: sed {lines} '{table.path.name}' > table.csv",
    )


def _check_bottom(table: Table, texts: Sequence[int]) -> None:
    """A word for a sum that stands in the last row, and nowhere else in its column."""
    (last,) = _rows(table, texts, f"rowid = {table.rows - 1}")
    for place, cell in zip(texts, last, strict=True):
        if cell and cell.strip().strip(":").casefold() in SUMS:
            (often,) = table.one(f"SELECT count(*) FROM data WHERE c{place} = (SELECT c{place} FROM data {_LAST})")
            if often == 1:
                raise LadderError(
                    f"{table.path.name}: the last row says '{short(cell)}' in '{short(table.names[place])}', "
                    "as no other does: it seems to hold sums.",
                    f"Take it out, for instance: sed '$d' '{table.path.name}' > table.csv",
                )


_TYPED = ("count(ladder_number({v}))", "count(ladder_date({v}))")
_LAST = "ORDER BY rowid DESC LIMIT 1"


def _rows(table: Table, places: Sequence[int], which: str) -> list[Cells]:
    columns = ", ".join(f"left(c{place}, 200)" for place in places)
    return [list(row) for row in table.ask(f"SELECT {columns} FROM data WHERE {which} ORDER BY rowid")]


def _is_word(cell: str | None) -> bool:
    """Whether a cell says something that is neither a number nor a date."""
    if cell is None or cell.strip().casefold() in _NO_VALUE:
        return False
    return any(letter.isalpha() or letter in "%°€$£" for letter in cell) and not any(map(str.isdigit, cell[:1]))
