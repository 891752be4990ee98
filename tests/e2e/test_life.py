"""Each level lived through as its README says, on the sample data."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.projects import Project, clone, new

pytestmark = pytest.mark.slow

RECORDS = ("reports/metrics.json", "reports/holdout.png", "reports/predictions.csv", "models/model.skops")


@pytest.fixture(
    scope="module",
    params=[pytest.param(level, marks=pytest.mark.xdist_group(f"life{level}")) for level in (1, 2, 3)],
)
def level(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture(scope="module")
def lived(level: int, user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after every command of its README, in an environment of its own."""
    project = new(tmp_path_factory.mktemp("life") / "flights", user, "--level", str(level))
    commands = project.readme_commands()
    assert commands == ["make setup", "make run", "make test", "make check"]
    project.run("make", "setup")
    project.run("uv", "run", "ruff", "format")
    assert project.git("status", "--porcelain") == "?? uv.lock\n", "formatting made a difference"
    for command in commands[1:]:
        project.run(*command.split())
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "First run")
    return project


def test_the_records_are_there(lived: Project) -> None:
    for record in RECORDS:
        assert (lived.path / record).stat().st_size > 0
    assert (lived.path / "reports/holdout.png").read_bytes().startswith(b"\x89PNG")
    report = lived.record("metrics.json")
    assert report["model"]["roc_auc"] > 0.65
    assert report["baseline"]["roc_auc"] == 0.5
    assert report["model"][report["loss"]] < report["baseline"][report["loss"]]


def test_a_second_run_gives_the_same_and_does_only_what_changed(lived: Project, level: int) -> None:
    # The model file holds memory addresses and times, so its predictions are compared, not its bytes.
    names = ("reports/metrics.json", "reports/predictions.csv")
    before = [(lived.path / name).read_bytes() for name in names]
    printed = lived.make("run")

    assert before == [(lived.path / name).read_bytes() for name in names]
    assert ("Data and pipelines are up to date" in printed) == (level >= 2)
    assert lived.git("status", "--porcelain") == ""


def test_an_unknown_key_stops_the_job_before_any_work(lived: Project) -> None:
    lived.change("config.toml", "max_iter =", "max_itr =")
    model = (lived.path / "models/model.skops").stat().st_mtime_ns
    try:
        assert "model.max_itr" in lived.make("run", ok=False)
        assert (lived.path / "models/model.skops").stat().st_mtime_ns == model
    finally:
        lived.git("checkout", "--", ".")


def test_setup_needs_no_network_once_packages_are_cached(lived: Project, tmp_path: Path) -> None:
    copy = clone(lived, tmp_path / "offline")
    (copy.path / "uv.lock").unlink()
    nowhere = "http://127.0.0.1:9"  # nothing listens there
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"), nowhere)
    offline = Project(copy.path, copy.env | proxies | {"UV_HTTP_RETRIES": "0", "NO_PROXY": "", "no_proxy": ""})

    offline.make("setup")
    assert (offline.path / ".venv").is_dir()


def test_a_fresh_clone_pulls_and_has_nothing_to_train(lived: Project, level: int, tmp_path: Path) -> None:
    colleague = clone(lived, tmp_path / "flights")
    colleague.make("setup")
    if level == 1:
        colleague.make("run")
        assert colleague.record("metrics.json") == lived.record("metrics.json")
        return
    assert not (colleague.path / "data/raw/flights.parquet").exists()
    colleague.make("pull")
    printed = colleague.make("run")

    assert "Stage 'train' didn't change" in printed
    assert "Data and pipelines are up to date" in printed
    assert "of experiment flights" in printed, "another store gets the run too"
    assert colleague.git("status", "--porcelain") == ""
    assert colleague.record("run.json")["data_hash"] == lived.record("run.json")["data_hash"]


def test_a_run_is_tracked_with_its_origin(lived: Project, level: int) -> None:
    if level == 1:
        assert not (lived.path / "mlflow.db").exists()
        return
    record = lived.record("run.json")
    code = (
        "import json, mlflow; mlflow.set_tracking_uri('sqlite:///mlflow.db');"
        f"run = mlflow.get_run('{record['run_id']}');"
        f"model = mlflow.models.get_model_info('{record['model_uri']}');"
        "print(json.dumps([run.data.params, run.data.metrics, run.data.tags, model.signature is not None]))"
    )
    params, metrics, tags, signed = lived.python(code)
    first_commit = lived.git("rev-list", "--max-parents=0", "HEAD").strip()
    pointer = (lived.path / "data/raw/flights.parquet.dvc").read_text()

    assert params["model.max_iter"] == "400"
    assert metrics["roc_auc"] == lived.record("metrics.json")["model"]["roc_auc"]
    assert tags["git_sha"] == first_commit
    assert tags["data_hash"] in pointer
    assert len(tags["environment_hash"]) == 64
    assert signed


def test_the_rehearsal_says_that_it_is_not_the_full_data(lived: Project, level: int) -> None:
    if level == 1:
        return
    printed = lived.make("rehearse")

    assert "NOT the full data" in printed
    assert lived.record("rehearsal/metrics.json")["rows"]["train"] < 1000
    assert lived.git("status", "--porcelain") == ""
