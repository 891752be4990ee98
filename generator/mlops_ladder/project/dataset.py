"""The table that a project trains on, as profiled once."""

from __future__ import annotations

from sys import float_info
from typing import Annotated, Literal

from msgspec import Meta, Struct

Task = Literal["binary", "multiclass", "regression"]
Kind = Literal["number", "category", "text", "date", "ignored"]
Format = Literal["csv", "parquet"]

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
"""The format of a data file, by the end of its name."""
MAX_COLUMNS = 2_000  # each takes memory while it is profiled, and a table of the lock
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")
"""Cells that mean "no value"; the generated project reads with the same list."""
MAX_VALUES = 50  # a category with more is not listed, a target with more is none

# What intake writes, and no more, is what a lock may say. What comes from the cells of a table is any text.
FileName = Annotated[str, Meta(pattern=r"\A[^\W_][\w.-]*\Z", max_length=255)]
Moment = Annotated[str, Meta(pattern=r"\A[0-9TZ:.+-]{0,40}\Z")]
Note = Annotated[str, Meta(pattern=r"\A[ -~]{0,100}\Z")]
Form = Annotated[str, Meta(pattern=r"\A(s|ms|us|(%[A-Za-z]|[ .,/:-]){0,20})\Z")]
Number = Annotated[float, Meta(ge=-float_info.max, le=float_info.max)]
Share = Annotated[float, Meta(ge=0, le=1)]
Values = Annotated[tuple[str, ...], Meta(max_length=MAX_VALUES)]


class Column(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the profile found in one column of the data.

    `nulls` is the share of missing values, 0 to 1. `low`, `high` and the 1 % and 99 % quantiles `q01`, `q99`
    are set for numbers; `values` (sorted) for categories with at most 50 of them; `note` says why a column
    is ignored, `remark` what else its owner should know. `form` is how dates are written, in the language of
    `strptime`, where that is not ISO 8601.
    """

    name: str
    kind: Kind
    nulls: Share = 0.0
    low: Number | None = None
    high: Number | None = None
    q01: Number | None = None
    q99: Number | None = None
    integer: bool = False
    values: Values = ()
    note: Note = ""
    remark: Note = ""
    form: Form = ""

    @property
    def allowed(self) -> tuple[float, float]:
        """The range a number may have in later data: half as wide again on each side, but no new sign."""
        return widened(self.low or 0.0, self.high or 0.0)

    @property
    def max_missing(self) -> float:
        """The share of missing values that later data may have: half as many again, and 5 %."""
        return room_for_missing(self.nulls)


def room_for_missing(nulls: float) -> float:
    """The share of missing values that later data may have."""
    return min(1.0, round(nulls * 1.5 + 0.05, 2))


def widened(low: float, high: float) -> tuple[float, float]:
    """A range with room for values not seen yet; one that starts at or above zero stays there."""
    room = (high - low) / 2
    floor = max(0.0, low - room) if low >= 0 else low - room
    return float(f"{floor:.4g}"), float(f"{high + room:.4g}")


class Dataset(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The data a project trains on, as profiled once; every template reads it from here.

    `file` is the file's name under `data/raw/`; `source` is `"flights"` for the shipped sample, `"own"` for
    the user's. `positive` is the class that a binary model predicts the probability of. `first` and `last`
    bound the time column (ISO 8601). `target_nulls`, the target's quantiles and `shares`, of the classes, are not
    known of projects made before 0.2.0.
    `columns` are all columns but the target and the time column.
    `decimal`, `thousands` and `missing` (besides the usual) are how cells are written, `time_form` as in `Column`.
    `group` is the column whose equal values stay on one side of the split, `seed` picks the rows that are held out,
    `unlabelled` counts rows without a target; `target_remark` is said of the target as `remark` of a `Column`.
    """

    source: Annotated[str, Meta(pattern=r"\A(flights|own)\Z")]
    file: FileName
    format: Format
    target: str
    task: Task
    rows: Annotated[int, Meta(ge=0)]
    columns: Annotated[tuple[Column, ...], Meta(max_length=MAX_COLUMNS)] = ()
    separator: Annotated[str, Meta(pattern=r"\A[,;\t|]\Z")] = ","
    time: str = ""
    first: Moment = ""
    last: Moment = ""
    positive: str = ""
    classes: Values = ()
    target_low: Number | None = None
    target_high: Number | None = None
    decimal: Annotated[str, Meta(pattern=r"\A[.,]\Z")] = "."
    thousands: Annotated[str, Meta(pattern=r"\A[., '\u00a0\u2019\u202f]?\Z")] = ""
    missing: Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(max_length=200)] = ()
    time_form: Form = ""
    group: str = ""
    seed: Annotated[int, Meta(ge=0, le=999)] = 7
    unlabelled: Annotated[int, Meta(ge=0)] = 0
    target_q01: Number | None = None
    target_q99: Number | None = None
    target_nulls: Share | None = None
    shares: Annotated[tuple[Share, ...], Meta(max_length=MAX_VALUES)] = ()
    target_remark: Note = ""

    @property
    def dates(self) -> dict[str, str]:
        """The forms of the columns whose dates are not ISO 8601, by name."""
        forms = {column.name: column.form for column in self.of_kind("date") if column.form}
        return forms | ({self.time: self.time_form} if self.time_form else {})

    @property
    def marks(self) -> bool:
        """Whether numbers are written with other marks than a point."""
        return (self.decimal, self.thousands) != (".", "")

    @property
    def marked(self) -> bool:
        """Whether a format that has missing cells holds words for them, too."""
        return bool(self.missing) and self.format != "csv"

    @property
    def rewritten(self) -> bool:
        """Whether the cells need rewriting before Python knows them."""
        return self.marks or self.marked or bool(self.dates)

    @property
    def counted(self) -> bool:
        """Whether a time is a count since 1970."""
        return any("%" not in form for form in self.dates.values())

    @property
    def missing_words(self) -> list[str]:
        """Every cell that means "no value"."""
        return [*MISSING, *self.missing]

    @property
    def date_features(self) -> list[str]:
        """The dates that are learned from: of a table that holds nothing else, the time itself."""
        kept = [column for column in self.columns if column.kind != "ignored"]
        return [column.name for column in self.of_kind("date")] if kept or not self.time else [self.time]

    @property
    def target_allowed(self) -> tuple[float, float]:
        """The range that a regression's target may have in later data."""
        return widened(self.target_low or 0.0, self.target_high or 0.0)

    @property
    def target_usual(self) -> tuple[float, float] | None:
        """Where 98 % of a regression's target lie."""
        return None if self.target_q01 is None or self.target_q99 is None else (self.target_q01, self.target_q99)

    @property
    def max_target_missing(self) -> float:
        """The share of rows without a target that later data may have."""
        return 0.5 if self.target_nulls is None else room_for_missing(self.target_nulls)

    @property
    def duplicates_allowed(self) -> float:
        """The share of rows that may repeat an earlier one: all, where no column tells rows apart."""
        telling = any(
            column.kind == "text"
            or (column.kind == "number" and not column.integer)
            or (column.kind == "ignored" and column.note == "identifier")
            for column in self.columns
        )
        return 0.3 if telling or self.time else 1.0

    @property
    def slices(self) -> list[str]:
        """The columns by whose values a model's quality is compared: the first two with few categories."""
        few = [column.name for column in self.of_kind("category") if 2 <= len(column.values) <= 10]
        return few[:2]

    def of_kind(self, kind: Kind) -> list[Column]:
        """The columns of one kind, in the order of the file."""
        return [column for column in self.columns if column.kind == kind]
