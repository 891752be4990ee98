"""Rollouts on a real service: each planted fault is rolled back, a good version passes, a killed driver is followed.

The versions are one trained model that can be told, while it serves, to do something wrong: `planted.py`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import golden
from support.cases import TOP
from support.env import shell
from support.projects import Project, new
from support.servers import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("delivery/rollout")]

PLANTED = Path(__file__).with_name("planted.py")
WAIT = 400  # seconds for one rollout, on a busy machine
ROAD = {
    "shadow": "shadow = 100",
    "steps": "steps = [{ weight = 0.3, requests = 60 }, { weight = 0.6, requests = 150 }]",
    "bake": "bake = 60.0",
    "poll": "poll = 0.5",
}
VERSIONS = [*["planted"] * 5, "good", *["planted"] * 2]  # 2 to 9; version 1 is the champion, and good
FAULTS = {
    "constant": {"order", "quality"},
    "swapped": {"order", "higher", "lower", "quality"},
    "shifted": {"higher", "lower", "quality"},
    "slow": {"latency"},
    "failing": {"errors"},
}


class Flights:
    """A project whose champion serves, with versions to roll out."""

    def __init__(self, project: Project) -> None:
        self.project, self.fault = project, project.path / "fault"
        self.python = project.path / ".venv/bin/python"

    def verb(self, *command: str, ok: bool = True) -> str:
        done = self.project.run(os.fspath(self.python), "-m", *command, ok=ok)
        return done.stdout + done.stderr

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin a rollout or an approval, with traffic."""
        command = [os.fspath(self.python), os.fspath(PLANTED), "flights", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.project.path,
            env=self.project.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str], code: int) -> str:
        """What it says until it ends."""
        try:
            said, _ = process.communicate(timeout=WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
        assert process.returncode == code, said
        return said

    def until(self, process: subprocess.Popen[str], word: str) -> str:
        """Read what it says until a word comes."""
        assert process.stdout is not None
        said = ""
        while word not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        return said

    def record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self.verb("flights.evidence", "--json"))["rollout"]
        return record

    def champion(self) -> str:
        found = re.search(r"champion +version (\d+)", self.verb("flights.status"))
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flights]:
    folder = tmp_path_factory.mktemp("rollout")
    project = new(folder / "flights", shell(folder / "home"), "--level", str(TOP))
    golden.lend(TOP, project.path / ".venv")
    project.make("setup")
    knobs = project.path / "service.toml"
    text = knobs.read_text("utf-8")
    for name, line in ROAD.items():
        text = re.sub(rf"^{name} = .*$", line, text, flags=re.MULTILINE)
    knobs.write_text(text, "utf-8")
    own = Flights(project)
    project.run(os.fspath(own.python), os.fspath(PLANTED), "flights", "edit")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "Planted")
    said = project.make("run")
    assert "make approve" in said, said
    assert "version 1 against" not in said
    assert "is the champion" not in said
    own.verb("flights.approve", "--why", "the first")
    project.run(os.fspath(own.python), os.fspath(PLANTED), "flights", "plant", *VERSIONS)
    own.verb("flights.stop")  # the one that make run has started knows of no fault
    env = project.env | {"LIVE": "1"}
    Flights(Project(project.path, env)).verb("flights.serve", "--port", str(free_port()))
    yield own
    own.verb("flights.stop")


@pytest.mark.parametrize(("fault", "version"), zip(FAULTS, "23456", strict=True))
def test_a_fault_is_rolled_back(flights: Flights, fault: str, version: str) -> None:
    flights.fault.unlink(missing_ok=True)
    driver = flights.start("drive", version, "1")
    flights.until(driver, "canary-1")
    flights.fault.write_text(fault, "utf-8")
    begun = time.monotonic()
    said = flights.finish(driver, 1)
    seconds = time.monotonic() - begun
    flights.fault.unlink()

    guard = re.search(rf"Version {version} is withdrawn by the guards: (\w+), after ([\d,]+)", said)
    assert guard is not None, said
    assert guard[1] in FAULTS[fault]
    record = flights.record()
    print(f"{fault}: {guard[1]}, {seconds:.1f} s after it began, {record['total']['requests']} requests")
    assert record["stage"] == "rolled_back"
    assert flights.champion() == "1"
    assert json.loads((flights.project.path / "reports/rollout.json").read_text("utf-8"))["reason"] == record["reason"]
    assert no_failed_request(flights)


def test_a_good_version_passes_though_its_drivers_are_killed(flights: Flights) -> None:
    for word in ("staging:", "shadow:", "canary-1:", "canary-2:"):
        driver = flights.start("drive", "7", "1")
        flights.until(driver, word)
        driver.send_signal(signal.SIGKILL)
        driver.communicate(timeout=60)
        assert flights.champion() == "1"
    flights.finish(flights.start("drive", "7", "1"), 0)
    assert flights.record()["stage"] == "approval"

    for word in ("bake:", ""):
        approval = flights.start("approve" if word else "drive", *([] if word else ["7", "1"]))
        if word:
            flights.until(approval, word)
            approval.send_signal(signal.SIGKILL)
            approval.communicate(timeout=60)
        else:
            flights.finish(approval, 0)
        assert flights.champion() == "7"
    assert flights.record()["stage"] == "done"
    assert flights.record()["approval"]["by"] == "Ada"
    assert no_failed_request(flights)


def test_a_fault_after_the_approval_brings_the_former_champion_back(flights: Flights) -> None:
    champion = flights.champion()
    both = [flights.start("drive", "8", champion) for _ in range(2)]
    ends = [driver.communicate(timeout=WAIT)[0] for driver in both]
    assert sorted(driver.returncode for driver in both) == [0, 1], ends
    assert re.search("drives the rollout of version 8|taken the rollout over", "".join(ends))
    approval = flights.start("approve")
    flights.until(approval, "bake:")
    assert flights.champion() == "8"
    flights.fault.write_text("constant", "utf-8")
    begun = time.monotonic()
    flights.finish(approval, 1)
    print(f"bake: {time.monotonic() - begun:.1f} s after it began")
    flights.fault.unlink()

    assert flights.champion() == champion
    assert flights.record()["stage"] == "rolled_back"
    assert no_failed_request(flights)


def test_a_version_that_nobody_can_load_goes_no_further(flights: Flights) -> None:
    flights.fault.write_text("failing", "utf-8")
    said = flights.finish(flights.start("drive", "9", flights.champion()), 1)
    flights.fault.unlink()

    assert re.search(r"Version 9 goes no further: .*http://127.0.0.1", said), said
    assert "withdrawn" not in said
    assert "Say why" in flights.verb("flights.abort", ok=False)
    said = flights.verb("flights.abort", "--why", "a test")
    assert "Version 9 is withdrawn" in said
    assert flights.record()["stage"] == "aborted"


def no_failed_request(flights: Flights) -> bool:
    """Whether the service has answered every request of the traffic."""
    where = json.loads((flights.project.path / ".serving/service.json").read_text("utf-8"))
    with urllib.request.urlopen(f"http://127.0.0.1:{where['port']}/metrics", timeout=10) as page:
        text = page.read().decode()
    return not re.search(r'^http_requests_total\{.*status="5', text, re.MULTILINE)
