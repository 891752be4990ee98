"""The table that a project trains on, as profiled once."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Task = Literal["binary", "multiclass", "regression"]
Kind = Literal["number", "category", "text", "date", "ignored"]


class Column(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the profile found in one column of the data.

    `nulls` is the share of missing values, 0 to 1. `low`, `high` and the 1 % and 99 % quantiles `q01`, `q99`
    are set for numbers; `values` (sorted) for categories with at most 50 of them; `note` says why a column
    is ignored.
    """

    name: str
    kind: Kind
    nulls: float = 0.0
    low: float | None = None
    high: float | None = None
    q01: float | None = None
    q99: float | None = None
    integer: bool = False
    values: tuple[str, ...] = ()
    note: str = ""

    @property
    def allowed(self) -> tuple[float, float]:
        """The range a number may have in later data: half as wide again on each side, but no new sign."""
        return widened(self.low or 0.0, self.high or 0.0)

    @property
    def max_missing(self) -> float:
        """The share of missing values that later data may have: half as many again, and 5 %."""
        return min(1.0, round(self.nulls * 1.5 + 0.05, 2))


def widened(low: float, high: float) -> tuple[float, float]:
    """A range with room for values not seen yet; one that starts at or above zero stays there."""
    room = (high - low) / 2
    floor = max(0.0, low - room) if low >= 0 else low - room
    return float(f"{floor:.4g}"), float(f"{high + room:.4g}")


class Dataset(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The data a project trains on, as profiled once; every template reads it from here.

    `file` is the file's name under `data/raw/`; `source` is `"flights"` for the shipped sample, `"own"` for
    the user's. `positive` is the class that a binary model predicts the probability of. `first` and `last`
    bound the time column (ISO 8601).
    `columns` are all columns but the target and the time column.
    """

    source: str
    file: str
    format: Literal["csv", "parquet"]
    target: str
    task: Task
    rows: int
    columns: tuple[Column, ...] = ()
    separator: str = ","
    time: str = ""
    first: str = ""
    last: str = ""
    positive: str = ""
    classes: tuple[str, ...] = ()
    target_low: float | None = None
    target_high: float | None = None

    @property
    def target_allowed(self) -> tuple[float, float]:
        """The range that a regression's target may have in later data."""
        return widened(self.target_low or 0.0, self.target_high or 0.0)

    @property
    def slices(self) -> list[str]:
        """The columns by whose values a model's quality is compared: the first two with few categories."""
        few = [column.name for column in self.of_kind("category") if 2 <= len(column.values) <= 10]
        return few[:2]

    def of_kind(self, kind: Kind) -> list[Column]:
        """The columns of one kind, in the order of the file."""
        return [column for column in self.columns if column.kind == kind]
