"""No repository makes an assessment hang, fail or take a gigabyte: see `support/traps.py`."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import support.traps
from support.budget import slowness
from support.child import answers
from support.traps import TRAPS
from support.trees import write

pytestmark = pytest.mark.slow

SECONDS = 5
GIGABYTE = 2**30


def test_every_repository_is_assessed_in_time() -> None:
    waiting, bad = list(TRAPS), {}
    limit = SECONDS * max(1.0, slowness())
    while waiting:
        done, hangs = answers(Path(support.traps.__file__), waiting, 4 * limit)
        results = dict(zip(waiting, done, strict=False))
        bad |= {name: took for name, took in results.items() if isinstance(took, str) or took > limit}
        assert done or hangs, "the child assessed nothing"
        waiting = waiting[len(done) :]
        if hangs and waiting:
            bad[waiting.pop(0)] = "does not end"

    assert bad == {}


# What is small on disk and large in memory.
LARGE = {
    "statements": {f"train{i}.py": "import sklearn\n" + "x\n" * 199_000 for i in range(20)},
    "dense statements": {f"train{i}.py": "x\n" * 295_000 for i in range(20)},
    "functions": {
        f"train{i}.py": "import sklearn\n" + "def f(x):\n    return [a + x for a in range(10)]\n" * 11_000
        for i in range(20)
    },
    "YAML": {
        "wide.yaml": "apiVersion: v1\nkind: x\na:\n" + "- []\n" * 110_000,
        "deep.yaml": f"apiVersion: v1\nkind: x\na: {'[' * 250_000}{']' * 250_000}\n",
    },
    "notebooks": {f"n{i}.ipynb": '{"cells": [' + "[]," * 2_600_000 + "0]}" for i in range(2)},
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_gigabyte_is_enough(kind: str, tmp_path: Path) -> None:
    write(tmp_path, LARGE[kind])
    done = subprocess.run(
        [sys.executable, "-m", "mlops_ladder", "assess", str(tmp_path), "--json"],
        capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE)),
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["level"] == 0
