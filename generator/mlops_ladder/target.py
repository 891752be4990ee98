"""What is to be predicted: the task, the classes, and every reason why a column cannot be a target."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from mlops_ladder.columns import Facts, is_identifier, number_of
from mlops_ladder.errors import LadderError
from mlops_ladder.model import Task
from mlops_ladder.table import Table

TASKS = ("classification", "regression")
MIN_ROWS = 20  # labelled; fewer cannot be split into a training and a test part that say anything
MIN_CLASS_ROWS = 5
MAX_CLASSES = 50
FEW = 20  # whole numbers with at most so many values are taken for classes

_POSITIVE = {
    "true",
    "t",
    "1",
    "1.0",
    "yes",
    "y",
    "positive",
    "pos",
    "late",
    "churned",
    "fraud",
    "failed",
    "default",
}


@dataclass(frozen=True)
class Target:
    """The task, and the classes or the range that go with it."""

    task: Task
    positive: str = ""
    classes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


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
    raise LadderError(f"{table.path.name} has no column '{name}' for {role}.", hint)


def judge_target(table: Table, facts: Facts, task: str = "") -> Target:
    """Decide the task from what the target column holds, or check the task that was asked for.

    Raises:
        LadderError: the column cannot be a target, or not of that task.
    """
    if task and task not in TASKS:
        raise LadderError(f"There is no task '{task}'.", f"Choose one of: {', '.join(TASKS)}.")
    where = f"{table.path.name}: the target '{facts.name}'"
    _check_usable(where, table, facts)
    if task == "regression" and facts.stored != "number":
        raise LadderError(
            f"{where} is not a number{_example(table, facts)}.",
            "Choose --task classification or another target.",
        )
    if facts.stored == "number" and is_identifier(facts, table.rows):
        raise LadderError(f"{where} is an id: every row has a number of its own.", "Choose another target.")
    classes = facts.stored != "number" or (facts.integer and facts.distinct <= FEW)
    if (classes and task != "regression") or task == "classification":
        return _classes(where, table, facts)
    if facts.infinite:
        raise LadderError(f"{where} is infinite in {facts.infinite} rows.", "Remove these rows or give a number.")
    return Target("regression", low=facts.low, high=facts.high)


def label_of(table: Table, facts: Facts) -> str:
    """The SQL expression of the target as a class name, which is how the generated project reads it."""
    column = f"c{facts.place}"
    if table.format == "parquet" and facts.stored == "number":
        return f"CAST(CAST({number_of(table, facts.place)} AS HUGEINT) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _check_usable(where: str, table: Table, facts: Facts) -> None:
    if facts.stored in ("nested", "other"):
        kind = table.types[facts.place]
        raise LadderError(f"{where} is of the type {kind}.", "Choose a column of numbers, text or booleans.")
    if not facts.filled:
        raise LadderError(f"{where} has no value in any row.", "Choose another target.")
    if facts.stored == "date":
        raise LadderError(f"{where} is a date.", "Choose a number or a class as target; --time takes the date.")
    if facts.filled < MIN_ROWS:
        raise LadderError(
            f"{where} has a value in {facts.filled} rows; at least {MIN_ROWS} are needed.", "Bring more data."
        )
    if facts.distinct == 1:
        raise LadderError(f"{where} is constant: every row says {_value(facts)}.", "Choose another target.")
    if facts.flaw:
        raise LadderError(f"{where} holds {facts.flaw}.", "Write numbers with a point and no separator.")


def _classes(where: str, table: Table, facts: Facts) -> Target:
    if facts.distinct > MAX_CLASSES:
        if facts.stored == "number":
            raise LadderError(
                f"{where} has {facts.distinct} different numbers, too many for classes (at most {MAX_CLASSES}).",
                "Choose --task regression.",
            )
        if facts.distinct >= 0.95 * facts.filled:
            raise LadderError(f"{where} is an id: nearly every row has a text of its own.", "Choose another target.")
        raise LadderError(
            f"{where} has {facts.distinct} classes; at most {MAX_CLASSES} can be had{_example(table, facts)}.",
            "Choose another target, or put rare classes together.",
        )
    if table.format == "parquet" and facts.stored == "number" and not facts.integer:
        raise LadderError(
            f"{where} has fractions, which cannot name classes.", "Choose --task regression, or store text."
        )
    label = label_of(table, facts)
    counts: dict[str, int] = dict(
        table.ask(f"SELECT {label}, count(*) FROM data WHERE {label} IS NOT NULL GROUP BY ALL")  # type: ignore[arg-type]
    )
    if facts.stored == "number":
        counts = {name: count for name, count in counts.items() if name.casefold() != "nan"}
    if "" in counts:
        raise LadderError(f"{where} is an empty text in {counts['']} rows.", "Give the class a name, or make it null.")
    rare = sorted((count, name) for name, count in counts.items() if count < MIN_CLASS_ROWS)
    if rare:
        count, name = rare[0]
        more = f" ({len(rare)} classes are that rare)" if len(rare) > 1 else ""
        hint = "Bring more rows of it, leave it out, or join it with another class"
        hint += "; or choose --task regression." if facts.stored == "number" else "."
        raise LadderError(
            f"{where}: class '{name}' has {count} row{'s' * (count > 1)}; at least {MIN_CLASS_ROWS} are needed{more}.",
            hint,
        )
    classes = tuple(sorted(counts))
    if len(classes) > 2:
        return Target("multiclass", classes=classes)
    return Target("binary", _positive(classes, counts), classes)


def _positive(classes: tuple[str, ...], counts: dict[str, int]) -> str:
    """The class that one looks out for: by its name, else the rarer one."""
    named = [name for name in classes if name.strip().casefold() in _POSITIVE]
    if len(named) == 1:
        return named[0]
    return min(classes, key=lambda name: (counts[name], classes.index(name) == 0))


def _value(facts: Facts) -> str:
    return f"'{facts.values[0]}'" if facts.values else f"{facts.low:g}"


def _example(table: Table, facts: Facts) -> str:
    """Where text that is mostly numbers stops being one, if it is."""
    if table.format != "csv" or facts.stored != "text":
        return ""
    column = f"c{facts.place}"
    bad = f"{column} IS NOT NULL AND ladder_number({column}) IS NULL"
    (count,) = table.one(f"SELECT count(*) FROM data WHERE {bad}")
    if count > 0.2 * facts.filled:
        return ""
    row, cell = table.one(f"SELECT rowid + 1, left({column}, 40) FROM data WHERE {bad} ORDER BY rowid LIMIT 1")
    return f" (row {row} says '{cell}')"
