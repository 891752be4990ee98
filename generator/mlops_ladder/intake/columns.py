"""What one scan of a column finds, counted by DuckDB and judged nowhere here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from mlops_ladder.intake import counts
from mlops_ladder.intake.counts import ALWAYS_COUNTED, Facts
from mlops_ladder.intake.measure import estimate, measure
from mlops_ladder.intake.parquet import INDEX
from mlops_ladder.intake.table import Table

UNIQUE = 0.95  # share of different values from which short texts are identifiers
LONG = 2.0**53  # from here on, not every whole number is a float
NUMBERS = r"(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|REAL|DOUBLE|DECIMAL\(.*\))"

_NO_ZONE = (10, 19)  # letters of a date, and of one with a time, that cannot have a zone as well
_SORTS = ("number", "date", "text", "bool")

Stored = Literal["number", "text", "bool", "date", "nested", "index", "other"]


@dataclass(frozen=True)
class ColumnScan:
    """One column as found. `stored` is what its cells are; `filled` counts those that are not missing.

    `low`, `high`, `q01`, `q99` and `integer` belong to numbers, `values` (sorted, at most 50) and `words`
    (mean number per cell) to text, `first` and `last` to dates. `flaw` says of text
    why it can be neither read nor learned from as it stands, `nearly` what it would be but for a few cells.
    `infinite` counts cells, which are taken as missing. `long` says that whole numbers are too long for a float, so
    that they are told apart as they are written only.
    """

    place: int
    name: str
    stored: Stored
    filled: int
    distinct: int = 0
    low: float | None = None
    high: float | None = None
    q01: float | None = None
    q99: float | None = None
    infinite: int = 0
    integer: bool = False
    values: tuple[str, ...] = ()
    words: float = 0.0
    first: str = ""
    last: str = ""
    flaw: str = ""
    nearly: str = ""
    long: bool = False


def scan_column(table: Table, place: int) -> ColumnScan:
    """Scan one column; what differs is counted, however much it is."""
    return scan_columns(table, [place], exact=True)[place]


def scan_columns(table: Table, places: Sequence[int], *, exact: bool = False) -> dict[int, ColumnScan]:
    """Scan columns, by their places, in few queries.

    In a long table it is an estimate how many values differ, where they are many and no id, unless `exact`.
    """
    filled = measure(table, {place: f"c{place}" for place in places}, ["count({v})"])
    found = {
        place: ColumnScan(place, table.names[place], stored_as(table.types[place]), filled[place][0])
        for place in places
    }
    written = {place: each for place, each in found.items() if table.types[place] == "VARCHAR"}
    stored = {place: each for place, each in found.items() if place not in written}
    for facts in chain(_written(table, written, exact=exact), _stored(table, stored, exact=exact)):
        for place, each in facts.items():
            found[place] = replace(found[place], **each)
    return {place: _with_length(table, each) for place, each in found.items()}


def _with_length(table: Table, found: ColumnScan) -> ColumnScan:
    """Whole numbers that are written with all their digits, and more than a float holds, differ as they are written."""
    if not found.integer or found.low is None or found.high is None or max(-found.low, found.high) < LONG:
        return found
    column = f"c{found.place}"
    long = "INT" in table.types[found.place]
    if table.types[found.place] == "VARCHAR":
        (long,) = table.one(f"SELECT bool_and(regexp_full_match({column}, '[+-]?[0-9]+')) FROM data")
    (distinct,) = table.one(f"SELECT count(DISTINCT {column}) FROM data")
    return replace(found, long=True, distinct=distinct) if long else found


def stored_as(kind: str) -> Stored:
    """What cells of a DuckDB type are to a model."""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "VARIANT", "JSON")):
        return "nested"
    if re.fullmatch(NUMBERS, kind):
        return "number"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return "date"
    if kind == "BOOLEAN":
        return "bool"
    if kind == INDEX:
        return "index"
    return "text" if kind == "VARCHAR" or kind.startswith("ENUM") else "other"


def number_of(table: Table, place: int) -> str:
    """The SQL expression of a column's cells as numbers; missing where they are none."""
    column = f"c{place}"
    if table.types[place] == "VARCHAR":
        return f"ladder_number({column})"
    return f"CASE WHEN isnan(CAST({column} AS DOUBLE)) THEN NULL ELSE CAST({column} AS DOUBLE) END"


def _written(table: Table, found: Mapping[int, ColumnScan], *, exact: bool) -> Iterator[dict[int, Facts]]:
    """What columns of text stand for is seen in a sample of their cells, and then held against all of them."""
    filled = {place: each.filled for place, each in found.items() if each.filled and each.stored == "text"}
    cells = {place: f"c{place}" for place in filled}
    looks = ["count({v}) = count(try_cast({v} AS DOUBLE))", "count({v}) = count_if({v}[5] IN ('-', '/', '.'))"]
    looked = estimate(table, cells, looks)

    suspects = {place: f"ladder_finite({cells[place]})" for place in cells if looked[place][0]}
    casts = {place: f"try_cast({cells[place]} AS DOUBLE)" for place in suspects}
    numbers = counts.numbers(table, suspects, filled, exact=exact, cells=casts)
    infinite = {place: number_of(table, place) for place, each in numbers.items() if each.get("infinite")}
    numbers = {place: each for place, each in numbers.items() if place not in infinite}
    numbers |= counts.numbers(table, infinite, filled, exact=exact, cells=casts)
    yield {place: {"stored": "number"} | each for place, each in numbers.items()}

    suspects = {place: cell for place, cell in cells.items() if looked[place][1] and place not in numbers}
    counted = measure(
        table,
        suspects,
        ["count(ladder_date({v}))", "min(strlen({v}))", "max(strlen({v}))", "bool_and({v} LIKE '____-__-__%')"],
    )
    dates = {place: shape for place, (n, *shape) in counted.items() if n == filled[place]}
    moments, zones, mixed = _moments(table, dates)
    yield {place: {"stored": "date"} for place in moments}
    yield counts.dates(table, moments, zones, exact=exact)

    rest = {place: cell for place, cell in cells.items() if place not in numbers and place not in moments}
    yield counts.texts(table, rest, exact=exact)
    yield {place: {"flaw": "dates in more than one time zone"} for place in mixed}


