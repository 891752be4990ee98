"""What is derived from a profile: the room that later data has, and by which columns quality is compared."""

from __future__ import annotations

import msgspec
import pytest

from mlops_ladder.project.dataset import MISSING, Column, Dataset, widened


@pytest.mark.parametrize(
    ("low", "high", "allowed"),
    [
        (10, 20, (5, 25)),
        (0, 10, (0, 15)),
        (1, 10, (0, 14.5)),  # what starts above zero does not go below
        (-1, 1, (-2, 2)),
        (-10, -2, (-14, 2)),
        (5, 5, (5, 5)),
        (0.123456, 0.123456, (0.1235, 0.1235)),
    ],
)
def test_a_range_is_half_as_wide_again_on_each_side(low: float, high: float, allowed: tuple[float, float]) -> None:
    assert widened(low, high) == allowed
    assert Column("a", "number", low=low, high=high).allowed == allowed
    data = Dataset("own", "a.csv", "csv", "a", "regression", 3, target_low=low, target_high=high)
    assert data.target_allowed == allowed


def test_a_range_that_is_not_known_is_zero() -> None:
    assert Column("a", "number").allowed == (0, 0)


@pytest.mark.parametrize(("nulls", "allowed"), [(0, 0.05), (0.1, 0.2), (0.5, 0.8), (0.9, 1), (1, 1)])
def test_later_data_may_miss_half_as_many_values_again(nulls: float, allowed: float) -> None:
    assert Column("a", "number", nulls=nulls).max_missing == allowed


def test_a_target_may_miss_half_as_many_again_or_half_where_nobody_counted() -> None:
    data = Dataset("own", "a.csv", "csv", "a", "regression", 3)

    assert data.max_target_missing == 0.5
    assert msgspec.structs.replace(data, target_nulls=0.1).max_target_missing == 0.2


@pytest.mark.parametrize(
    ("column", "time", "allowed"),
    [
        (Column("a", "number", integer=True), "", 1.0),
        (Column("a", "category"), "", 1.0),
        (Column("a", "category"), "day", 0.3),
        (Column("a", "number"), "", 0.3),
        (Column("a", "text"), "", 0.3),
        (Column("a", "ignored", note="identifier"), "", 0.3),
        (Column("a", "ignored", note="constant"), "", 1.0),
    ],
)
def test_equal_rows_are_suspicious_where_columns_tell_rows_apart(column: Column, time: str, allowed: float) -> None:
    data = Dataset("own", "a.csv", "csv", "y", "regression", 3, (column,), time=time)

    assert data.duplicates_allowed == allowed


def category(name: str, count: int) -> Column:
    return Column(name, "category", values=tuple(map(str, range(count))))


def test_columns_of_a_kind_and_the_first_two_with_few_categories() -> None:
    columns = (
        category("one", 1), category("two", 2), Column("n", "number"), category("eleven", 11), category("ten", 10),
        category("three", 3),
    )  # fmt: skip
    data = Dataset("own", "a.csv", "csv", "y", "binary", 3, columns)

    assert data.slices == ["two", "ten"]
    assert [column.name for column in data.of_kind("category")] == ["one", "two", "eleven", "ten", "three"]
    assert [column.name for column in data.of_kind("number")] == ["n"]
    assert data.of_kind("date") == []


def test_a_profile_with_other_keys_or_words_is_refused() -> None:
    good = {"source": "own", "file": "a.csv", "format": "csv", "target": "y", "task": "binary", "rows": 3}
    assert msgspec.convert(good, Dataset) == Dataset("own", "a.csv", "csv", "y", "binary", 3)
    for wrong in ({"kind": "x"}, {"task": "ranking"}, {"format": "xlsx"}, {"rows": "3"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(good | wrong, Dataset)


def test_words_for_no_value_are_not_words_for_zero() -> None:
    assert {"", "NA", "nan", "NULL"} <= set(MISSING)
    assert not {"0", "-", "none", "no"} & set(MISSING)
