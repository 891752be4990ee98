"""The two sides of the split, as the generated data.py will make them: whatever is accepted can be trained on."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import ColumnScan, is_key
from mlops_ladder.intake.errors import short
from mlops_ladder.intake.spelling import as_text
from mlops_ladder.intake.table import Table

HOLDOUT = 0.2  # as in the generated config.toml
SEEDS = range(7, 207)
MIN_GROUPS = 10
SURE = 20_000  # rows, or keys, from which on chance alone divides them well


@dataclass(frozen=True)
class Split:
    """`group` is the column whose equal values stay together, if any."""

    group: str = ""
    seed: int = SEEDS[0]


def check_times(table: Table, time: int, moment: str, target: str, *, classes: bool) -> None:
    """Refuse times that leave nothing to learn from before the cut.

    `moment` and `target` are SQL, the latter missing where a row has none.

    Raises:
        LadderError: too few rows, or one class only, lie before it.
    """
    where = f"{table.path.name}: the time column '{table.names[time]}'"
    (rows,) = table.one(f"SELECT count({target}) FROM data")
    labelled = f"(SELECT {moment} AS m, CAST({target} AS VARCHAR) AS t FROM data WHERE {target} IS NOT NULL)"
    before, kinds, some, day = table.one(
        f"""
        WITH cut AS (SELECT m FROM {labelled} ORDER BY m OFFSET {int(rows * (1 - HOLDOUT))} LIMIT 1)
        SELECT count(*), count(DISTINCT t), min(t), strftime((SELECT m FROM cut), '%Y-%m-%d')
        FROM {labelled}
        WHERE m < (SELECT m FROM cut)
        """
    )
    if before <= rows / 2:
        raise LadderError(
            f"{where} cannot divide the rows: {rows - before} of {rows} lie at {day} or later.",
            "Choose a time that differs from row to row, or leave --time out.",
        )
    if classes and kinds == 1:
        raise LadderError(
            f"{where}: the latest fifth of the rows is held out, and before {day} every row says '{short(some)}'.",
            "Leave --time out, or leave rows out until both classes are among the earlier four fifths.",
        )


def choose_split(table: Table, scans: Iterable[ColumnScan], target: str, *, classes: bool) -> Split:
    """The split of rows without a time: by the finest key that repeats, with a seed that serves both sides."""
    keys = [scan for scan in scans if is_key(scan) and scan.distinct >= MIN_GROUPS]
    for scan in sorted(keys, key=lambda scan: -scan.distinct):
        if scan.distinct > SURE:
            return Split(scan.name)
        seed = _seed(table, f"coalesce({as_text(table, scan.place)}, '')", target, classes=classes)
        if seed is not None:
            return Split(scan.name, seed)
    (rows,) = table.one(f"SELECT count({target}) FROM data")
    if rows > SURE:
        return Split()
    numbered = "CAST(number AS VARCHAR)"
    seed = _seed(table, numbered, target, classes=classes)
    return Split(seed=SEEDS[0] if seed is None else seed)


def held_out(key: str, seed: int) -> bool:
    """Whether rows of a key are held out."""
    return zlib.crc32(f"{seed} {key}".encode()) % 10_000 < HOLDOUT * 10_000


def _seed(table: Table, key: str, target: str, *, classes: bool) -> int | None:
    """The first seed with a fair share of rows on each side, no class on one of them only; or else the fair one."""
    label = f"CAST({target} AS VARCHAR)" if classes else "''"
    counted = table.ask(
        f"""
        SELECT {key}, {label}, count(*)
        FROM (SELECT *, row_number() OVER () - 1 AS number FROM data) WHERE {target} IS NOT NULL GROUP BY ALL
        """
    )
    rows, kinds = sum(count for *_, count in counted), len({label for _, label, _ in counted})
    fair: int | None = None
    for seed in SEEDS:
        held: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for name, label, count in counted:
            (held if held_out(name, seed) else left)[label] += count
        if not 0.1 * rows <= held.total() <= 0.35 * rows or len(left) < min(kinds, 2):
            continue
        if len(left) == len(held) == kinds:
            return seed
        fair = seed if fair is None and len(left) == kinds else fair
    return fair
