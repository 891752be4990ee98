"""What one scan of a column finds, counted by DuckDB and judged nowhere here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mlops_ladder.intake.pandas_sql import ZONE, text
from mlops_ladder.intake.parquet import INDEX
from mlops_ladder.intake.table import Table
from mlops_ladder.project.dataset import MAX_VALUES

UNIQUE = 0.95  # share of different values from which short texts are identifiers
LONG = 2.0**53  # from here on, not every whole number is a float
NUMBERS = r"(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|REAL|DOUBLE|DECIMAL\(.*\))"

Stored = Literal["number", "text", "bool", "date", "nested", "index", "other"]


@dataclass(frozen=True)
class ColumnScan:
    """One column as found. `stored` is what its cells are; `filled` counts those that are not missing.

    `low`, `high`, `q01`, `q99` and `integer` belong to numbers, `values` (sorted, at most 50) and `words`
    (mean number per cell) and `numbers` (cells that are one) to text, `first` and `last` to dates. `flaw` says of text
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
    numbers: int = 0
    long: bool = False


def scan_column(table: Table, place: int) -> ColumnScan:
    """Scan one column."""
    if table.types[place] == "VARCHAR":
        return _scan_text(table, place)
    name, column, kind = table.names[place], f"c{place}", table.types[place]
    stored = stored_as(kind)
    (filled,) = table.one(f"SELECT count({column}) FROM data")
    if stored == "number":
        return _number(table, place, number_of(table, place))
    if stored == "date":
        return _date(table, place, filled, *_parquet_date(column, kind))
    if stored in ("text", "bool"):
        return _text(table, place, f"CAST({column} AS VARCHAR)", stored)
    return ColumnScan(place, name, stored, filled)


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


def moment_of(table: Table, place: int) -> str:
    """The SQL expression of a column of dates as moments."""
    if table.types[place] == "VARCHAR":
        return f"ladder_date(c{place})"
    return _parquet_date(f"c{place}", table.types[place])[0]


def _scan_text(table: Table, place: int) -> ColumnScan:
    column, name = f"c{place}", table.names[place]
    filled, numbers, dates = table.one(
        f"""
        SELECT count({column}), count(ladder_number({column})), count(*) FILTER ({column}[5] IN ('-', '/', '.'))
        FROM data
        """
    )
    if not filled:
        return ColumnScan(place, name, "text", 0)
    if numbers == filled:
        return _number(table, place, number_of(table, place))
    flaw = ""
    if dates == filled:
        zone = f"regexp_extract({column}[11:], {text(ZONE)})"
        good, zones, some = table.one(
            f"SELECT count(ladder_date({column})), count(DISTINCT {zone}), min({zone}) FROM data"
        )
        if good == filled and zones == 1:
            return _date(table, place, filled, f"ladder_date({column})", some)
        flaw = "dates in more than one time zone" if good == filled else ""
    return _text(table, place, column, "text", flaw, numbers)


def _number(table: Table, place: int, number: str) -> ColumnScan:
    filled, distinct, low, high, q01, q99, fractions, infinite = table.one(
        f"""
        WITH n AS (SELECT {number} AS v FROM data), f AS (SELECT v FROM n WHERE isfinite(v))
        SELECT (SELECT count(v) FROM n), (SELECT count(DISTINCT v) FROM n), min(v), max(v),
            quantile_cont(v, 0.01), quantile_cont(v, 0.99), count(*) FILTER (v <> floor(v)),
            (SELECT count(*) FROM n WHERE isinf(v))
        FROM f
        """
    )
    whole = fractions == 0 and infinite == 0
    q01, q99 = (None if q is None else float(f"{q:.6g}") for q in (q01, q99))
    long = whole and None not in (low, high) and max(abs(low), abs(high)) >= LONG and _is_long(table, place)
    if long:
        (distinct,) = table.one(f"SELECT count(DISTINCT c{place}) FROM data")
    return ColumnScan(
        place, table.names[place], "number", filled, distinct, low, high, q01, q99, infinite, integer=whole, long=long
    )


def _is_long(table: Table, place: int) -> bool:
    """Whether numbers are written with all their digits, and more than a float holds."""
    if table.types[place] != "VARCHAR":
        return "INT" in table.types[place]
    (written,) = table.one(f"SELECT bool_and(regexp_full_match(c{place}, '[+-]?[0-9]+')) FROM data")
    return bool(written)


def _date(table: Table, place: int, filled: int, moment: str, zone: str) -> ColumnScan:
    distinct, first, last, midnight = table.one(
        f"""
        WITH d AS (SELECT {moment} AS v FROM data)
        SELECT count(DISTINCT v),
            strftime(min(v), '%Y-%m-%dT%H:%M:%S'), strftime(max(v), '%Y-%m-%dT%H:%M:%S'),
            coalesce(bool_and(v = date_trunc('day', v)), false) FROM d
        """
    )
    if midnight and not zone:
        first, last = first[:10], last[:10]
    return ColumnScan(
        place,
        table.names[place],
        "date",
        filled,
        distinct,
        first=(first or "") + (zone if first else ""),
        last=(last or "") + (zone if last else ""),
    )


def _parquet_date(column: str, kind: str) -> tuple[str, str]:
    """The moment as SQL, and its zone; zoned time stamps are told in UTC."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))", "+00:00"
    return f"CAST({column} AS TIMESTAMP)", ""


def _text(table: Table, place: int, value: str, stored: Stored, flaw: str = "", numbers: int = 0) -> ColumnScan:
    filled, distinct, words = table.one(
        f"""
        WITH t AS (SELECT {value} AS v FROM data)
        SELECT count(v), count(DISTINCT hash(v)), avg(1 + length(trim(v)) - length(replace(trim(v), ' ', '')))
        FROM t WHERE v IS NOT NULL
        """
    )
    values: tuple[str, ...] = ()
    if 0 < distinct <= MAX_VALUES:
        found = table.ask(f"SELECT DISTINCT {value} AS v FROM data WHERE v IS NOT NULL")
        values = tuple(sorted(row[0] for row in found))
    return ColumnScan(
        place,
        table.names[place],
        stored,
        filled,
        distinct,
        values=values,
        words=words or 0.0,
        flaw=flaw,
        numbers=numbers,
    )


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