def _moments(table: Table, dates: Mapping[int, Sequence[int]]) -> tuple[dict[int, str], dict[int, str], list[int]]:
    """SQL of text that is dates throughout, by place; the zones; and which columns have more than one zone."""
    zones = {place: "" for place, (low, high, plain) in dates.items() if plain and low == high in _NO_ZONE}
    moments = {place: f"CAST(c{place} AS TIMESTAMP)" for place in zones}
    named = counts.zones(table, {place: f"c{place}" for place in dates if place not in zones})
    for place, (count, zone) in named.items():
        if count == 1:
            moments[place], zones[place] = f"ladder_date(c{place})", zone
    return moments, zones, [place for place in dates if place not in moments]


def _stored(table: Table, found: Mapping[int, ColumnScan], *, exact: bool) -> Iterator[dict[int, Facts]]:
    sorts = {sort: [place for place, each in found.items() if each.stored == sort] for sort in _SORTS}
    cells = {place: number_of(table, place) for place in sorts["number"]}
    filled = {place: answer[0] for place, answer in measure(table, cells, ["count({v})"]).items()}
    yield counts.numbers(table, cells, filled, exact=exact, cells=cells)
    moments = {place: _moment(f"c{place}", table.types[place]) for place in sorts["date"]}
    zones = {place: zone for place, (_, zone) in moments.items()}
    yield counts.dates(table, {place: moment for place, (moment, _) in moments.items()}, zones, exact=exact)
    cells = {place: f"CAST(c{place} AS VARCHAR)" for place in (*sorts["text"], *sorts["bool"])}
    yield counts.texts(table, cells, exact=exact)


def moment_of(table: Table, place: int) -> str:
    """The SQL expression of a column of dates as moments."""
    if table.types[place] == "VARCHAR":
        return f"ladder_date(c{place})"
    return _moment(f"c{place}", table.types[place])[0]


def _moment(column: str, kind: str) -> tuple[str, str]:
    """The moment as SQL, and its zone; zoned time stamps are told in UTC."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))", "+00:00"
    return f"CAST({column} AS TIMESTAMP)", ""


_ID_NAME = re.compile(
    r"(?:^|[^a-z])(?:ids?|uu?id|guid|key|index|idx|pk|row|rowid|no|nr|number)$"
    r"|^id(?:[^a-z]|$)|^unnamed: \d+$",
    re.IGNORECASE,
)
_ID_CAMEL = re.compile(r"[a-z](?:Id|ID|Key|Nr)$")
# Names of keys that repeat. A count or a measure may be called "number" or "index", so these need a bearer.
_KEY_NAME = re.compile(
    r"(?:^|[^a-z])(?:ids?|uu?id|guid|pk)$|^id[^a-z]|"
    r"(?:patient|customer|client|user|person|subject|member|account|device|machine|vehicle|trip|order|session|household"
    r"|employee|student|sensor|contract|policy|case)[ ._-]?(?:no|nr|num|number|key|code)?$",
    re.IGNORECASE,
)
_KEY_CAMEL = re.compile(r"[a-z](?:Id|ID)$")


def is_identifier(found: ColumnScan, rows: int) -> bool:
    """Whether a number column only counts or names the rows: whole, complete, never twice the same.

    It must also be named like an id or run from 0 or 1 without a gap; a measurement that happens to be unique
    stays a feature. Numbers of more digits than a measurement has are names, too.
    """
    if found.stored != "number" or not found.integer:
        return False
    if found.long:
        return True
    if not found.distinct == found.filled == rows:
        return False
    counted = found.low in (0.0, 1.0) and found.high == found.low + rows - 1
    return counted or bool(_ID_NAME.search(found.name) or _ID_CAMEL.search(found.name))


def is_key(found: ColumnScan) -> bool:
    """Whether a column is named like an id, and its ids repeat: it says whose a row is, or which thing's."""
    if not (found.stored == "text" or (found.stored == "number" and found.integer)):
        return False
    named = _KEY_NAME.search(found.name.strip()) or _KEY_CAMEL.search(found.name.strip())
    return bool(named) and 1 < found.distinct < found.filled


def sure_of_key(table: Table, found: ColumnScan) -> ColumnScan:
    """A scan of which it is counted, not estimated, how many ids differ, if it has the name of a key."""
    counted = found.filled <= ALWAYS_COUNTED or found.distinct == table.rows
    if counted or not is_key(replace(found, distinct=2)):
        return found
    return replace(found, distinct=table.one(f"SELECT count(DISTINCT c{found.place}) FROM data")[0])
