from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.profile import profile

ROWS = 300


def written(folder: Path, cells: list[Any], suffix: str = ".csv", rows: int = ROWS) -> Path:
    """A file with one harmless feature and the target `y`, whose cells are cycled."""
    data = pd.DataFrame({"x": [i % 7 / 2 for i in range(rows)], "y": [cells[i % len(cells)] for i in range(rows)]})
    path = folder / f"data{suffix}"
    if suffix == ".csv":
        data.to_csv(path, index=False)
    else:
        data.to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("cells", "suffix", "task", "inferred", "classes", "positive"),
    [
        (["no", "yes", "no"], ".csv", "", "binary", ("no", "yes"), "yes"),
        (["yes", "yes", "no"], ".csv", "", "binary", ("no", "yes"), "yes"),
        (["blue", "red", "red"], ".csv", "", "binary", ("blue", "red"), "blue"),
        (["blue", "red"], ".csv", "", "binary", ("blue", "red"), "red"),
        (["0", "1", "1"], ".csv", "", "binary", ("0", "1"), "1"),
        (["0.0", "1.0", "1.0"], ".csv", "", "binary", ("0.0", "1.0"), "1.0"),
        (["True", "False"], ".csv", "", "binary", ("False", "True"), "True"),
        (["on time", "late"], ".csv", "", "binary", ("late", "on time"), "late"),
        (["b", "c", "a", None], ".csv", "", "multiclass", ("a", "b", "c"), ""),
        (["3", "1", "2"], ".csv", "", "multiclass", ("1", "2", "3"), ""),
        (["1.5", "2.5"], ".csv", "classification", "binary", ("1.5", "2.5"), "2.5"),
        (["1.5", "2.5"], ".csv", "", "regression", (), ""),
        (list(range(21)), ".csv", "", "regression", (), ""),
        (list(range(20)), ".csv", "regression", "regression", (), ""),
        (list(range(11)), ".csv", "", "regression", (), ""),
        (list(range(11)), ".parquet", "", "regression", (), ""),
        (list(range(10)), ".csv", "", "multiclass", tuple("0123456789"), ""),
        (list(range(11)), ".csv", "classification", "multiclass", tuple(sorted(map(str, range(11)))), ""),
        ([0, 0, 1, 2, 3] * 59 + [0, 0, 1, 2, 7], ".csv", "", "regression", (), ""),
        ([0, 0, 1, 2, 3] * 59 + [0, 0, 1, 2, 7], ".parquet", "", "regression", (), ""),
        ([True, False], ".parquet", "", "binary", ("false", "true"), "true"),
        ([True, None, False], ".parquet", "", "binary", ("false", "true"), "true"),
        ([0, 1, 1], ".parquet", "", "binary", ("0", "1"), "1"),
        ([0.0, 1.0, None], ".parquet", "", "binary", ("0", "1"), "1"),
        ([0.0, 1.0, float("nan"), 2.0], ".parquet", "", "multiclass", ("0", "1", "2"), ""),
        (["x", "NA"], ".parquet", "", "binary", ("NA", "x"), "x"),
        ([0.5, 1.5], ".parquet", "", "regression", (), ""),
        (
            [f"c{i}" for i in range(50)],
            ".csv",
            "",
            "multiclass",
            tuple(sorted(f"c{i}" for i in range(50))),
            "",
        ),
    ],
)
def test_the_task(
    tmp_path: Path,
    cells: list[Any],
    suffix: str,
    task: str,
    inferred: str,
    classes: tuple[str, ...],
    positive: str,
) -> None:
    found = profile(written(tmp_path, cells, suffix), "y", task=task)

    assert (found.task, found.classes, found.positive) == (inferred, classes, positive)


def test_few_whole_numbers_are_told_to_be_taken_for_amounts(tmp_path: Path) -> None:
    said = "11 whole numbers, taken for amounts; if they are classes: --task classification"

    assert profile(written(tmp_path, [*range(11)]), "y").target_remark == said
    assert profile(written(tmp_path, [*range(11)]), "y", task="regression").target_remark == ""
    assert profile(written(tmp_path, [*range(21)]), "y").target_remark == ""


def test_the_range_of_a_regression(tmp_path: Path) -> None:
    found = profile(written(tmp_path, [-1.5, 0.0, None, 7.25]), "y")

    assert (found.task, found.target_low, found.target_high) == ("regression", -1.5, 7.25)
    assert (found.target_nulls, found.shares) == (0.25, ())
    assert found.target_usual == (-1.5, 7.25)


def test_the_shares_of_classes_are_those_of_rows_that_have_one(tmp_path: Path) -> None:
    found = profile(written(tmp_path, ["a", "b", "b", None, "b"], ".csv"), "y")

    assert (found.classes, found.shares, found.target_nulls) == (("a", "b"), (0.25, 0.75), 0.2)
    assert found.target_usual is None


