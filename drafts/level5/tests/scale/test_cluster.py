"""The three engines on real processes and a real cluster: equal bytes, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from support.nodes import Cluster

from support.command import run
from support.processes import gone
from support.projects import Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale")]
LIMIT = 180  # seconds for one step
WORKERS = ("127.0.0.3", "127.0.0.4")
Env = dict[str, str]


@pytest.fixture(scope="session")
def reference(project: Project, rows: Path) -> Path:
    """The folder that one process wrote."""
    return batch(project, project.env, rows, "loop")


def python(project: Project) -> str:
    return str(project.path / ".venv/bin/python")


def batch(project: Project, env: Env, rows: Path, output: str, *options: str, ok: bool = True) -> Path:
    """Score a file; the folder of its parts."""
    said = verb(project, env, "batch", "--input", str(rows), "--output", f"out/{output}", *options, ok=ok)
    (folder,) = (project.path / "out" / output).iterdir()
    assert not ok or str(folder.relative_to(project.path)) in said
    return folder


def verb(project: Project, env: Env, *command: str, ok: bool = True) -> str:
    """What a verb prints, run as make runs it; it must end well, or with a message for a person."""
    words = ("uv", "run", "--no-sync", "python", "-m", f"flights.{command[0]}", *command[1:])
    done = run(*words, cwd=project.path, env=env, seconds=LIMIT)
    assert done.returncode == (0 if ok else 1), done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    return done.stdout


@contextmanager
def started(project: Project, env: Env, rows: Path, output: str, parts: int, *options: str) -> Iterator[Any]:
    """A scoring that has recorded some parts and is not through; and its folder."""
    command = [python(project), "-m", "flights.batch", "--input", str(rows), "--output", f"out/{output}", *options]
    with (project.path / f"{output}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=project.path, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield process, until(project, process, output, parts)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def until(project: Project, process: subprocess.Popen[bytes], output: str, parts: int) -> Path:
    """The folder, once so many parts are recorded."""
    last = time.monotonic() + LIMIT
    while time.monotonic() < last:
        for done in (project.path / "out" / output).glob("*/done.jsonl"):
            if len(done.read_text().splitlines()) >= parts:
                return done.parent
        assert process.poll() is None, (project.path / f"{output}.log").read_text()
        time.sleep(0.02)
    raise AssertionError((project.path / f"{output}.log").read_text())


def written(folder: Path) -> dict[str, bytes]:
    """The parts and the manifest, byte by byte."""
    files = [*folder.glob("part-*.parquet"), folder / "manifest.json"]
    assert not list(folder.glob(".part-*"))
    return {path.name: path.read_bytes() for path in files}


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in found.split()]


def test_three_engines_write_the_same_bytes(project: Project, nodes: Cluster, rows: Path, reference: Path) -> None:
    pool = batch(project, project.env, rows, "pool", "--workers", "2")
    ray = batch(project, nodes.env, rows, "ray")

    expected = written(reference)
    assert len(expected) == 41
    assert written(pool) == expected
    assert written(ray) == expected
    assert json.loads(expected["manifest.json"])["rows"] == 100_000


def test_the_loss_of_a_node_costs_nothing(project: Project, nodes: Cluster, rows: Path, reference: Path) -> None:
    with started(project, nodes.env, rows, "lost", 6) as (process, folder):
        nodes.kill("127.0.0.4")
        assert process.wait(LIMIT) == 0, (project.path / "lost.log").read_text()
    nodes.worker("127.0.0.4")

    assert written(folder) == written(reference)


@pytest.mark.parametrize("engine", ["ray", "pool", "loop"])
def test_a_killed_driver_leaves_whole_parts_and_is_gone_on_with(
    project: Project, nodes: Cluster, rows: Path, reference: Path, engine: str
) -> None:
    env, options = (nodes.env, ()) if engine == "ray" else (project.env, ("--workers", "2") * (engine == "pool"))
    with started(project, env, rows, f"killed-{engine}", 6, *options) as (process, folder):
        workers = children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        if engine == "pool":
            assert len(workers) >= 2
            assert all(gone(worker, 20) for worker in workers)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("part-*.parquet")}
    recorded = (folder / "done.jsonl").read_text().count("\n")
    assert not (folder / "manifest.json").exists()
    expected = written(reference)
    assert 6 <= recorded < 40
    if engine != "ray":  # there, tasks may end a little later than the driver
        assert all(path.read_bytes() == expected[path.name] for path in before)

    assert batch(project, env, rows, f"killed-{engine}", *options) == folder
    assert written(folder) == expected
    assert sum(path.stat().st_mtime_ns == before[path] for path in before) >= recorded
    assert batch(project, env, rows, f"killed-{engine}", *options) == folder


def test_a_worker_process_that_is_killed_is_told_and_gone_on_from(
    project: Project, rows: Path, reference: Path
) -> None:
    with started(project, project.env, rows, "worker", 6, "--workers", "2") as (process, folder):
        victim = next(child for child in children(process.pid) if b"spawn_main" in command_of(child))
        os.kill(victim, signal.SIGKILL)
        assert process.wait(LIMIT) == 1
    assert "A worker process was killed" in (project.path / "worker.log").read_text()

    batch(project, project.env, rows, "worker", "--workers", "2")
    assert written(folder) == written(reference)


def command_of(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


@pytest.mark.parametrize("engine", ["ray", "pool", "loop"])
def test_a_bad_part_is_named_and_the_rest_is_written(project: Project, nodes: Cluster, engine: str) -> None:
    code = """
