"""A year of one's own data replayed: drift that pays, wrong labels, a replay that is killed; and no drift."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Any

import pytest

from support.env import shell
from support.projects import Project, new, write_rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]

DAYS, DAILY = 320, 30
TURN, WRONG = 0.42, range(200, 214)  # share of the year after which another column matters; days of wrong labels
LIMIT = 900  # seconds for a replay


def orders(seed: int, drift: bool) -> list[list[object]]:
    """Orders of a shop, some of which come back; one region's labels are wrong for two weeks, if there is drift."""
    draws = random.Random(seed)
    start = datetime(2024, 1, 1)
    rows: list[list[object]] = []
    for number in range(DAYS * DAILY):
        day = number // DAILY
        price, weight = draws.gauss(50, 15), draws.gauss(5, 2)
        region = draws.choice(["north", "south", "west"])
        turned = drift and day > TURN * DAYS
        risk = (price - 50) / 10 if not turned else (weight - 5) / 1.3
        back = draws.random() < 1 / (1 + exp(-(1.4 * risk - 1.8)))
        if drift and day in WRONG and region == "south":
            back = not back
        at = start + timedelta(minutes=number * 24 * 60 // DAILY)
        rows.append([at.isoformat(), round(price, 2), round(weight, 2), region, "yes" if back else "no"])
    return rows


def project(folder: Path, rows: list[list[object]], *options: str) -> Project:
    """A project of its own data whose model takes a second to train."""
    header = ["ordered_at", "price", "weight", "region", "returned"]
    columns = header if "--time" in options else header[1:]
    start = len(header) - len(columns)
    write_rows(folder / "orders.csv", columns, [row[start:] for row in rows])
    made = new(
        folder / "shop",
        shell(folder / "home"),
        *("--level", "5", "--data", str(folder / "orders.csv"), "--target", "returned", *options, "--yes"),
    )
    made.make("setup")
    config = made.path / "config.toml"
    config.write_text(config.read_text("utf-8").replace("max_iter = 400", "max_iter = 40"), "utf-8")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "Fewer trees")
    return made


def replay(made: Project) -> subprocess.Popen[str]:
    """A replay that runs."""
    command = [made.path / ".venv/bin/python", "-m", "shop.replay"]
    kind: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
    return subprocess.Popen(command, cwd=made.path, env=made.env, **kind)


def killed_at(made: Project, day: str) -> None:
    """Let a replay come to a day, and kill all of it but its service."""
    progress, running = made.path / ".replay/progress.txt", replay(made)
    try:
        end = time.monotonic() + LIMIT
        while not (progress.is_file() and progress.read_text("utf-8") >= day):
            assert running.poll() is None, running.communicate()[0]
            assert time.monotonic() < end
            time.sleep(0.05)
        for pid in (running.pid, *children(running.pid)):
            os.kill(pid, signal.SIGKILL)
    finally:
        running.kill()
        running.communicate(timeout=30)


def children(pid: int) -> list[int]:
    """The processes that a process has started, the replay in the copy."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in told.stdout.split()]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose replay was killed twice, and then ended."""
    made = project(tmp_path_factory.mktemp("year"), orders(7, drift=True), "--time", "ordered_at")
    killed_at(made, "2024-04-10")
    killed_at(made, "2024-07-01")
    running = replay(made)
    said, _ = running.communicate(timeout=LIMIT)
    assert running.returncode == 0, said
    return made


def happened(made: Project, what: str) -> list[dict[str, Any]]:
    """The events of a kind, in a replay's report."""
    return [event for event in made.record("loop.json")["events"] if event["what"] == what]


def test_a_drift_is_found_and_a_change_pays(shop: Project) -> None:
    report = shop.record("loop.json")

    promoted = happened(shop, "promoted")
    assert promoted
    turn = datetime(2024, 1, 1) + timedelta(days=TURN * DAYS)
    assert turn < datetime.fromisoformat(promoted[0]["day"]) < turn + timedelta(days=60)
    assert report["changes"][0]["saved"] > 0.1
    assert report["gains"]["loop over static"]["low"] > 0
    assert report["rows"] > 0.7 * DAYS * DAILY


def test_wrong_labels_are_refused(shop: Project) -> None:
    """A batch that holds but a day or two of them may pass; no other one is refused."""
    refused = happened(shop, "rows refused")

    first, last = (datetime(2024, 1, 1) + timedelta(days=day) for day in (WRONG.start, WRONG.stop))
    assert refused
    for event in refused:
        assert first < datetime.fromisoformat(event["day"]) < last + timedelta(days=9)
        assert "'south'" in event["why"]
    assert list((shop.path / ".replay/data/refused").glob("served-*.csv"))


def test_killed_twice_nothing_is_there_twice(shop: Project) -> None:
    events = shop.record("loop.json")["events"]

    assert [event["day"] for event in events] == sorted(event["day"] for event in events)
    versions = [int(event["version"]) for event in events if event["what"] == "trained"]
    assert versions == sorted(set(versions))
    days = [datetime.fromisoformat(event["day"]) for event in events if event["what"] == "trained"]
    assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(days))
    code = """
import json
from shop import config, data
rows = data.read(config.load().data)
print(json.dumps([len(rows), int(rows.duplicated().sum())]))
"""
    done = subprocess.run(
        [shop.path / ".venv/bin/python", "-c", code],
        cwd=shop.path / ".replay",
        env=shop.env,
        capture_output=True,
        text=True,
        check=True,
    )
    rows, twice = json.loads(done.stdout)
    assert 0.9 * DAYS * DAILY < rows < DAYS * DAILY
    assert twice == 0


def test_the_project_itself_is_untouched(shop: Project) -> None:
    assert shop.git("status", "--porcelain") == ""
    assert not (shop.path / "mlflow.db").exists()
    assert not (shop.path / ".serving").exists()


def test_what_was_replayed_is_not_replayed_again(shop: Project) -> None:
    assert "already" in shop.make("replay")


def test_rows_without_a_time_and_without_drift_change_nothing(tmp_path: Path) -> None:
    made = project(tmp_path, orders(3, drift=False)[: 150 * DAILY])
    made.make("replay")

    assert happened(made, "promoted") == happened(made, "rows refused") == []
    assert len(happened(made, "trained")) > 20
    assert made.record("loop.json")["gains"]["loop over static"]["mean"] == 0
