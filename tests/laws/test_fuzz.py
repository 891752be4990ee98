"""Whatever a repository holds, a command ends as it should: no bug of ours, no gigabyte, no waiting.

A failure names its seed: `python -m support.fuzz KIND SEED 1` plays it again, with the environment of `fuzzed` below.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan
from support.command import run
from support.env import isolate
from support.fuzz import KINDS

TESTS = Path(__file__).parents[1]


def fuzzed(kind: str, first: int, count: int, folder: Path) -> str:
    env = {**os.environ, "PYTHONPATH": str(TESTS), "FUZZ_PROJECT": str(folder)}
    done = run(
        sys.executable, "-m", "support.fuzz", kind, str(first), str(count), cwd=folder.parent, env=env, seconds=600
    )
    return done.stdout + (f"exit {done.returncode}" if done.returncode else "")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    isolate(tmp_path, monkeypatch)
    made = plan(Request(tmp_path / "trips", 1))
    create(made)
    return made.path


@pytest.mark.parametrize("kind", KINDS)
def test_some(kind: str, project: Path) -> None:
    assert fuzzed(kind, 0, 8, project) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("tree", 400), ("lock", 40), ("objects", 40)])
def test_many(kind: str, count: int, project: Path) -> None:
    assert fuzzed(kind, 1000, count, project) == ""
