"""The whole set."""

from labelled import high, language, low, middle

CASES = [*low.CASES, *middle.CASES, *high.CASES, *language.CASES]
