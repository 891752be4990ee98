"""The two sides of the split: what is accepted can be trained on, and scored."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.profile import profile
from mlops_ladder.intake.sides import SEEDS, held_out


def written(folder: Path, **columns: list[object]) -> Path:
    pd.DataFrame(columns).to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


def test_keys_of_one_person_are_held_together(tmp_path: Path) -> None:
    rows = range(300)
    path = written(
        tmp_path,
        patient_id=[9000 + n // 3 for n in rows],
        clinicId=[n // 100 for n in rows],
        visit=[n % 3 for n in rows],
        number=[n % 50 for n in rows],
        y=["yes" if n % 4 == 0 else "no" for n in rows],
    )
    found = profile(path, "y")
    kinds = {column.name: (column.kind, column.note or column.remark) for column in found.columns}

    assert found.group == "patient_id"
    assert kinds["patient_id"] == ("ignored", "a key of 100 things that have rows in common")
    assert kinds["clinicId"] == ("category", "a key, taken as a category")
    assert kinds["number"][0] == "number"


def test_with_a_time_a_key_is_a_category(tmp_path: Path) -> None:
    """Rows are divided by time, and what is known of a shop is known later, too."""
    days = [str(day.date()) for day in pd.date_range("2024-01-01", periods=300)]
    path = written(
        tmp_path,
        day=days,
        shop_id=[n % 40 for n in range(300)],
        y=[n / 7 for n in range(300)],
        x=[n % 9 for n in range(300)],
    )
    found = profile(path, "y", "day")

    assert found.group == ""
    assert [column.kind for column in found.columns] == ["category", "number"]


@pytest.mark.parametrize("rows", [20, 37, 60, 150])
@pytest.mark.parametrize("key", ["customer_id", "x"])
def test_each_class_is_on_both_sides(tmp_path: Path, rows: int, key: str) -> None:
    rng = random.Random(rows)
    labels = ["no"] * (rows - 5) + ["yes"] * 5
    rng.shuffle(labels)
    names = [f"c{n // 2}" for n in range(rows)]
    found = profile(written(tmp_path, **{key: names, "z": list(range(0, 3 * rows, 3)), "y": labels}), "y")
    keys = names if found.group else list(map(str, range(rows)))
    held = {label for name, label in zip(keys, labels, strict=True) if held_out(name, found.seed)}
    left = {label for name, label in zip(keys, labels, strict=True) if not held_out(name, found.seed)}

    assert bool(found.group) == (key == "customer_id")
    assert held == left == {"no", "yes"}


def test_chance_is_fair() -> None:
    for seed in SEEDS[:5]:
        share = sum(held_out(str(n), seed) for n in range(20_000)) / 20_000
        assert share == pytest.approx(0.2, abs=0.01)


def test_one_class_before_the_cut(tmp_path: Path) -> None:
    days = [str(day.date()) for day in pd.date_range("2024-01-01", periods=100)]
    path = written(tmp_path, day=days, x=[n % 7 for n in range(100)], y=["no"] * 85 + ["yes"] * 15)

    with pytest.raises(LadderError, match="before 2024-03-21 every row says 'no'") as error:
        profile(path, "y", "day")
    assert "--time" in error.value.hint


def test_times_that_are_too_alike(tmp_path: Path) -> None:
    days = ["2024-01-01"] * 40 + ["2024-01-02"] * 60
    path = written(tmp_path, day=days, x=[n % 7 for n in range(100)], y=[n / 3 for n in range(100)])

    with pytest.raises(LadderError, match="60 of 100 lie at 2024-01-02 or later"):
        profile(path, "y", "day")
