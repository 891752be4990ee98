"""What comparing a million rows of eleven columns with their reference costs, from Parquet and from the service's log.

A project is made and installed in a scratch folder; each figure is a process of its own in its environment: CPU time
(user and system) after the imports, and memory above that of a process that has imported the same.

    uv run python bench/drift.py
    uv run python bench/drift.py --rows 200000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

TRAINED = 50_000  # rows of the reference
GOAL = 4.0  # CPU seconds for a million rows
HEAD = """
import json, resource, sys
from types import SimpleNamespace
import numpy as np
from pyarrow import parquet
from trips import config, data, reference, rows, settings, watch

knobs, rules = config.load(), settings.load().watch
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
def say(before):
    after = spent()
    print(json.dumps([after[0] - before[0], after[1] - before[1]]))
def verdicts(counts):
    return [reference.drift(n, c, counts[n], len(record), rules).verdict for n, c in record.items()]
"""
MAKE = """
typed = data.features(data.read(knobs.data), knobs)
before = spent()
record = {n: reference.histogram(typed[n], k, 200) for k, names in knobs.features for n in names}
record = {n: c | {"usual": {"psi": 0.0, "ks": 0.0}} for n, c in record.items()}
with open("reference.json", "w") as file:
    json.dump(record, file)
say(before)
"""
PARQUET = """
record = json.load(open("reference.json"))
before = spent()
counts = {n: np.zeros(len(c["counts"]), int) for n, c in record.items()}
for batch in parquet.ParquetFile("live.parquet").iter_batches(100_000):
    frame = batch.to_pandas()
    for name, column in record.items():
        counts[name] += reference.count(frame[name], column)
assert set(verdicts(counts)) == {"alike"}
say(before)
"""
LOG = """
record = json.load(open("reference.json"))
raw = next(data.batches(knobs.data, 1000)).drop(columns=knobs.data.target)
kept = SimpleNamespace(columns=rows.kinds(raw), knobs=knobs, score="p(true)")
before = spent()
counts = {n: np.zeros(len(c["counts"]), int) for n, c in record.items()}
for part in watch.parts("1"):
    frame = watch.typed(part, kept)["inputs"]
    for name, column in record.items():
        counts[name] += reference.count(frame[name], column)
assert set(verdicts(counts)) == {"alike"}
say(before)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        project = made(Path(folder), rows)
        print(f"{rows:,} rows x 11 columns; one run each, load {os.getloadavg()[0]:.1f}")
        for said, code in (
            (f"reference of {TRAINED:,} rows, made", MAKE),
            (f"compared, from Parquet (goal for 1e6: {GOAL:g} s)", PARQUET),
            ("compared, from the log (JSON lines, typed anew)", LOG),
        ):
            cpu, memory = in_project(project, HEAD + code)
            print(f"{said:52}{cpu:8.2f} s CPU{memory:7.0f} MB", flush=True)


def made(folder: Path, rows: int) -> Path:
    """A project of such data, installed, with as many more rows as a Parquet file and as a log."""
    table(TRAINED, 1).assign(late=np.arange(TRAINED) % 3 == 0).to_parquet(folder / "trips.parquet")
    data = ("--data", folder / "trips.parquet", "--target", "late", "--level", "4", "--yes")
    call(sys.executable, "-m", "mlops_ladder", "new", folder / "trips", *data, cwd=folder)
    project = folder / "trips"
    call("make", "setup", cwd=project)
    live = table(rows, 2)
    live.to_parquet(project / "live.parquet")
    (project / ".serving").mkdir()
    said = {"at": "2026-01-01T00:00:00+00:00", "version": "1", "arm": "champion", "prediction": "true", "score": 0.5}
    with (project / ".serving" / "predictions.jsonl").open("w") as file:
        for start in range(0, rows, 50_000):
            part = live.iloc[start : start + 50_000].astype(object)
            for number, row in enumerate(part.where(part.notna(), None).to_dict("records")):
                file.write(json.dumps(said | {"request": f"r{start + number}", "row": row, "outside": []}) + "\n")
    return project


def table(rows: int, seed: int) -> pd.DataFrame:
    """Ten numbers, some of them missing, and a category."""
    draw = np.random.default_rng(seed)
    columns = {f"x{number}": draw.normal(0, 1, rows).round(4) for number in range(8)}
    columns["x8"] = draw.gamma(2, 3, rows).round(2)
    columns["x9"] = np.where(draw.random(rows) < 0.05, np.nan, draw.integers(0, 100, rows))
    places = np.array([f"place {number}" for number in range(40)])
    return pd.DataFrame(columns).assign(place=places[draw.integers(0, 40, rows)])


def in_project(project: Path, code: str) -> tuple[float, float]:
    """CPU seconds and megabytes that the code says it took."""
    cpu, memory = json.loads(call("uv", "run", "--no-sync", "python", "-c", code, cwd=project).splitlines()[-1])
    return cpu, memory


def call(*command: str | Path, cwd: Path) -> str:
    """Run a command on one thread; returns what it printed."""
    env = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")}
    env |= {"OMP_NUM_THREADS": "1", "MLFLOW_DISABLE_TELEMETRY": "true"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


if __name__ == "__main__":
    main()
