"""Data files of many shapes, written for real, and the projects planned from them."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from mlops_ladder.new.create import Project, Request, plan
from mlops_ladder.project.answers import Answers, Value, every_choice
from mlops_ladder.project.answers import variant as name_of
from mlops_ladder.project.assets import assets
from mlops_ladder.project.lock import lock_of, with_lock
from mlops_ladder.project.naming import package_name
from mlops_ladder.project.render import render

Rows = list[dict[str, Any]]

WORDS = [
    "late",
    "bag",
    "seat",
    "crew",
    "food",
    "kind",
    "cold",
    "loud",
    "fast",
    "slow",
    "window",
    "aisle",
    "gate",
    "queue",
]


def _rows(count: int = 400) -> Rows:
    """Numbers, categories, texts, dates and nulls, with something to be learned from the first two."""
    random = Random(7)
    rows = []
    for place in range(count):
        age, city = random.randint(18, 80), random.choice(["Bern", "Oslo", "Rome"])
        rows.append(
            {
                "day": f"2024-{1 + place * 12 // count:02}-{1 + place % 28:02}",
                "age": age,
                "income": None if random.random() < 0.1 else round(random.gauss(50_000, 9_000), 2),
                "city": None if random.random() < 0.05 else city,
                "remark": " ".join(random.choices(WORDS, k=9)),
                "joined": f"20{random.randint(10, 23)}-0{random.randint(1, 9)}-1{random.randint(0, 9)}",
                "score": age / 80 + (city == "Oslo") + random.gauss(0, 0.3),
            }
        )
    return rows


def _with(target: str, of: Callable[[float], Any], rows: Rows | None = None) -> Rows:
    return [
        {**{key: value for key, value in row.items() if key != "score"}, target: of(row["score"])}
        for row in rows or _rows()
    ]


def _csv(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _parquet(path: Path, rows: Rows, columns: str = "*") -> Path:
    import duckdb

    source = _csv(path.with_suffix(".csv"), rows)
    duckdb.sql(f"COPY (SELECT {columns} FROM read_csv('{source}')) TO '{path}' (FORMAT parquet)")
    source.unlink()
    return path


def _binary_csv(folder: Path) -> dict[str, Any]:
    rows = [{key: row[key] for key in row if key != "day"} for row in _with("churned", lambda s: int(s > 0.8))]
    return {"data": _csv(folder / "customers.csv", rows), "target": "churned"}


def _multiclass_parquet(folder: Path) -> dict[str, Any]:
    rows = _with("size", lambda s: ["small", "mid", "large"][min(int(s * 1.8), 2)])
    return {"data": _parquet(folder / "orders.parquet", rows), "target": "size", "time": "day"}


def _regression_semicolon(folder: Path) -> dict[str, Any]:
    rows = _with("price", lambda s: round(s * 100, 3))
    return {"data": _csv(folder / "my prices.csv", rows, ";"), "target": "price", "time": "day"}


ODD = [
    'a"b',
    "it's",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "$HOME",
    "größe",
    "# c",
    "[d]",
    "a|b",
    "\\",
    "`x`",
    "=1+1",
    "*",
    "<b>",
]


def _spelled_groups(folder: Path) -> dict[str, Any]:
    """As Excel writes it in half of Europe: decimal commas, dates with names, gaps as "?"; several rows a patient."""
    rows = [
        {
            "patient_id": 1000 + place // 3,
            "opened": f"{1 + place % 28:02}-Mar-24",
            "income": "?" if row["income"] is None else f"{row['income']:,.2f}".translate(str.maketrans(",.", ".,")),
            **{key: row[key] for key in ("age", "city", "ill")},
        }
        for place, row in enumerate(_with("ill", lambda s: "yes" if s > 0.8 else "no"))
    ]
    return {"data": _csv(folder / "patients.csv", rows, ";"), "target": "ill"}


def _odd_names(folder: Path) -> dict[str, Any]:
    random = Random(3)
    target = "{{ target }} 'of' \"$x\""
    rows = [
        {
            **{name: random.choice(["{{ 1 }}", 'x"y', "=cmd()", "é|\\"]) for name in ODD[::2]},
            **{name: round(random.random(), 3) for name in ODD[1::2]},
            target: random.choice(['{{ "yes" }}', "n|o'\""]),
        }
        for _ in range(300)
    ]
    return {"data": _csv(folder / "{{ odd }} 'na\"me.csv", rows), "target": target}


def _odd_parquet(folder: Path) -> dict[str, Any]:
    rows = _with("t", lambda s: s > 0.8)
    columns = """* RENAME ("age" AS "two\nlines", "city" AS "tab\there", "t" AS "is 'it'\n?", "income" AS "ﬁ\u200bn")"""
    return {"data": _parquet(folder / "odd.parquet", rows, columns), "target": "is 'it'\n?", "time": "day"}


def _wide(folder: Path) -> dict[str, Any]:
    random = Random(5)
    rows = []
    for _ in range(120):
        cells = {f"column_{n:03}": round(random.gauss(0, 1), 4) for n in range(200)}
        rows.append({**cells, "y": round(math.fsum(list(cells.values())[:3]), 4)})
    return {"data": _csv(folder / "wide.csv", rows), "target": "y"}


def _flights(folder: Path) -> dict[str, Any]:
    return {}


SHAPES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "flights": _flights,
    "binary-csv": _binary_csv,
    "multiclass-parquet-time": _multiclass_parquet,
    "regression-semicolon-time": _regression_semicolon,
    "spelled-groups": _spelled_groups,
    "odd-names": _odd_names,
    "odd-parquet": _odd_parquet,
    "wide": _wide,
}


@cache
def request(shape: str) -> dict[str, Any]:
    """What to ask `ladder new` for, to get a project from data of this shape."""
    return SHAPES[shape](Path(mkdtemp(prefix="shape-")))


def choices_of(variant: str) -> dict[str, Value]:
    """The choices that a variant stands for."""
    return {name_of(choices): choices for choices in every_choice()}[variant]


@cache
def _profiled(shape: str) -> Project:
    return plan(Request(Path(mkdtemp(prefix="plan-")) / "profiled", **request(shape)))


@cache
def project(shape: str = "flights", level: int = 1, variant: str = "github", name: str = "late-flights") -> Project:
    """The project planned from data of a shape, which is profiled once for all; nothing of it is written."""
    first = _profiled(shape)
    answers = Answers(name, package_name(name), first.answers.data, choices_of(variant))
    tree = render(answers, level)
    return Project(
        first.path.with_name(name),
        level,
        answers,
        with_lock(tree, lock_of(tree, answers, level)),
        assets(level, answers),
        first.own_data,
    )


def beside(project: Project, of: str) -> str:
    """The path in a project of what lies beside its render: its `data` or its `sample`."""
    return next(path for path, asset in project.assets.items() if asset.of == of)