MANY = [f"c{i}" for i in range(51)]


@pytest.mark.parametrize(
    ("cells", "suffix", "task", "message", "hint"),
    [
        (["a"], ".csv", "", "constant: every row says 'a'", "another target"),
        ([3], ".csv", "", "constant: every row says 3", "another target"),
        (["a", None, "a"], ".csv", "", "constant", "another target"),
        ([None], ".csv", "", "no value in any row", "another target"),
        (["a", *[None] * 49], ".csv", "", "a value in 6 rows; at least 20", "more data"),
        (list(range(ROWS)), ".csv", "", "is an id: every row has a number", "another target"),
        (list(range(ROWS)), ".parquet", "", "is an id: every row has a number", "another target"),
        (
            [f"u{i}" for i in range(ROWS)],
            ".csv",
            "",
            "is an id: nearly every row has a text",
            "another target",
        ),
        (MANY, ".csv", "", "has 51 classes, more than 50", "rare classes together"),
        (["a"] * 50 + ["b"] * 49 + ["c"], ".csv", "", "class 'c' has 3 rows, at least 5", "join it"),
        ([*range(19)] * 4 + [40], ".csv", "classification", "class '40' has 3 rows", "--task regression"),
        ([0, 1, 1, 2] * 74 + [0, 1, 1, 9], ".csv", "", "class '9' has 1 row", "--task regression"),
        (["2013-01-01", "2013-01-02"], ".csv", "", "is a date", "--time"),
        (["03/17/2013", "03/18/2013"], ".csv", "", "is a date", "--time"),
        (["2001-Q1", "2001-Q2"], ".csv", "", "dates that are not ISO 8601", "another target"),
        ([f"${i},000" for i in range(1, 99)], ".csv", "", "a sign or unit, as in '$1,000'", "plain numbers"),
        ([f"{i} kg" for i in range(99)], ".parquet", "", "a sign or unit, as in '0 kg'", "plain numbers"),
        (
            [f"{i / 7}" for i in range(ROWS - 1)] + ["tbd"],
            ".csv",
            "",
            "holds numbers but for 1 of 300 cells (row 300 says 'tbd')",
            "leave a cell empty",
        ),
        (["yes", "Yes", "no", "no "], ".csv", "", "'Yes', 'yes'; 'no', 'no '", "in one way"),
        (["None", "Minor", "Severe"], ".csv", "", "says 'None' in 100 of 300 rows", "as in 'no y'"),
        (["1,5", "2,5"], ".csv", "", "numbers with a mark that has two readings, as in '1,5'", "plain numbers"),
        (["a", "b"], ".csv", "regression", "is not a number", "--task classification"),
        (
            [i / 7 for i in range(ROWS)],
            ".csv",
            "classification",
            "300 different numbers",
            "--task regression",
        ),
        ([1.5, 2.5], ".parquet", "classification", "has fractions", "--task regression"),
        (["a", "b"], ".csv", "clustering", "no task 'clustering'", "classification, regression"),
        (["1", "1.0", "0"], ".csv", "", "the same number in more than one way: 0, 1, 1.0", "in one way"),
        (["1.5", "inf"], ".csv", "", "is infinite in 150 rows", "Remove"),
        (["a", ""], ".parquet", "", "empty text in 150 rows", "null"),
        ([[1], [2]], ".parquet", "", "of the type BIGINT[]", "numbers, text or booleans"),
        ([b"a", b"b"], ".parquet", "", "of the type BLOB", "numbers, text or booleans"),
    ],
)
def test_a_target_that_cannot_be_one(
    tmp_path: Path, cells: list[Any], suffix: str, task: str, message: str, hint: str
) -> None:
    path = written(tmp_path, cells, suffix)

    with pytest.raises(LadderError) as error:
        profile(path, "y", task=task)

    assert message in error.value.message
    assert hint in error.value.hint
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]


@pytest.mark.parametrize("rows", [1, 2, 19])
def test_too_few_rows(tmp_path: Path, rows: int) -> None:
    with pytest.raises(LadderError, match=f"a value in {rows} rows; at least 20"):
        profile(written(tmp_path, ["a", "b"], rows=rows), "y")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("Y", "Did you mean 'y'?"), (" y", "Did you mean 'y'?"), ("zzz", "Its columns: x, y.")],
)
def test_a_target_that_is_not_there(tmp_path: Path, asked: str, hint: str) -> None:
    with pytest.raises(LadderError, match=f"data.csv has no column '{asked}' for the target") as error:
        profile(written(tmp_path, ["a", "b"]), asked)

    assert error.value.hint == hint
