"""The time column: what `test_profile.py` and `test_survey.py` do not reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.columns import scan_column
from mlops_ladder.intake.survey import survey
from mlops_ladder.intake.table import open_table
from mlops_ladder.intake.time import span


def test_from_when_to_when(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("when,x\n2024-01-03,1\n2024-01-01,2\n", "utf-8")
    with open_table(tmp_path / "a.csv") as table:
        assert span(table, scan_column(table, 0)) == ("2024-01-01", "2024-01-03")


def test_a_few_cells_of_another_spelling(tmp_path: Path) -> None:
    cells = [f"{1 + day % 12:02}/{1 + day % 28:02}/2024" for day in range(90)]
    (tmp_path / "a.csv").write_text(
        "\n".join(["when,x", *(f"{cell},1" for cell in cells), "2024-03-01T05:15:00,1"]) + "\n", "utf-8"
    )
    with open_table(tmp_path / "a.csv") as table:
        table, scans, _ = survey(table, [scan_column(table, 0)], time=0)
        with pytest.raises(LadderError) as error:
            span(table, scans[0])

    assert "holds dates of the form %m/%d/%Y but for 1 of 91 cells, as in '2024-03-01T05:15:00'." in str(error.value)
    assert "as the others" in error.value.hint


def test_a_stand_in_for_no_end(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("when,x\n2024-01-03,1\n9999-12-31,2\n", "utf-8")
    with open_table(tmp_path / "a.csv") as table, pytest.raises(LadderError, match="a time without an end") as error:
        span(table, scan_column(table, 0))
    assert error.value.hint
