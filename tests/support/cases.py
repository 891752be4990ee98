"""The space of projects, and how much of it a test goes through.

A project is a level, a variant (an answer to every question), a shape of data and a name. `every` is the whole
product, for what takes milliseconds in this process; `pairs` has each pair of values somewhere, for processes; `few`
has each value once, for what is dear. Whoever adds a level, a question or a shape to its own table has it here and in
all tests at once.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cache
from itertools import combinations, pairwise, product

from mlops_ladder.project.answers import QUESTIONS, every_choice, variant
from mlops_ladder.project.layers import available
from support.shapes import SHAPES

LEVELS = available()
TOP = LEVELS[-1]
CI = next(question for question in QUESTIONS if question.name == "ci")
HOSTS = CI.texts
VARIANTS = tuple(map(variant, every_choice()))
# An ordinary name, the shortest and the longest: import lines, keys and paths grow with it.
NAMES = ("late-flights", "z", "q" * 30)


Part = tuple[tuple[int, object], ...]
"""Some values of a case, each with its place."""


@dataclass(frozen=True)
class Case:
    """One project of the space."""

    shape: str
    level: int
    variant: str
    name: str

    def __str__(self) -> str:
        return f"{self.shape}-{self.level}-{self.variant}-{self.name[:12]}"


@cache
def every() -> tuple[Case, ...]:
    """All of them."""
    return tuple(Case(*values) for values in product(SHAPES, LEVELS, VARIANTS, NAMES))


def pairs() -> tuple[Case, ...]:
    """The fewest found in which every two values that can meet do."""
    return _covering(2)


def few() -> tuple[Case, ...]:
    """The fewest found in which every value occurs."""
    return _covering(1)


def kinds() -> list[tuple[int, str]]:
    """Each level in each variant."""
    return list(product(LEVELS, VARIANTS))


def steps() -> list[tuple[int, int, str]]:
    """Each level, the next one, in each variant."""
    return [(below, above, variant) for below, above in pairwise(LEVELS) for variant in VARIANTS]


def lifts() -> list[tuple[int, int]]:
    """Each level and each that is higher."""
    return list(combinations(LEVELS, 2))


@cache
def _covering(strength: int) -> tuple[Case, ...]:
    """Cases that have all combinations of so many values, chosen greedily: each time the one that adds most.

    Of those that add as much, the one with most larger combinations that are new: values are spread, not repeated.
    """
    missing = {part for case in every() for part in _parts(case, strength)}
    seen: set[Part] = set()
    chosen: list[Case] = []
    while missing:

        def adds(case: Case) -> tuple[int, int]:
            return len(missing & _parts(case, strength)), len(_parts(case, strength + 1) - seen)  # noqa: B023

        best = max(every(), key=adds)
        missing -= _parts(best, strength)
        seen |= _parts(best, strength + 1)
        chosen.append(best)
    return tuple(chosen)


def _parts(case: Case, strength: int) -> set[Part]:
    return set(combinations(enumerate(astuple(case)), strength))
