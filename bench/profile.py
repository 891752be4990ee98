# ruff: noqa: A005 - a script, never imported
"""What profiling a data file costs beside DuckDB's own SUMMARIZE of the same file, in one run on one machine.

CPU time (user and system) and the largest memory of a process that has imported both; medians of interleaved rounds.
SUMMARIZE runs as DuckDB is set by default.

    uv run python bench/profile.py
    uv run python bench/profile.py --rows 4000000 --rounds 3
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

CALL = """
import resource, sys
from pathlib import Path
import duckdb
from mlops_ladder.intake.profile import profile

what, path, target = sys.argv[1:]
before = resource.getrusage(resource.RUSAGE_SELF)
if what == "profile":
    profile(Path(path), target)
else:
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(f"SUMMARIZE FROM '{path}'").fetchall()
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024)
"""
TRIPS = """
    SELECT i AS trip_id, strftime(TIMESTAMP '2013-01-01' + to_minutes(i), '%Y-%m-%dT%H:%M:%S') AS moment,
        round(random() * 400 + 20, 1) AS distance, (random() * 20)::INT AS delay,
        round(random() * 1000 - 500, 3) AS spend,
        ['Wien', 'Graz', 'Linz', 'Salzburg', 'Innsbruck'][1 + (random() * 4.99)::INT] AS city,
        (random() * 6)::INT AS rooms, 'c' || (random() * 40)::INT AS carrier,
        'note ' || hash(i) || ' of some words' AS note, random() AS score, (random() < 0.3)::INT AS late
    FROM range({rows}) AS r(i)
"""
WIDE = "SELECT {columns}, (random() < 0.5)::INT AS late FROM range({rows})"
WIDE_COLUMNS, WIDE_ROWS = 2_000, 3_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(f"{'':26}{'profile':>20}{'SUMMARIZE':>20}{'ratio of CPU':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for path in files(Path(folder), given.rows):
            found = measure(path, given.rounds)
            cells = [f"{cpu:8.2f} s {memory:5.0f} MB" for cpu, memory in found]
            print(f"{path.name:26}{cells[0]:>20}{cells[1]:>20}{found[0][0] / found[1][0]:14.2f}", flush=True)


def files(folder: Path, rows: int) -> list[Path]:
    """A tall table and a wide one, each as CSV and as Parquet."""
    columns = ", ".join(f"round(random() * 100, 2) AS f{number}" for number in range(WIDE_COLUMNS - 1))
    queries = {
        f"{rows:_} x 11": TRIPS.format(rows=rows),
        f"{WIDE_ROWS:_} x {WIDE_COLUMNS}": WIDE.format(columns=columns, rows=WIDE_ROWS),
    }
    made = [folder / f"{name}{suffix}" for name in queries for suffix in (".csv", ".parquet")]
    made.insert(1, folder / f"{rows // 2:_} x 11 quoted.csv")
    queries[made[1].stem] = TRIPS.format(rows=rows // 2)
    for path in made:
        # In a process of its own: the memory of this one would count as that of those that it starts.
        copy = f"COPY ({queries[path.stem]}) TO '{path}' {'(FORCE_QUOTE *)' if 'quoted' in path.name else ''}"
        write = f"import duckdb; duckdb.execute('SELECT setseed(0.5)'); duckdb.execute({copy!r})"
        subprocess.run([sys.executable, "-c", write], check=True)
    return made


def measure(path: Path, rounds: int) -> list[tuple[float, float]]:
    """CPU seconds and megabytes of both, each in processes of its own."""
    found: dict[str, list[tuple[float, float]]] = {"profile": [], "summarize": []}
    for _ in range(rounds):
        for what, seen in found.items():
            done = subprocess.run(
                [sys.executable, "-c", CALL, what, path, "late"], check=True, capture_output=True, text=True
            )
            cpu, memory = map(float, done.stdout.split())
            seen.append((cpu, memory))
    return [(median(cpu for cpu, _ in seen), max(memory for _, memory in seen)) for seen in found.values()]


if __name__ == "__main__":
    main()
