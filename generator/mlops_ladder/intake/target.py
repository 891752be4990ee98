"""What is to be predicted: the task, the classes, and every reason why a column cannot be a target."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import UNIQUE, ColumnScan, is_identifier, number_of
from mlops_ladder.intake.errors import no_header, short
from mlops_ladder.intake.table import Table
from mlops_ladder.project.dataset import MAX_VALUES, Task

TASKS = ("classification", "regression")
MIN_ROWS = 20  # labelled; fewer cannot be split into a training and a test part that say anything
MIN_CLASS_ROWS = 5
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
    shares: tuple[float, ...] = ()


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


def index_error(where: str) -> LadderError:
    """The column is a pandas index, which `read_parquet` does not give back as a column."""
    return LadderError(
        f"{where} is the index of a pandas frame.", "Make it a column: frame.reset_index().to_parquet(...)"
    )


def label_of(table: Table, facts: ColumnScan) -> str:
    """The SQL expression of the target as a class name, which is how the generated project reads it."""
    column = f"c{facts.place}"
    if table.format == "parquet" and facts.stored == "number" and "DECIMAL" not in table.types[facts.place]:
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
        way_out = "Choose another target." if "date" in facts.flaw else "Write them with a point: 1234.5."
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
        if table.format == "parquet" and not facts.integer:
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
    if table.format != "csv" or facts.stored != "text":
        return ""
    column = f"c{facts.place}"
    bad = f"{column} IS NOT NULL AND ladder_number({column}) IS NULL"
    (count,) = table.one(f"SELECT count(*) FROM data WHERE {bad}")
    if count > 0.2 * facts.filled:
        return ""
    row, cell = table.one(f"SELECT rowid + 1, left({column}, 40) FROM data WHERE {bad} ORDER BY rowid LIMIT 1")
    return f" (row {row} says '{cell}')"
