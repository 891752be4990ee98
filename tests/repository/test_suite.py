"""The suite's own machinery: what it would not notice, it cannot promise."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import fields
from itertools import combinations
from pathlib import Path

import pytest

from support import budget, cases, deeds
from support.command import run
from support.env import FOREIGN, clean
from support.shapes import project
from support.stations import load
from support.trees import write
from support.wall import Seen, behind

TESTS = Path(__file__).parents[1]
CHAINS = sorted((TESTS / "e2e").glob("chain_*.toml"))
STATION = """
[[station]]
id = "a"
level = 1
title = "A"
why = "B"
do = [{ run = "make" }]
see = [{ status = "" }]
"""


@pytest.mark.parametrize("path", CHAINS, ids=lambda path: path.stem)
def test_a_chain_reaches_the_top_and_every_station_looks_at_something(path: Path) -> None:
    stations = load(path)

    assert {station.level for station in stations} == set(cases.LEVELS)
    assert [station.id for station in stations if not station.see] == []


def test_chain_b_turns_every_knob_that_a_project_has() -> None:
    """But where the data is and what its columns are called, which are facts."""
    turned = {
        (path, knob)
        for station in load(TESTS / "e2e/chain_b.toml")
        for kind, path, more in station.do
        if kind is deeds.turn
        for knob in more["knobs"]
    }
    tree = project("regression-semicolon-time", cases.TOP, "gitlab").tree
    files = {path: tomllib.loads(tree[path].content.decode()) for path in ("config.toml", "gate.toml", "service.toml")}
    knobs = {
        (path, f"{name}.{key}" if isinstance(value, dict) else name)
        for path, tables in files.items()
        for name, value in tables.items()
        for key in (value if isinstance(value, dict) else [name])
        if name not in ("data", "features")
    }
    assert len(knobs) > 15
    assert knobs <= turned


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("run =", "rnu =", "no such kind"),
        ('{ run = "make" }', '{ run = "make", failz = true }', "failz"),
        ('{ status = "" }', '{ said = "to_level" }', "said"),
        ('{ status = "" }', '{ said = "to_level", iz = 2 }', "said"),
        ("level = 1", "level = 9", "no level 9"),
        ("title =", "titel =", "title"),
        ('why = "B"', 'why = "B"\nmore = "C"', "other keys"),
    ],
)
def test_a_misspelt_station_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, {"good.toml": STATION, "bad.toml": STATION.replace(old, new)})

    assert [station.id for station in load(path / "good.toml")] == ["a"]
    with pytest.raises((AssertionError, KeyError), match=said):
        load(path / "bad.toml")


def test_all_pairs_meet_in_few_cases() -> None:
    names = [field.name for field in fields(cases.Case)]

    def met(some: tuple[cases.Case, ...]) -> set[object]:
        couples = list(combinations(names, 2))
        return {(one, two, getattr(case, one), getattr(case, two)) for case in some for one, two in couples}

    assert met(cases.pairs()) == met(cases.every())
    assert len(cases.pairs()) <= 40
    for name in names:
        assert {getattr(case, name) for case in cases.few()} == {getattr(case, name) for case in cases.every()}
    assert len(cases.few()) == max(len({getattr(case, name) for case in cases.every()}) for name in names)


def test_what_the_machine_says_to_git_make_and_python_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FOREIGN:
        monkeypatch.setenv(f"{name}X", "heard")
    assert "heard" not in clean(tmp_path).values()
    assert clean(tmp_path)["HOME"] == str(tmp_path)


def test_a_group_that_doubles_or_has_no_budget_is_told() -> None:
    limits = {"facts": 10.0, "e2e/chain_a": 100.0}

    assert budget.overdrawn({"facts": 20.0, "e2e/chain_a": 5.0}, limits) == []
    assert budget.overdrawn({"facts": 20.1, "e2e/chain_a": 5.0}, limits) == [
        "facts: 20 CPU seconds, more than 2 times its 10"
    ]
    assert budget.overdrawn({"facts": 29.9, "e2e/chain_a": 5.0}, limits, 1.5) == []
    assert budget.overdrawn({"facts": 30.1, "e2e/chain_a": 5.0}, limits, 1.5) != []
    assert budget.slowness() >= 1
    (new, gone) = budget.overdrawn({"facts": 1.0, "labs": 1.0}, limits)
    assert new.startswith("labs: has no budget")
    assert gone.startswith("e2e/chain_a: has a budget, but no test")


@pytest.mark.parametrize(
    ("node", "group"),
    [
        ("tests/test_cli.py::test_x", "cli"),
        ("tests/facts/ci/test_circle.py::test_x[1]", "facts"),
        ("tests/e2e/test_chain_a.py::test_station[1-new]@chain-a", "e2e/chain_a"),
        ("tests/ci/test_github.py::test_x", "ci/github"),
    ],
)
def test_a_test_belongs_to_the_group_of_its_folder(node: str, group: str) -> None:
    assert budget.group_of(node) == group


def test_every_group_has_a_budget() -> None:
    """Known before the whole run that would fail for it at its end."""
    nodes = [path.relative_to(TESTS.parent).as_posix() for path in TESTS.rglob("test_*.py")]

    assert {budget.group_of(node) for node in nodes} == tomllib.loads((TESTS / "budget.toml").read_text()).keys()


def test_a_run_over_budget_fails(tmp_path: Path) -> None:
    """The whole way: the seconds of a test and of its child, summed over the workers of a run of its own."""
    burn = "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
    test = f"import subprocess, sys\nBURN = {('import time; ' + burn)!r}\n"
    test += "def test_it():\n    subprocess.run([sys.executable, '-c', BURN], check=True)\n    exec(BURN)\n"
    files = {"test_burns.py": test, "conftest.py": (TESTS / "conftest.py").read_text("utf-8"), "pytest.ini": "[pytest]"}
    write(tmp_path, {**files, "wide.toml": "cli = 10\n", "narrow.toml": "cli = 0.2\n"})

    def ended(*options: str) -> tuple[int, str]:
        env = clean(tmp_path / "home", PYTHONPATH=str(TESTS))
        done = run(sys.executable, "-m", "pytest", "-n", "1", *options, cwd=tmp_path, env=env)
        return done.returncode, done.stdout

    assert ended()[0] == ended("--budget", "wide.toml")[0] == 0
    assert tomllib.loads((tmp_path / budget.SPENT).read_text())["cli"] > 0.5
    code, printed = ended("--budget", "narrow.toml")
    assert code == 1
    assert "over budget: cli:" in printed


CALLS = """
import socket, subprocess, sys, urllib.request

