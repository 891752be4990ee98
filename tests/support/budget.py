"""What each group of tests may cost: CPU seconds by folder, summed over all processes, held against `budget.toml`."""

from __future__ import annotations

import os
import time
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

SPENT = Path(".tools/test-seconds.toml")  # below the root of the run
KEY = "cpu-seconds"
START = pytest.StashKey[float]()
TOLERANCE = 2  # a group that has doubled is worth a look
REFERENCE = 0.036  # CPU seconds of `_loop` on the machine whose figures stand in budget.toml


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def group_of(node: str) -> str:
    """The group of a test: its folder, or, of those that live through projects, its file."""
    folder, *rest = node.split("::")[0].removeprefix("tests/").split("/")
    if not rest:
        return "cli"
    return f"{folder}/{Path(rest[-1]).stem.removeprefix('test_')}" if folder in ("ci", "delivery", "e2e") else folder


def slowness() -> float:
    """How many times slower than that machine this one is now, at least 1."""
    return max(1.0, min(_loop() for _ in range(5)) / REFERENCE)


def _loop() -> float:
    before = time.process_time()
    sum(number * number for number in range(1_000_000))
    return time.process_time() - before


def overdrawn(spent: dict[str, float], limits: dict[str, float], slower: float = 1.0) -> list[str]:
    """What is wrong, a sentence each: a group without a limit, one that is gone, one that took too much."""
    found = [f"{name}: has no budget" for name in sorted(spent.keys() - limits.keys())]
    found += [f"{name}: has a budget, but no test" for name in sorted(limits.keys() - spent.keys())]
    for name in sorted(spent.keys() & limits.keys()):
        if spent[name] > TOLERANCE * limits[name] * slower:
            found.append(f"{name}: {spent[name]:.0f} CPU seconds, more than {TOLERANCE} times its {limits[name]:g}")
    return found


class Budget:
    """Sums the reports of a run and, where `--budget` is given, fails it."""

    def __init__(self, config: pytest.Config) -> None:
        self._limits: Path | None = config.getoption("--budget")
        self._written = config.rootpath / SPENT
        self._spent: dict[str, float] = defaultdict(float)
        self._wall: dict[str, float] = defaultdict(float)
        self._found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up a phase of a test."""
        name = group_of(report.nodeid)
        self._wall[name] += report.duration
        if report.when == "teardown":
            self._spent[name] += dict(report.user_properties).get(KEY, 0.0)  # type: ignore[arg-type]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write down what was spent; a whole run has to keep to its limits."""
        if self._limits is None:
            return
        lines = [f'"{name}" = {spent:.1f}  # {self._wall[name]:.0f} s' for name, spent in sorted(self._spent.items())]
        self._written.parent.mkdir(exist_ok=True)
        self._written.write_text("\n".join(lines) + "\n", "utf-8")
        self._found = overdrawn(self._spent, tomllib.loads(self._limits.read_text("utf-8")), slowness())
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where it went."""
        if self._limits is None:
            return
        terminalreporter.section("CPU seconds (wall) by group")
        for name, spent in sorted(self._spent.items(), key=lambda pair: -pair[1]):
            terminalreporter.line(f"{spent:7.1f} ({self._wall[name]:4.0f})  {name}")
        for line in self._found:
            terminalreporter.line(f"over budget: {line}", red=True)
