"""The benches run by hand only; what they set up must still be what the package reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import up

from support.command import must
from support.env import isolate
from support.file_cases import cases, verdict

own_git = pytest.fixture(autouse=True)(isolate)


def test_the_bench_of_lifts_lifts_and_loses_nothing(tmp_path: Path) -> None:
    must(*up.ladder_set_up(tmp_path, 3), cwd=tmp_path)

    verdicts = [verdict(case, tmp_path / "project", number) for number, case in enumerate(cases(), 1)]
    assert [said for said in verdicts if "LOST" in said or "missing" in said] == []
