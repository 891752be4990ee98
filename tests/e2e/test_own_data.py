"""Own data of several shapes takes the same road as the sample: same verbs, same records, first run."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support.projects import new, write_rows

pytestmark = pytest.mark.slow

WORDS = ["very happy with the service", "would not buy this again", "it is fine i guess", "the price went up too much"]


def customers(path: Path) -> list[str]:
    """Two classes; ids, text, dates, nulls, a constant and hostile names; semicolons; a time."""
    rng = random.Random(1)
    header = ["id", "joined", "age", "plan", "{{ 7*7 }}", "comment", "country", "birthday", "churned"]
    rows: list[list[object]] = []
    for n in range(1500):
        age, plan, mood = rng.uniform(18, 90), rng.choice(["basic", "pro", "=cmd|'/c calc'!A0"]), rng.randrange(4)
        late = age / 60 + (plan == "pro") + (mood == 1) + rng.gauss(0, 0.5) > 1.9
        joined = datetime(2024, 1, 1) + timedelta(hours=5 * n)
        birthday = datetime(1990, 1, 1) + timedelta(days=rng.randrange(9000))
        shown = "" if rng.random() < 0.1 else f"{age:.1f}"
        rows.append(
            [
                f"c{n:05}",
                joined.isoformat(),
                shown,
                plan,
                rng.gauss(0, 1),
                WORDS[mood],
                "NL",
                birthday.date(),
                "yes" if late else "no",
            ]
        )
    write_rows(path, header, rows, ";")
    return ["--target", "churned", "--time", "joined"]


def species(path: Path) -> list[str]:
    """Three classes, no time, Parquet."""
    import duckdb

    duckdb.sql(
        f"COPY (SELECT (i % 3)::INT AS species, (i % 3) * 1.5 + sin(i * 12.9898) AS width, cos(i * 4.1) AS height,"
        f" i % 7 = 0 AS wild FROM range(900) t(i)) TO '{path}' (FORMAT parquet)"
    )
    return ["--target", "species"]


def prices(path: Path) -> list[str]:
    """A number to predict, no time, CSV, a file name with a space."""
    rng = random.Random(2)
    rows: list[list[object]] = []
    for _ in range(800):
        area, rooms, town = rng.uniform(20, 200), rng.randrange(1, 7), rng.choice(["Ghent", "Bruges", "NA", "Æbeltoft"])
        rows.append(
            [
                f"{area:.0f}",
                rooms,
                town,
                f"{1000 * area + 9000 * rooms + 20000 * (town == 'Ghent') + rng.gauss(0, 9000):.2f}",
            ]
        )
    write_rows(path, ["area", "rooms", "town", "price"], rows)
    return ["--target", "price"]


CASES: dict[str, tuple[str, Callable[[Path], list[str]], str]] = {
    "binary": ("customers.csv", customers, "roc_auc"),
    "multiclass": ("species.parquet", species, "f1_macro"),
    "regression": ("house prices.csv", prices, "r2"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_run_trains_on_the_users_own_data(case: str, shared_env: dict[str, str], tmp_path: Path) -> None:
    name, write, metric = CASES[case]
    source = tmp_path / name
    options = write(source)
    project = new(tmp_path / "own", shared_env, "--level", "3", "--ci", "gitlab", "--data", str(source), *options)
    project.make("setup")
    project.run("uv", "run", "ruff", "format", "--check")
    project.make("check")
    project.make("run")

    report = project.record("metrics.json")
    assert report["model"][metric] > 0.6
    assert report["model"][report["loss"]] < report["baseline"][report["loss"]]
    assert project.record("gate.json")["verdict"] == "promote"
    assert (project.path / "reports/holdout.png").read_bytes().startswith(b"\x89PNG")
    assert (project.path / "data/raw" / name.replace(" ", "_")).read_bytes() == source.read_bytes()
    project.make("test")
    project.make("score")
    assert "Data and pipelines are up to date" in project.make("run")


@pytest.mark.parametrize("case", CASES)
def test_level_1_works_on_the_users_own_data(case: str, shared_env: dict[str, str], tmp_path: Path) -> None:
    name, write, _ = CASES[case]
    source = tmp_path / name
    options = write(source)
    # The environment has more than level 1 needs, which saves making another one.
    project = new(tmp_path / "own", shared_env, "--data", str(source), *options)
    project.run("uv", "sync", "--inexact", "--quiet")
    for verb in ("run", "test", "check"):
        project.make(verb)
    assert project.record("metrics.json")["rows"]["holdout"] > 0


def test_data_without_a_signal_fails_the_run(shared_env: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(3)
    source = tmp_path / "noise.csv"
    write_rows(source, ["x", "y"], [[rng.random(), rng.randrange(2)] for _ in range(2000)])
    project = new(tmp_path / "noise", shared_env, "--data", str(source), "--target", "y")
    project.run("uv", "sync", "--inexact", "--quiet")

    assert "no better than the baseline" in project.make("run", ok=False)
    assert (project.path / "reports/metrics.json").is_file()
