"""The whole set."""

from tests.labelled import high, language, low, middle

CASES = [*low.CASES, *middle.CASES, *high.CASES, *language.CASES]
