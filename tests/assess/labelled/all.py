"""The whole set."""

from assess.labelled import high, language, low, middle, varied

CASES = [*low.CASES, *middle.CASES, *high.CASES, *language.CASES, *varied.CASES]