def reach(address, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, kind) as one:
        one.connect(address)
        one.send(b"x")

def refused(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return
    sys.exit("somebody answered")

here = socket.create_server(("127.0.0.1", 0))
reach(here.getsockname())
if sys.argv[1:]:
    refused(reach, ("192.0.2.7", 443))
    refused(reach, ("2001:db8::7", 443))
    refused(urllib.request.urlopen, "http://telemetry.example.org")
    later = "import time; time.sleep(1); import socket; one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    later += "one.sendto(b'x', ('198.51.100.7', 9))"
    subprocess.Popen([sys.executable, "-c", later], start_new_session=True)
"""


def test_nobody_is_called_unseen(tmp_path: Path) -> None:
    """By address, by name, and by a process that outlives the command; loopback is no call."""
    env = clean(tmp_path / "home")

    assert behind(sys.executable, "-c", CALLS, cwd=tmp_path, env=env) == Seen(0, "", [], [])
    seen = behind(sys.executable, "-c", CALLS, "loud", cwd=tmp_path, env=env)

    assert (seen.code, seen.left) == (0, []), seen.output
    assert seen.reached == ["192.0.2.7:443", "198.51.100.7:9", "2001:db8::7:443", "telemetry.example.org"]


def test_what_does_not_end_is_told_and_ended(tmp_path: Path) -> None:
    command = "(sleep 100 & echo $!; wait) & echo $!"
    seen = behind("sh", "-c", command, cwd=tmp_path, env=clean(tmp_path / "home"), patience=1)

    shell, sleep = sorted(map(int, seen.output.split()))
    assert seen.left == [f"{shell} sh"]
    assert not Path(f"/proc/{shell}").exists()
    assert not Path(f"/proc/{sleep}").exists()
