"""Columns of text that are numbers or dates to their owner: read, or named with what stands in the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlops_ladder.intake import dates, spelling
from mlops_ladder.intake.columns import ColumnScan, scan_columns
from mlops_ladder.intake.measure import estimate
from mlops_ladder.intake.pandas_sql import text
from mlops_ladder.intake.spelling import SAMPLE, Spelling, as_text, is_marker
from mlops_ladder.intake.table import Table

MOST = 0.8  # from this share of its cells on, a column is taken for what these are, and the others for flaws
HALF = 0.5  # the same where all others say that there is no value
NOTE = 100  # characters

_ISO = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}(?:\1[0-9]{1,2}(?:[ T][0-9].{0,40})?)?")
_NUMERAL = re.compile("[ +-]{0,3}[0-9., '\u2019\u00a0\u202f]{0,40}[0-9] ?")
_CURRENCY = r"\u00b0[CFK]|[$\u00a2-\u00a5\u20a0-\u20bf%\u00b0]|[A-Za-z\u00b5]{1,6}[23\u00b2\u00b3]?(?:/[A-Za-z]{1,4})?"
_DISGUISED = re.compile(
    rf"[-+(]?(?P<before>{_CURRENCY})? ?[-+]?[0-9][0-9., '\u2019\u00a0\u202f]{{0,40}}(?P<after>{_CURRENCY})?\)?"
)


@dataclass(frozen=True)
class Found:
    """How many cells of a column can be read in a way, and what the others say: the commonest first."""

    read: int
    others: tuple[tuple[str, int, int], ...]  # the cell, how often, in which row first
    bad: int  # cells that neither are read nor mean that there is no value

    @property
    def whole(self) -> bool:
        """Whether every cell is read or means that there is no value."""
        return self.read > 0 and not self.bad

    @property
    def markers(self) -> list[str]:
        """The cells that are not read, where the column is whole."""
        return [cell for cell, _, _ in self.others]

    @property
    def example(self) -> str:
        """The commonest cell that spoils it."""
        return next((cell for cell, _, _ in self.others if not is_marker(cell)), "")


def survey(
    table: Table,
    scans: Sequence[ColumnScan],
    time: int = -1,
    target: int = -1,
) -> tuple[Table, list[ColumnScan], Spelling]:
    """The table in the plain spelling, its scans, and how the file is spelled.

    `time` is the place of the time, `target` that of the target, whose classes are never taken for "no value".
    """
    odd = {scan.place: _odd_cells(table, scan) for scan in scans if _is_odd(table, scan)}
    found = _marks(table, scans, odd)
    looked = estimate(table, {place: f"c{place}" for place in odd}, ["count(try_cast({v} AS DOUBLE))"])
    numbers = {place for place, (count,) in looked.items() if count}
    names = {value for scan in scans if scan.place == target not in numbers for value in scan.values}
    missing: dict[str, None] = {}
    forms: dict[int, str] = {}
    flaws: dict[int, str] = {}
    nearly: dict[int, str] = {}
    for scan in scans:
        if scan.place in odd:
            words = [cell for cell in odd[scan.place] if not is_marker(cell)]
            ways = _ways(table, scan, words, found, numbers)
            good = [
                (form, way)
                for form, way in ways
                if way.whole and way.read >= HALF * scan.filled and names.isdisjoint(way.markers)
            ]
            if len(good) > 1:
                flaws[scan.place] = note("dates whose day and month cannot be told apart", words[0])
            elif good:
                form, way = good[0]
                missing |= dict.fromkeys(way.markers)
                forms |= {scan.place: form} if form else {}
            else:
                flaws[scan.place], nearly[scan.place] = _flaw(scan, words, ways, numbers)
        elif form := _numbered(table, scan, is_time=scan.place == time):
            forms[scan.place] = form
    spelled = Spelling(*found, tuple(missing), forms)
    if spelled.plain:
        after = list(scans)
    else:
        changed = {*odd, *forms, *(range(len(table.names)) if spelled.thousands == "." else ())}
        table = spelling.respell(table, spelled, sorted(changed))
        anew = scan_columns(table, sorted(changed))
        after = [anew.get(scan.place, scan) for scan in scans]
    return table, [_with_flaw(scan, flaws, nearly) for scan in after], spelled


def note(what: str, cell: str) -> str:
    """A note with an example, where it can be shown."""
    said = f"{what}, as in '{cell}'"
    return said if len(said) <= NOTE and re.fullmatch("[ -~]*", said) else what


def _with_flaw(scan: ColumnScan, flaws: dict[int, str], nearly: dict[int, str]) -> ColumnScan:
    if scan.stored != "text":
        return scan
    return replace(scan, flaw=flaws.get(scan.place, "") or scan.flaw, nearly=nearly.get(scan.place, ""))


def _is_odd(table: Table, scan: ColumnScan) -> bool:
    return scan.stored == "text" and table.types[scan.place] == "VARCHAR" and scan.filled > 0 and not scan.flaw


def _odd_cells(table: Table, scan: ColumnScan) -> list[str]:
    column = f"c{scan.place}"
    query = f"SELECT left({column}, 80) FROM data WHERE {column} IS NOT NULL AND ladder_number({column}) IS NULL"
    return [cell for (cell,) in table.ask(f"{query} LIMIT {SAMPLE}")]


def _marks(table: Table, scans: Sequence[ColumnScan], odd: dict[int, list[str]]) -> tuple[str, str]:
    """The marks within numbers. A comma for the point must be the way of the file, not of one column in it."""
    columns = []
    for cells in odd.values():
        words = [cell for cell in cells if not is_marker(cell)]
        numerals = [cell for cell in words if _NUMERAL.fullmatch(cell) and not _ISO.fullmatch(cell)]
        if numerals and len(numerals) >= MOST * len(words):
            columns.append(numerals)
    decimal, thousands = spelling.marks(columns, table.separator if table.format == "csv" else "")
    points = sum(scan.stored == "number" and not scan.integer for scan in scans)
    if decimal == "," and len(columns) < points + (table.format == "csv" and table.separator == ","):
        return ".", ""
    return decimal, thousands


def _ways(
    table: Table, scan: ColumnScan, words: list[str], marks: tuple[str, str], numbers: set[int]
) -> list[tuple[str, Found]]:
    """The ways in which a column may be meant, each with the form of its dates, and what comes of it."""
    column = f"c{scan.place}"
    numerals = sum(bool(_NUMERAL.fullmatch(cell)) for cell in words)
    iso = sum(bool(_ISO.fullmatch(cell)) for cell in words)
    if iso >= MOST * len(words) > 0:
        return [("", _found(table, scan, f"ladder_date({column})"))]
    like_dates = [cell for cell in words if dates.like_a_date(cell)]
    if len(like_dates) >= MOST * len(words) > 0:
        forms = dates.forms(like_dates) or dates.usual(like_dates, MOST)
        likely = [form for form in forms if form.replace("%B", "%b") == form or form.replace("%B", "%b") not in forms]
        return [(form, _found(table, scan, dates.moment(column, form))) for form in likely[:4]]
    if scan.place in numbers or numerals >= MOST * len(words):
        number = f"ladder_number({column})"
        if marks != (".", ""):
            number = f"CASE WHEN regexp_full_match({column}, {text(spelling.numeral(*marks))}) THEN 0 ELSE {number} END"
        return [("", _found(table, scan, number))]
    return []


def _found(table: Table, scan: ColumnScan, value: str) -> Found:
    column = f"c{scan.place}"
    place = "min(rowid) + 1" if table.format == "csv" else "0"
    odd = f"FROM data WHERE {column} IS NOT NULL AND {value} IS NULL"
    others = table.ask(
        f"SELECT left({column}, 80), count(*) AS n, {place} {odd} GROUP BY ALL ORDER BY n DESC, 1 LIMIT 40"
    )
    (count,) = table.one(f"SELECT count(*) {odd}")
    bad = count - sum(often for cell, often, _ in others if is_marker(cell))
    return Found(scan.filled - count, tuple(others), bad)


def _flaw(scan: ColumnScan, words: list[str], ways: list[tuple[str, Found]], numbers: set[int]) -> tuple[str, str]:
    """What a column holds that is not to be read, and what it nearly is."""
    form, way = max(ways, key=lambda each: each[1].read, default=("", None))
    like_dates = sum(map(dates.like_a_date, words))
    if way and way.read >= MOST * scan.filled:
        kind = "dates" if like_dates > HALF * len(words) or scan.place not in numbers else "numbers"
        if form and len([each for _, each in ways if each.read == way.read]) == 1:
            kind = f"dates of the form {form}"
        return "", note(f"{kind} but for {way.bad} of {scan.filled} cells", way.example)
    if words and like_dates >= MOST * len(words) and scan.place not in numbers:
        return note("dates that are not ISO 8601", words[0]), ""
    numerals = [cell for cell in words if _NUMERAL.fullmatch(cell) and re.search("[.,' ]", cell)]
    if len(numerals) >= MOST * len(words) > 0:
        return note("numbers with a mark that has two readings", numerals[0]), ""
    disguised = [found for cell in words if (found := _DISGUISED.fullmatch(cell.strip()))]
    signs = {(found["before"], found["after"]) for found in disguised} - {(None, None)}
    symbols = not any(re.search("[A-Za-z]", "".join(filter(None, sign))) for sign in signs)
    if len(disguised) >= MOST * len(words) > 0 and signs and (len(signs) == 1 or symbols):
        return "", note("numbers with a sign or unit", words[0])
    return "", ""


def _numbered(table: Table, scan: ColumnScan, *, is_time: bool) -> str:
    """The form of whole numbers that are moments: any for the time; else days of eight digits only."""
    if scan.stored != "number" or not scan.integer or scan.low is None or scan.high is None:
        return ""
    form = dates.numbered(scan.low, scan.high)
    if not form or not (is_time or (form == "%Y%m%d" and scan.distinct > 2)):
        return ""
    cell = as_text(table, scan.place)
    (read,) = table.one(f"SELECT count({dates.moment(cell, form)}) FROM data")
    return form if read == scan.filled else ""
