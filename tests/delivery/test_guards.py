"""The guards on thousands of streams of requests: how often they stop a healthy version, and how soon a bad one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell
from support.projects import new

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("delivery/guards")]

HERE = Path(__file__).parent
STREAMS = 350
ALPHA = 0.001  # as service.toml has it, for each of six guards
# Version -> the guards one of which is to stop it, and the requests in which 95 % of the streams end.
FAULTS = {
    "constant": ({"order"}, 80),
    "swapped classes": ({"order", "higher", "quality"}, 60),
    "shifted +0.7 logit": ({"higher", "quality"}, 300),
    "numbers of other rows": ({"order", "quality", "lower", "higher"}, 1_000),
    "5 % failing": ({"errors"}, 500),
    "2x slower": ({"latency"}, 120),
    "3x slower": ({"latency"}, 100),
    "5 % failing after 2,400 good ones": ({"errors"}, 500),
    "swapped after 2,400 good ones": ({"order", "higher", "quality"}, 140),
}


def test_false_alarms_are_as_rare_as_stated_and_faults_are_found(tmp_path: Path) -> None:
    project = new(tmp_path / "flights", shell(tmp_path / "home"), "--level", str(TOP))
    golden.lend(TOP, tmp_path / "venv")
    command = (tmp_path / "venv/bin/python", HERE / "streams.py", "flights", str(STREAMS))
    printed = must(*command, cwd=project.path, env=project.env | {"PYTHONPATH": "src"}, seconds=1_800)
    found = json.loads(printed.splitlines()[-1])

    healthy = found.keys() - FAULTS.keys()
    stopped = sum(found[name]["stopped"] for name in healthy)
    assert len(healthy) == 6
    # Six guards at 0.1 % each: 12.6 of 2,100 on average at the very most.
    assert stopped <= 6 * ALPHA * len(healthy) * STREAMS
    for name, (guards, requests) in FAULTS.items():
        assert found[name]["stopped"] == STREAMS, name
        assert set(found[name]["by"]) <= guards, name
        assert found[name]["after"][1] <= requests, name
