"""Where reports go, and what a lift could bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.commands._reporting import brought, deliver
from mlops_ladder.project.layers import available
from mlops_ladder.project.lock import LOCK


def test_a_lift_brings_files_to_projects_of_ours_only(tmp_path: Path) -> None:
    assert brought(tmp_path) == frozenset()
    (tmp_path / LOCK).touch()
    assert brought(tmp_path) == set(available())


def test_a_report_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deliver("a\n\n", None)
    assert capsys.readouterr().out == "a\n"

    deliver("b\n", tmp_path / "report.txt")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"Written: {tmp_path / 'report.txt'}\n")
    assert (tmp_path / "report.txt").read_text() == "b\n"
