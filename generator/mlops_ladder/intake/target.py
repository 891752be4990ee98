"""What is to be predicted: the task, the classes, and every reason why a column cannot be a target."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import UNIQUE, ColumnScan, is_identifier, number_of
from mlops_ladder.intake.csv import records
from mlops_ladder.intake.errors import index_error, no_header, short
from mlops_ladder.intake.table import Table
from mlops_ladder.project.dataset import MAX_VALUES, Task

TASKS = ("classification", "regression")
MIN_ROWS = 20  # labelled; fewer cannot be split into a training and a test part that say anything
MIN_CLASS_ROWS = 5
FEW = 10  # whole numbers with at most so many values are taken for classes, and
CODES = 4  # these even if there are few rows of one
SEEM = 20  # with so many they may be classes, too: that is said

ENOUGH = 200_000  # rows looked through for a word
NONE = "None"  # counts as missing when it is read, and may be meant as a class

_POSITIVE = set("true t 1 1.0 yes y positive pos late churned fraud failed default".split())  # noqa: SIM905 - short


@dataclass(frozen=True)
class Target:
    """The task, and the classes or the range that go with it."""

    task: Task
    positive: str = ""
    classes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    shares: tuple[float, ...] = ()
    remark: str = ""


def place_of(table: Table, name: str, role: str) -> int:
    """Where a column stands in the file.

    Raises:
        LadderError: there is none of that name; the nearest names are given.
    """
    if name in table.names:
        return table.names.index(name)
    folded = {known.strip().casefold(): known for known in reversed(table.names)}
    near = get_close_matches(name.strip().casefold(), list(folded), n=3, cutoff=0.5)
    if near:
        hint = "Did you mean " + " or ".join(f"'{folded[key]}'" for key in near) + "?"
    else:
        hint = "Its columns: " + ", ".join(table.names[:20]) + (", ..." if len(table.names) > 20 else ".")
    if no_header(table.names):
        hint = f"Its first line seems to be data: write one with names above it. {hint}"
    raise LadderError(f"{table.path.name} has no column '{name}' for {role}.", hint)


def judge_target(table: Table, facts: ColumnScan, task: str = "") -> Target:
    """Decide the task from what the target column holds, or check the task that was asked for.

    Raises:
        LadderError: the column cannot be a target, or not of that task.
    """
    if task and task not in TASKS:
        raise LadderError(f"There is no task '{task}'.", f"Choose one of: {', '.join(TASKS)}.")
    where = f"{table.path.name}: the target '{facts.name}'"
    _check_usable(where, table, facts)
    if facts.nearly and task != "classification" and (task or facts.distinct > SEEM):
        example = _example(table, facts)
        raise LadderError(
            f"{where} holds {facts.nearly.partition(', as in')[0] if example else facts.nearly}{example}.",
            "Write plain numbers, as in 1234.5, and leave a cell empty where there is none: such rows are left out.",
        )
    if task == "regression" and facts.stored != "number":
        raise LadderError(
            f"{where} is not a number{_example(table, facts)}.",
            "Choose --task classification or another target.",
        )
    if facts.stored == "number" and is_identifier(facts, table.rows):
        raise LadderError(f"{where} is an id: every row has a number of its own.", "Choose another target.")
    if task == "classification" or (not task and not _is_amount(table, facts)):
        return _classes(where, table, facts)
    if facts.infinite:
        raise LadderError(f"{where} is infinite in {facts.infinite} rows.", "Remove these rows or give a number.")
    remark = ""
    if not task and facts.integer and facts.distinct <= SEEM:
        remark = f"{facts.distinct} whole numbers, taken for amounts; if they are classes: --task classification"
    return Target("regression", low=facts.low, high=facts.high, remark=remark)


def _is_amount(table: Table, facts: ColumnScan) -> bool:
    """Whether numbers say how much or how many, and do not stand for classes."""
    if facts.stored != "number" or not facts.integer or facts.distinct > FEW:
        return facts.stored == "number"
    if facts.distinct <= CODES:
        return False
    value = number_of(table, facts.place)
    counts = f"SELECT count(*) AS n FROM data WHERE {value} IS NOT NULL GROUP BY {value}"
    return bool(table.one(f"SELECT min(n) FROM ({counts})")[0] < MIN_CLASS_ROWS)


def label_of(table: Table, facts: ColumnScan) -> str:
    """The SQL expression of the target as a class name, which is how the generated project reads it."""
    column = f"c{facts.place}"
    if facts.stored == "number" and table.types[facts.place] != "VARCHAR" and "DECIMAL" not in table.types[facts.place]:
        return f"CAST(CAST({number_of(table, facts.place)} AS HUGEINT) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _check_usable(where: str, table: Table, facts: ColumnScan) -> None:
    if not facts.filled:
        raise LadderError(f"{where} has no value in any row.", "Choose another target.")
    if facts.stored == "index":
        raise index_error(where)
    if facts.stored in ("nested", "other"):
        kind = table.types[facts.place]
        raise LadderError(f"{where} is of the type {kind}.", "Choose a column of numbers, text or booleans.")
    if facts.stored == "date":
        raise LadderError(f"{where} is a date.", "Choose a number or a class as target; --time takes the date.")
    if facts.filled < MIN_ROWS:
        raise LadderError(
            f"{where} has a value in {facts.filled} rows; at least {MIN_ROWS} are needed.", "Bring more data."
        )
    if facts.distinct == 1:
        raise LadderError(f"{where} is constant: every row says {_value(facts)}.", "Choose another target.")
    if facts.flaw:
        way_out = "Choose another target." if "date" in facts.flaw else "Write plain numbers, as in 1234.5."
        raise LadderError(f"{where} holds {facts.flaw}.", way_out)


def _classes(where: str, table: Table, facts: ColumnScan) -> Target:
    _check_few(where, table, facts)
    label = label_of(table, facts)
    found = table.ask(f"SELECT {label}, count(*) FROM data WHERE {label} IS NOT NULL GROUP BY ALL")
    counts = {str(name): int(count) for name, count in found}
    if len(counts) > facts.distinct:
        raise LadderError(
            f"{where} writes the same number in more than one way: {', '.join(sorted(counts)[:6])}.",
            "Write each class in one way.",
        )
    if "" in counts:
        raise LadderError(f"{where} is an empty text in {counts['']} rows.", "Name the class, or make the cells null.")
    _check_spelling(where, counts)
    _check_none(where, table, facts)
    _check_rare(where, facts, counts)
    classes = tuple(sorted(counts))
    shares = tuple(round(counts[name] / sum(counts.values()), 4) for name in classes)
    if len(classes) > 2:
        return Target("multiclass", classes=classes, shares=shares)
    return Target("binary", _positive(classes, counts), classes, shares=shares)


def _check_few(where: str, table: Table, facts: ColumnScan) -> None:
    if facts.stored == "number":
        if facts.distinct > MAX_VALUES:
            raise LadderError(
                f"{where} has {facts.distinct} different numbers; classes may be {MAX_VALUES} at most.",
                "Choose --task regression.",
            )
        if table.types[facts.place] != "VARCHAR" and not facts.integer:
            raise LadderError(
                f"{where} has fractions, which cannot name classes.",
                "Choose --task regression, or store text.",
            )
    elif facts.distinct >= UNIQUE * facts.filled:
        raise LadderError(f"{where} is an id: nearly every row has a text of its own.", "Choose another target.")
    elif facts.distinct > MAX_VALUES:
        raise LadderError(
            f"{where} has {facts.distinct} classes, more than {MAX_VALUES}{_example(table, facts)}.",
            "Choose another target, or put rare classes together.",
        )


def _check_spelling(where: str, counts: dict[str, int]) -> None:
    """Refuse classes that are the same to a person."""
    ways: dict[str, list[str]] = {}
    for name in sorted(counts):
        ways.setdefault(" ".join(name.split()).casefold(), []).append(
            f"'{short(name)}'" if name.strip() == name else f"'{name[:60]}'"
        )
    twice = [", ".join(names) for names in ways.values() if len(names) > 1]
    if twice:
        raise LadderError(
            f"{where} writes the same class in more than one way: {'; '.join(twice[:3])}.",
            "Write each class in one way.",
        )


def _check_none(where: str, table: Table, facts: ColumnScan) -> None:
    """Refuse a word for "no value" that stands where a class would, so often that it may be one."""
    if table.format != "csv" or facts.filled == table.rows:
        return
    rows = islice(records(table.path, table.separator), 1, ENOUGH)
    said = Counter(record.cells[facts.place] == NONE for record in rows)
    if said[True] >= max(MIN_CLASS_ROWS, 0.05 * said.total()):
        raise LadderError(
            f"{where} says '{NONE}' in {said[True]} of {said.total()} rows: is that a class, or is there none?",
            f"If it is a class, give it a name that cannot be mistaken, as in 'no {short(facts.name)}'; "
            "if there is no value, leave the cells empty.",
        )


def _check_rare(where: str, facts: ColumnScan, counts: dict[str, int]) -> None:
    rare = sorted((count, name) for name, count in counts.items() if count < MIN_CLASS_ROWS)
    if not rare:
        return
    count, name = rare[0]
    others = f" ({len(rare)} classes are too rare)" if len(rare) > 1 else ""
    hint = "Bring more rows of it, leave it out, or join it with another class"
    raise LadderError(
        f"{where}: class '{short(name)}' has {count} row{'s' * (count > 1)}, "
        f"at least {MIN_CLASS_ROWS} are needed{others}.",
        hint + ("; or choose --task regression." if facts.stored == "number" else "."),
    )


def _positive(classes: tuple[str, ...], counts: dict[str, int]) -> str:
    """The class that one looks out for: by its name, else the rarer one."""
    named = [name for name in classes if name.strip().casefold() in _POSITIVE]
    if len(named) == 1:
        return named[0]
    return min(classes, key=lambda name: (counts[name], classes.index(name) == 0))


def _value(facts: ColumnScan) -> str:
    return f"'{facts.values[0]}'" if facts.values else f"{facts.low:g}"


def _example(table: Table, facts: ColumnScan) -> str:
    """Where text that is mostly numbers stops being one, if it is."""
    if table.format != "csv" or facts.stored != "text" or "sign" in facts.nearly:
        return ""
    column = f"c{facts.place}"
    bad = f"{column} IS NOT NULL AND ladder_number({column}) IS NULL"
    (count,) = table.one(f"SELECT count(*) FROM data WHERE {bad}")
    if count > 0.2 * facts.filled:
        return ""
    row, cell = table.one(f"SELECT rowid + 1, left({column}, 40) FROM data WHERE {bad} ORDER BY rowid LIMIT 1")
    return f" (row {row} says '{cell}')"
