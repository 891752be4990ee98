"""Numbers that stand for "no value" are named, and others are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlops_ladder.intake.profile import profile

ROWS = 400
AGES = [18 + n * 7 % 60 for n in range(ROWS)]


def remark(folder: Path, cells: list[Any], suffix: str = ".csv", separator: str = ",", target: str = "y") -> str:
    data = {"x": cells, "z": [n % 7 / 2 for n in range(ROWS)], "y": ["ab"[n % 2] for n in range(ROWS)]}
    path = folder / f"data{suffix}"
    if suffix == ".csv":
        pd.DataFrame(data).to_csv(path, index=False, sep=separator, decimal="," if separator == ";" else ".")
    else:
        pd.DataFrame(data).to_parquet(path)
    found = profile(path, target)
    return found.target_remark if target == "x" else found.columns[0].remark


def some(value: float, others: list[Any], every: int = 40) -> list[Any]:
    return [value if n % every == 5 else each for n, each in enumerate(others)]


FAR = "is far off: if it means no value, add it to missing in config.toml"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (some(-999, AGES), f"'-999' (10 rows) {FAR}"),
        (some(9999, AGES), f"'9999' (10 rows) {FAR}"),
        (some(-99.99, [n % 50 / 3 for n in range(ROWS)]), f"'-99.99' (10 rows) {FAR}"),
        (some(99, [1 + n % 5 for n in range(ROWS)]), f"'99' (10 rows) {FAR}"),
        (some(-1, [n % 71 / 71 for n in range(ROWS)]), f"'-1.0' (10 rows) {FAR}"),
        (some(99, AGES), ""),  # a great age, near the others
        (some(-999, AGES, every=399), ""),  # too seldom
        (some(500, AGES), ""),  # nobody writes that for "no value"
        (some(-1, [n % 2 for n in range(ROWS)]), ""),
        ([99 if n % 3 else 0 for n in range(ROWS)], ""),
        ([-99.0] * 3 + [float(n) for n in range(-90, ROWS - 93)], ""),
    ],
)
def test_a_feature(tmp_path: Path, cells: list[Any], said: str) -> None:
    assert remark(tmp_path, cells) == said


def test_as_it_is_written(tmp_path: Path) -> None:
    assert remark(tmp_path, some(-999.5, [n / 4 for n in AGES]), separator=";") == ""
    assert remark(tmp_path, some(-99.9, [n / 4 for n in AGES]), separator=";").startswith("'-99,9' (10 rows) is far")


def test_a_parquet_file_has_nulls_for_it(tmp_path: Path) -> None:
    assert remark(tmp_path, some(-999, AGES), ".parquet").endswith("if it means no value, make it null")


def test_the_target(tmp_path: Path) -> None:
    assert remark(tmp_path, some(-999, AGES), target="x").startswith("'-999' (10 rows) is far off")
