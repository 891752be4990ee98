"""What level 3 promises beyond a run: the schema, the registry, the gate, batch scoring."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.projects import Project, new

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("level3")]

REGISTRY = """
import json, mlflow
mlflow.set_tracking_uri('sqlite:///mlflow.db')
client = mlflow.MlflowClient()
model = client.get_registered_model('flights')
champion = client.get_model_version_by_alias('flights', 'champion')
info = mlflow.models.get_model_info('models:/flights@champion')
print(json.dumps([model.aliases, champion.tags, info.signature is not None]))
"""

CORRUPT = """
import pandas as pd
path = 'data/raw/flights.parquet'
rows = pd.read_parquet(path)
{change}
rows.to_parquet(path)
print('null')
"""


@pytest.fixture(scope="module")
def project(shared_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose first candidate has become the champion."""
    made = new(tmp_path_factory.mktemp("level3") / "flights", shared_env, "--level", "3")
    made.make("setup")
    made.make("run")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "First run")
    return made


def test_the_first_candidate_beats_the_baseline_and_becomes_champion(project: Project) -> None:
    report = project.record("gate.json")
    aliases, tags, signed = project.python(REGISTRY)

    assert report["verdict"] == "promote"
    assert report["opponent"] == "baseline"
    assert 0 < report["gain"]["low"] <= report["gain"]["mean"] <= report["gain"]["high"]
    assert {"origin=EWR", "origin=JFK", "origin=LGA"} == set(report["candidate"]["slices"])
    assert aliases == {"candidate": 1, "champion": 1} or aliases == {"candidate": "1", "champion": "1"}
    assert tags["data_hash"] == report["data_hash"]
    assert tags["git_sha"]
    assert tags["run_id"] == report["candidate"]["run_id"]
    assert signed


def test_the_card_is_filled_from_the_run(project: Project) -> None:
    card = (project.path / "reports/model_card.md").read_text("utf-8")

    assert project.record("run.json")["run_id"] in card
    assert "origin=JFK" in card


def test_scoring_uses_the_champion(project: Project) -> None:
    project.make("score")
    header, first = (project.path / "reports/scores.csv").read_text("utf-8").splitlines()[:2]

    assert header.endswith(",model_version")
    assert first.endswith(",1")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("rows.loc[rows.index[3:5], 'temperature'] = 900.0", ["'temperature'", "[4, 5]"]),
        ("rows.loc[rows.index[0], 'origin'] = 'XYZ'", ["'origin'", "XYZ", "[1]"]),
        ("rows['wind_speed'] = rows['wind_speed'] + 25", ["'wind_speed'", "usual"]),
        ("rows['humidity'] = None", ["'humidity'", "missing"]),
        ("rows = rows.drop(columns='carrier')", ["'carrier'", "missing"]),
    ],
)
def test_bad_data_stops_the_job_before_training(project: Project, change: str, named: list[str]) -> None:
    raw = project.path / "data/raw/flights.parquet"
    good = raw.read_bytes()
    model = (project.path / "models/model.skops").stat().st_mtime_ns
    raw.unlink()  # DVC may have linked it to its cache
    raw.write_bytes(good)
    try:
        project.python(CORRUPT.format(change=change))
        printed = project.make("run", ok=False)
    finally:
        raw.write_bytes(good)
        project.git("checkout", "--", ".")

    assert all(word in printed for word in named), printed
    assert "Running stage 'train'" not in printed
    assert (project.path / "models/model.skops").stat().st_mtime_ns == model


def test_a_worse_challenger_is_refused_and_a_better_one_promoted(project: Project) -> None:
    project.change("config.toml", "max_iter = 400", "max_iter = 3")
    project.make("run")
    worse = project.record("gate.json")
    assert worse["verdict"] == "refuse"
    assert worse["opponent"] == "champion, version 1"
    assert worse["candidate"]["version"] != worse["champion"]["version"]
    project.make("score")
    assert (project.path / "reports/scores.csv").read_text("utf-8").splitlines()[1].endswith(",1")

    # The weak model made champion by hand, the strong one has something to beat.
    project.run("uv", "run", "python", "-m", "flights.registry", "--champion", str(worse["candidate"]["version"]))
    project.change("config.toml", "max_iter = 3", "max_iter = 390")
    project.make("run")
    better = project.record("gate.json")
    assert better["verdict"] == "promote"
    assert better["gain"]["low"] > 0

    # A hair's difference is no evidence.
    project.change("config.toml", "seed = 7  # of the validation", "seed = 8  # of the validation")
    project.make("run")
    assert project.record("gate.json")["verdict"] in {"insufficient_evidence", "refuse"}


def test_too_few_rows_are_too_little_evidence(project: Project, tmp_path: Path) -> None:
    policy = project.path / "gate.toml"
    before = policy.read_text("utf-8")
    project.change("gate.toml", "min_rows = 50", "min_rows = 1000000")
    project.make("run")
    policy.write_text(before, "utf-8")

    assert project.record("gate.json")["verdict"] == "insufficient_evidence"
