"""The commands of AGENTS.md, literally and behind a wall: at each level they work, and call nobody outside.

The environment says nothing of telemetry and of no CI: whatever a package does for an owner at a desk, it does here.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from mlops_ladder.project.render import render
from support import agents, golden
from support.cases import LEVELS, TOP
from support.env import shell
from support.projects import LIMIT, Project, new
from support.shapes import project
from support.wall import Seen, behind

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("agents")]

# Everything a life has in it, in an order in which it can be lived; `setup` comes before, with the package index.
ORDER = (
    *(
        "run",
        "pull",
        "settle",
        "rehearse",
        "deploy",
        "approve",
        "serve",
        "status",
        "score",
        "watch",
        "load",
        "rollback",
    ),
    *(
        "stop",
        "ui",
        "ingest",
        "validate",
        "schema",
        "train",
        "evaluate",
        "predict",
        "sample",
        "format",
        "check",
        "test",
    ),
)
# What ends with an error in so short a life, and what it says.
REFUSED = {"rollback": "No champion before this one is known"}
# A server in the foreground: until it answers.
SERVED = {"ui": "http://127.0.0.1:5000"}
SILENT = ("ANALYTICS", "CI", "NOT_TRACK", "TELEMETRY", "USAGE_STATS")
KEYS = 'KEY = "AKIA' + '2E0A8F3B244C9986"\nSECRET = "' + "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzKEYabcd" + '"\n'
ASK = """
import sys, time, urllib.request
last = time.monotonic() + 240
while time.monotonic() < last:
    try:
        sys.exit(urllib.request.urlopen(sys.argv[1], timeout=30).status != 200)
    except OSError:
        time.sleep(0.1)
sys.exit(f"{sys.argv[1]} does not answer")
"""


def commands(level: int) -> dict[str, str]:
    """The verbs of a level's AGENTS.md, each with its command."""
    page = render(project("flights", level).answers, level)["AGENTS.md"].content.decode()
    return {row.verb: row.command for row in agents.rows(page)}


def test_every_command_has_its_place_in_the_order() -> None:
    assert {"setup", *ORDER} == commands(TOP).keys()
    assert len(set(ORDER)) == len(ORDER)


@pytest.mark.parametrize("level", LEVELS)
def test_the_commands_work_and_call_nobody(level: int, tmp_path: Path) -> None:
    """At the top all; below, the run and what is new there."""
    old = {} if level in (LEVELS[0], TOP) else commands({high: low for low, high in pairwise(LEVELS)}[level])
    wanted = {verb: command for verb, command in commands(level).items() if verb == "run" or verb not in old}
    mine = made(tmp_path, level)

    seen = live(mine, [step(wanted[verb], verb) for verb in ORDER if verb in wanted])

    assert seen.code == 0, seen.output[-4000:]
    assert seen.output.count("\n$ ") == len(wanted.keys() - {"setup"})
    assert (seen.reached, seen.left) == ([], [])
    # MLflow's name for whom it counts.
    assert not list(Path(mine.env["HOME"]).rglob("telemetry.json"))


def test_a_key_that_is_found_is_named_and_not_tried_out(tmp_path: Path) -> None:
    mine = made(tmp_path, TOP)
    (mine.path / "keys.py").write_text(KEYS, "utf-8")

    seen = live(mine, ["make check"])

    assert seen.code != 0
    assert "AWS Access Key" in seen.output
    assert seen.reached == []


def made(folder: Path, level: int) -> Project:
    """A project that is set up, in an environment in which nothing is turned off."""
    env = {key: value for key, value in shell(folder / "home").items() if not any(word in key for word in SILENT)}
    mine = new(folder / "late-flights", env, "--level", str(level), "--yes")
    golden.lend(level, mine.path / ".venv")
    mine.run("sh", "-c", commands(level)["setup"])
    mine.git("add", "--all")
    mine.git("commit", "--quiet", "--message", "The environment")
    return mine


def step(command: str, verb: str) -> str:
    """A command as a line of a shell that stops at what is not as it should be."""
    said = f"echo; echo '$ {command}'\n"
    if verb in REFUSED:
        return f"{said}if {command} > refused.log 2>&1; then exit 1; fi\ngrep --quiet '{REFUSED[verb]}' refused.log\n"
    if verb in SERVED:
        asked = f"'{sys.executable}' -c '{ASK}' {SERVED[verb]}"
        return f"{said}timeout 300 {command} & server=$!\n{asked}\nkill $server\n"
    return f"{said}{command}\n"


def live(mine: Project, steps: list[str]) -> Seen:
    script = "set -e\n" + "".join(steps)
    return behind("sh", "-c", script, cwd=mine.path, env=mine.env, seconds=3 * LIMIT)
