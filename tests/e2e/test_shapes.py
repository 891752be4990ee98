"""Own data of the shapes that no chain lives through: each trained on once, at the highest level."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support import golden
from support.cases import TOP
from support.env import shell
from support.projects import Project, new, write_rows

pytestmark = pytest.mark.slow

# Other sensible values than a project comes with. Chain B turns the same knobs for a model of the user's own.
TURNED = {
    "learning_rate": "0.2",
    "max_iter": "60",
    "max_leaf_nodes": "7",
    "min_samples_leaf": "40",
    "l2_regularization": "0.0",
    "text_features": "16",
    "holdout": "0.25",
    "seed": "12",
    "min_gain": "0.01",
}

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


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return shell(tmp_path / "home")


def turn(project: Project, knobs: dict[str, str]) -> None:
    """Turn knobs in all sections that have them, without blanks and comments, as an owner may write them anew."""
    config = project.path / "config.toml"
    text = config.read_text("utf-8")
    for knob, value in knobs.items():
        text, count = re.subn(rf"(?m)^{knob} = (?!{re.escape(value)}\b).*$", f"{knob}={value}", text)
        assert count, f"{knob} is not there, or has this value already"
    config.write_text(text, "utf-8")


def first_run(project: Project, level: int, metric: str) -> None:
    """Set up and run; the model is better than the dummy."""
    golden.lend(level, project.path / ".venv")
    project.make("setup")
    project.make("run")
    report = project.record("metrics.json")
    assert report["model"][metric] > 0.6
    assert report["model"][report["loss"]] < report["baseline"][report["loss"]]
    assert project.record("gate.json")["verdict"] == "promote"
    assert (project.path / "reports/holdout.png").read_bytes().startswith(b"\x89PNG")


def test_two_classes_with_hostile_names_and_every_knob_turned(env: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    options = customers(source)
    project = new(tmp_path / "own", env, "--level", str(TOP), "--data", str(source), *options)
    turn(project, TURNED)
    first_run(project, TOP, "roc_auc")
    project.make("test")
    project.make("rehearse")


def test_three_classes_without_time_and_without_git(env: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "species.parquet"
    options = species(source)
    project = new(
        tmp_path / "own", env, "--level", str(TOP), "--ci", "gitlab", "--no-git", "--data", str(source), *options
    )
    turn(project, {"seed": TURNED["seed"]})  # here also that of the split, which rows without time have
    first_run(project, TOP, "f1_macro")

    assert not (project.path / ".git").exists()
    assert (project.path / "data/raw/species.parquet").read_bytes() == source.read_bytes()
    assert "Data and pipelines are up to date" in project.make("run"), "DVC would refuse if it were not told"
    project.make("test")


def test_data_without_a_signal_fails_the_run(env: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(3)
    source = tmp_path / "noise.csv"
    write_rows(source, ["x", "y"], [[rng.random(), rng.randrange(2)] for _ in range(2000)])
    project = new(tmp_path / "noise", env, "--data", str(source), "--target", "y")
    golden.lend(1, project.path / ".venv")

    assert "no better than the baseline" in project.make("run", ok=False)
    assert (project.path / "reports/metrics.json").is_file()
