"""The whole set."""

from tests.labelled import low, middle

CASES = [*low.CASES, *middle.CASES]
