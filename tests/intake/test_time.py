"""The time column: what `test_profile.py` and `test_survey.py` do not reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import scan_column
from mlops_ladder.intake.table import open_table
from mlops_ladder.intake.time import span


def test_from_when_to_when(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("when,x\n2024-01-03,1\n2024-01-01,2\n", "utf-8")
    with open_table(tmp_path / "a.csv") as table:
        assert span(table, scan_column(table, 0)) == ("2024-01-01", "2024-01-03")


def test_a_stand_in_for_no_end(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("when,x\n2024-01-03,1\n9999-12-31,2\n", "utf-8")
    with open_table(tmp_path / "a.csv") as table, pytest.raises(LadderError, match="a time without an end") as error:
        span(table, scan_column(table, 0))
    assert error.value.hint