import pyarrow as pa
from pyarrow import parquet
table = parquet.read_table("data/rows.parquet").slice(0, 12_500)
values = table["distance"].cast("string").to_pylist()
values[6_000] = "12 miles"
table = table.set_column(table.column_names.index("distance"), "distance", pa.array(values))
parquet.write_table(table, "data/bad.parquet", row_group_size=2_500)
"""
    run(python(project), "-c", code, cwd=project.path, env=project.env)
    env, options = (nodes.env, ()) if engine == "ray" else (project.env, ("--workers", "2") * (engine == "pool"))
    said = verb(project, env, "batch", "--input", "data/bad.parquet", "--output", f"out/b-{engine}", *options, ok=False)

    (manifest,) = (project.path / "out" / f"b-{engine}").glob("*/manifest.json")
    found = json.loads(manifest.read_text())
    assert [part["part"] for part in found["parts"]] == [0, 1, 3, 4]
    assert [(bad["part"], bad["row"], bad["rows"]) for bad in found["bad"]] == [(2, 6_001, [5_001, 7_500])]
    assert "12 miles" in said
    assert not found["complete"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"RAY_AUTH_TOKEN": "0" * 48}, "wants another token"),
        ({"RAY_AUTH_MODE": "disabled"}, "wants another token"),
        ({"RAY_ADDRESS": "127.0.0.2:9"}, "where nothing answers"),
    ],
)
def test_a_cluster_that_does_not_let_us_in_is_told(
    project: Project, nodes: Cluster, rows: Path, change: Env, said: str
) -> None:
    begun = time.monotonic()
    output = verb(project, nodes.env | change, "batch", "--input", str(rows), "--output", "out/refused", ok=False)

    assert said in output
    assert time.monotonic() - begun < 90
    assert not list((project.path / "out/refused").glob("*/part-*"))


def test_nodes_that_differ_are_refused_before_any_work(project: Project, nodes: Cluster, rows: Path) -> None:
    other = project.path.parent / "other"
    shutil.copytree(project.path / "src", other)
    (other / "flights/model.py").write_text((other / "flights/model.py").read_text() + "\n# other\n")
    (other / "pandas-0.1.dist-info").mkdir()
    (other / "pandas-0.1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    nodes.worker("127.0.0.5", PYTHONPATH=str(other))
    try:
        output = verb(project, nodes.env, "batch", "--input", str(rows), "--output", "out/skew", ok=False)
    finally:
        nodes.kill("127.0.0.5")

    assert "node 127.0.0.5: pandas is 0.1, here " in output
    assert "node 127.0.0.5: project is " in output
    assert "127.0.0.3" not in output
    assert not list((project.path / "out/skew").glob("*/part-*"))


def test_a_cluster_without_workers_is_not_waited_for(project: Project, nodes: Cluster, rows: Path) -> None:
    code = "from flights import engines, batch, errors; engines.LOST = 3; errors.run(batch.main)"
    command = [python(project), "-c", code, "--input", str(rows), "--output", "out/none"]
    log = project.path / "none.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=project.path, env=nodes.env, stdout=file, stderr=subprocess.STDOUT)
    try:
        folder = until(project, process, "none", 3)
        for host in WORKERS:
            nodes.kill(host)
        ended = process.wait(LIMIT)
    finally:
        process.kill()
        process.wait(30)
        for host in WORKERS:
            if host not in nodes.nodes:
                nodes.worker(host)

    assert ended == 1, log.read_text()
    assert "no node has worked for 3 s" in log.read_text()
    assert not (folder / "manifest.json").exists()


def test_the_same_trials_on_all_engines_and_after_a_kill(project: Project, nodes: Cluster) -> None:
    plan = project.path / "tuning.toml"
    plan.write_text(plan.read_text().replace("trials = 24", "trials = 8").replace("folds = 3", "folds = 2"))
    store = project.path / "reports/tuning.db"
    read = (
        "import json, optuna; optuna.logging.set_verbosity(40)\n"
        "from flights import tune\n"
        "(study,) = optuna.get_all_study_summaries('sqlite:///reports/tuning.db')\n"
        "study = optuna.load_study(study_name=study.study_name, storage='sqlite:///reports/tuning.db')\n"
        "print(json.dumps([[t.params, t.value] for t in tune.finished(study)]))"
    )

    def tuned(env: Env, *options: str) -> Any:
        verb(project, env, "tune", *options)
        return project.python(read)

    whole = tuned(project.env)
    assert len(whole) == 8
    store.unlink()
    assert tuned(project.env, "--workers", "2") == whole
    store.unlink()
    with subprocess.Popen(
        [python(project), "-m", "flights.tune"], cwd=project.path, env=nodes.env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.kill()
    assert first.startswith("4 of 8 trials")
    assert len(project.python(read)) == 4
    assert tuned(nodes.env) == whole
