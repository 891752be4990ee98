"""Columns that say the same as the target."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from mlops_ladder.intake.profile import profile

ROWS = 5000  # more than are looked at first


def told(folder: Path, suffix: str, target: list[object], **columns: list[object]) -> set[str]:
    frame = pd.DataFrame({"t": target, **columns})
    path = folder / f"a{suffix}"
    frame.to_csv(path, index=False) if suffix == ".csv" else frame.to_parquet(path)
    return {column.name for column in profile(path, "t").columns if "by itself" in column.remark}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_classes(tmp_path: Path, suffix: str) -> None:
    rng = random.Random(1)
    labels = [rng.choice("ab") for _ in range(ROWS)]
    found = told(
        tmp_path,
        suffix,
        [f"{label}!" for label in labels],
        code=[ord(label) for label in labels],
        name=[{"a": "left", "b": "right"}[label] for label in labels],
        gaps=[None if rng.random() < 0.1 else label for label in labels],
        days_after=[rng.random() + (label == "a") for label in labels],
        nearly=["x" if n == ROWS - 1 else label for n, label in enumerate(labels)],
        late=[rng.random() + (label == "a" or n > 4000) for n, label in enumerate(labels)],
        honest=[rng.random() + 0.5 * (label == "a") for label in labels],
    )

    assert found == {"code", "name", "gaps", "days_after"}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_number(tmp_path: Path, suffix: str) -> None:
    rng = random.Random(1)
    values = [rng.gauss(100, 20) for _ in range(ROWS)]
    found = told(
        tmp_path,
        suffix,
        list(values),
        cents=[100 * value + 7 for value in values],
        negative=[-value if n % 9 else None for n, value in enumerate(values)],
        close=[value + rng.gauss(0, 5) for value in values],
        huge=[value * 1e200 for value in values],
        constant_at_first=[7.5 if n < 3000 else value for n, value in enumerate(values)],
    )

    assert found == {"cents", "negative"}
