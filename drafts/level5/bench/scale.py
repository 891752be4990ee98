"""CPU and memory of batch scoring by each engine, and from how many rows on a cluster pays.

    python bench/scale.py --project FOLDER [--rows 100000 1000000 10000000]

The project has a champion, and the rows of its data are drawn again to so many, in row groups of 50,000. Each engine
scores them in turn: `make score` (all in one file), one process, two processes, and a Ray cluster of this machine that
is up already (a head without CPUs, two workers of one). CPU is user + system of every process of the engine, the
cluster's nodes too, sampled ten times a second from /proc; so is memory, as the sum of what each has for itself. The
machine may do other things meanwhile: CPU is little moved by it, time is, and is not shown.

Where a cluster begins to pay is computed, not measured: the least squares of CPU over rows give each engine a start and
a price per row; W workers, one core each, take their start and a W-th of the price.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.nodes import Cluster, cluster

LIMIT = 3600  # seconds for one scoring
TICKS = os.sysconf("SC_CLK_TCK")
BOOT = 9  # seconds of a machine that starts the head and its workers one after the other, quiet
GROW = """
import sys
import numpy as np
import pyarrow as pa
from pyarrow import parquet
from {package} import config
source, target, rows, group = config.load().data.path, sys.argv[1], int(sys.argv[2]), 50_000
table, random = parquet.read_table(source), np.random.default_rng(7)
with parquet.ParquetWriter(target, table.schema, compression="zstd") as writer:
    for start in range(0, rows, group):
        writer.write_table(table.take(pa.array(random.integers(0, len(table), min(group, rows - start)))))
"""


class Meter:
    """What a set of process trees uses, from when it is entered until it is left."""

    def __init__(self, roots: Iterable[int]) -> None:
        self.roots = list(roots)
        self.used: dict[tuple[int, str], int] = {}
        self.first: dict[tuple[int, str], int] = {}
        self.peak = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> Meter:
        self.sample()
        self.first = dict(self.used)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join(10)
        self.sample()

    @property
    def cpu(self) -> float:
        """Seconds."""
        return sum(ticks - self.first.get(key, 0) for key, ticks in self.used.items()) / TICKS

    def watch(self) -> None:
        """Sample until the end."""
        while not self.ended.wait(0.1):
            self.sample()

    def sample(self) -> None:
        """Note the CPU of every process, and their memory together."""
        parents: dict[int, list[int]] = {}
        stats = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(folder.name)] = fields
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
        waiting, memory = list(self.roots), 0
        while waiting:
            process = waiting.pop()
            waiting += parents.get(process, [])
            if process in stats and process != os.getpid():  # what it costs to watch is not the engine's
                key = (process, stats[process][19])  # with the time of its start: numbers come again
                self.used[key] = int(stats[process][11]) + int(stats[process][12])
                memory += private(process)
        self.peak = max(self.peak, memory)


def private(process: int) -> int:
    """Bytes that a process has for itself."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def measure(project: Path, package: str, verb: str, options: list[str], nodes: Cluster | None) -> tuple[float, float]:
    """CPU seconds, and MB at the peak, of one scoring."""
    env = nodes.env if nodes else dict(os.environ)
    command = [str(project / ".venv/bin/python"), "-m", f"{package}.{verb}", *options]
    roots = [os.getpid(), *(node.pid for node in nodes.nodes.values())] if nodes else [os.getpid()]
    with Meter(roots) as meter:
        subprocess.run(command, cwd=project, env=env, check=True, timeout=LIMIT, stdout=subprocess.DEVNULL)
    return meter.cpu, meter.peak / 1e6


def line(points: list[tuple[int, float]]) -> tuple[float, float]:
    """Start in seconds and price of a row in seconds, by least squares."""
    rows, cpu = [float(point[0]) for point in points], [point[1] for point in points]
    mean_rows, mean_cpu = sum(rows) / len(rows), sum(cpu) / len(cpu)
    moment = sum((x - mean_rows) ** 2 for x in rows)
    price = sum((x - mean_rows) * (y - mean_cpu) for x, y in zip(rows, cpu, strict=True)) / moment
    return mean_cpu - price * mean_rows, price


def pays_from(one: tuple[float, float], ray: tuple[float, float], workers: int, boot: float) -> float | None:
    """Rows from which a cluster is done sooner than one process; None if never."""
    saved = one[1] - ray[1] / workers
    return max(0.0, ray[0] + boot - one[0]) / saved if saved > 0 else None


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, required=True, help="a project with a champion")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    args = parser.parse_args()
    project = args.project.resolve()
    package = next((project / "src").iterdir()).name
    work = project / "bench-scale"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    points: dict[str, list[tuple[int, float]]] = {}
    print("| engine | rows | CPU s | rows per CPU s | MB at the peak |\n| --- | --- | --- | --- | --- |")
    try:
        for rows in args.rows:
            file = work / f"{rows}.parquet"
            python = str(project / ".venv/bin/python")
            grow = [python, "-c", GROW.format(package=package), str(file), str(rows)]
            subprocess.run(grow, cwd=project, check=True, timeout=LIMIT)
            single = ["--input", str(file), "--output"]
            ways = [
                ("make score", "score", [*single, str(work / f"{rows}.csv")]),
                ("one process", "batch", [*single, str(work / "one")]),
                ("two processes", "batch", [*single, str(work / "two"), "--workers", "2"]),
                ("cluster of two", "batch", [*single, str(work / "ray")]),
            ]
            for name, verb, options in ways:
                if name != "cluster of two":
                    cpu, peak = measure(project, package, verb, options, None)
                else:
                    with cluster(project, dict(os.environ), "127.0.1") as nodes:
                        time.sleep(10)  # until the nodes have done what they do after they have started
                        cpu, peak = measure(project, package, verb, options, nodes)
                points.setdefault(name, []).append((rows, cpu))
                print(f"| {name} | {rows:,} | {cpu:.1f} | {rows / cpu:,.0f} | {peak:,.0f} |", flush=True)
    finally:
        shutil.rmtree(work)
    if len(args.rows) > 1:
        one, ray = line(points["one process"]), line(points["cluster of two"])
        print(f"\none process: {json.dumps(one)}, cluster: {json.dumps(ray)} (start in s, s per row)\n")
        print("| workers | pays from, cluster up | with one to start |\n| --- | --- | --- |")
        for workers in (2, 8, 32):
            found = [pays_from(one, ray, workers, boot) for boot in (0, BOOT)]
            said = ["never" if rows is None else f"{rows:,.0f} rows" for rows in found]
            print(f"| {workers} | {said[0]} | {said[1]} |")


if __name__ == "__main__":
    main()
