"""The whole set."""

from labelled import high, language, low, middle, varied

CASES = [*low.CASES, *middle.CASES, *high.CASES, *language.CASES, *varied.CASES]
