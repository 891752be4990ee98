"""The same project, by environment variables only, on PostgreSQL, S3 and an MLflow server with logins."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from support import golden
from support.cases import TOP
from support.env import shell
from support.projects import LIMIT, Project, clone, new
from support.servers import free_port

from .back_ends import back_ends

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("delivery/back_ends")]

RUNS = """
import json, mlflow
runs = mlflow.search_runs(experiment_names=["flights"], output_format="list")
print(json.dumps([[run.info.status, run.data.params["model.seed"], len(run.data.metrics)] for run in runs]))
"""
ALONE = """
set -e
for verb in train fingerprint evaluate tracking; do uv run --no-sync python -m flights.$verb; done
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("back-ends")
    servers = folder / "servers"
    servers.mkdir()
    with back_ends(servers) as variables:
        address = f"http://127.0.0.1:{free_port()}"
        env = shell(folder / "home", SERVICE_URLS=address, PORT=address.rpartition(":")[2], **variables)
        env["UV_PROJECT_ENVIRONMENT"] = str(folder / "venv")
        golden.lend(TOP, folder / "venv")
        made = new(folder / "flights", env, "--level", str(TOP), "--yes")
        try:
            yield made
        finally:
            made.run("make", "stop")
            shutil.rmtree(folder / "venv", ignore_errors=True)


def version(project: Project) -> dict[str, Any]:
    with urllib.request.urlopen(f"{project.env['SERVICE_URLS']}/version", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_it_is_trained_judged_delivered_and_served(project: Project) -> None:
    project.make("setup")
    project.run("uv", "run", "python", "-m", "dvc", "remote", "modify", "storage", "url", "s3://data/flights")
    project.run("git", "commit", "--quiet", "--all", "--message", "The shared storage")
    project.git("add", "--all")
    project.run("git", "commit", "--quiet", "--allow-empty", "--message", "The lock")
    project.make("serve")
    project.make("run")
    assert project.record("rollout.json")["stage"] == "approval"

    project.run("make", "approve", "WHY=Seen by Ada")
    assert version(project)["version"] == "1"
    assert not (project.path / "mlflow.db").exists()
    assert re.search(r"\b1\b", project.make("status"))


def test_a_clone_gets_data_and_results_from_the_store(project: Project) -> None:
    project.git("add", "--all")
    project.run("git", "commit", "--quiet", "--allow-empty", "--message", "A run")
    colleague = clone(project, project.path.with_name("colleague"))
    colleague.make("pull")
    said = colleague.run("uv", "run", "--no-sync", "python", "-m", "dvc", "status").stdout
    assert "up to date" in said
    assert (colleague.path / "data/raw/flights.parquet").is_file()


def test_a_wrong_password_is_refused(project: Project) -> None:
    stranger = Project(
        project.path, project.env | {"MLFLOW_TRACKING_PASSWORD": "guessed", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}
    )
    done = stranger.run("make", "status", ok=False)
    assert "401" in done.stdout + done.stderr


def test_eight_trainings_at_once_lose_no_run(project: Project) -> None:
    before = project.python(RUNS)
    started = []
    for seed in range(101, 109):
        mine = clone(project, project.path.with_name(f"seed{seed}")).path
        knobs = (mine / "config.toml").read_text("utf-8")
        knobs = re.sub(r"(?m)^seed = 7  # of the validation rows", f"seed = {seed}  # of the validation rows", knobs)
        (mine / "config.toml").write_text(re.sub(r"(?m)^max_iter = \d+", "max_iter = 5", knobs), "utf-8")
        shutil.copytree(project.path / "data/raw", mine / "data/raw", dirs_exist_ok=True)
        shutil.copy(project.path / "reports/validation.json", mine / "reports")
        started.append(
            subprocess.Popen(["sh", "-c", ALONE], cwd=mine, env=project.env, stdout=subprocess.PIPE, text=True)
        )
    said = [process.communicate(timeout=LIMIT)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 8, said

    after = project.python(RUNS)
    ours = [run for run in after if int(run[1]) > 100]
    assert sorted(int(seed) for _, seed, _ in ours) == list(range(101, 109))
    assert {status for status, _, _ in ours} == {"FINISHED"}
    assert len({metrics for _, _, metrics in ours}) == 1
    assert len(after) == len(before) + 8
