"""No regular expression of the package takes more than linear time, whatever a repository holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

import support.pump
from support.budget import slowness
from support.child import answers
from support.patterns import Known, Pattern, patterns
from support.pump import SLOW, shapes

# What a pattern is made of that only running tells, and what stands for it here. Nothing stands where a function takes
# a whole pattern: those that are handed to it are found themselves.
KNOWN: dict[tuple[str, str], Known | None] = {
    ("facts/code/decisions", "effect"): None,
    ("facts/code/modules", "pattern"): None,
    ("facts/docs", "name"): None,
    ("facts/docs", "pattern"): None,
    ("facts/read/files", "pattern"): None,
    ("facts/tasks/npm", "f'{key}\\\\s*:'"): {"key": '"a"'},
    ("facts/source/rules", "linear(pattern.regex.pattern)"): None,  # of a repository: see the test of `rules`
    ("intake/csv", "f'(?:^|{cut})[ \\\\t]+\"|\"[ \\\\t]+(?:$|{cut})'"): {"cut": ";"},
    ("intake/plain", "b'\"[^\\n\"' + re.escape(cut) + b']'"): None,  # one quote and one letter
}
LIMIT = 10
"""Seconds after which a pattern is taken to hang."""


@cache
def found() -> tuple[dict[Pattern, str], set[tuple[str, str]]]:
    """Each pattern once with the place where it stands, and what could not be read from the source."""
    everything, dark = patterns(KNOWN)
    places: dict[Pattern, str] = {}
    for pattern in everything:
        places.setdefault(pattern._replace(where=""), pattern.where)
    return places, dark


def slow(among: Iterable[Pattern], limit: float) -> dict[Pattern, str]:
    """The patterns that take longer than they may, measured in a child that is ended when one of them hangs."""
    waiting, bad = list(among), {}
    while waiting:
        done, hangs = answers(Path(support.pump.__file__), [pattern[1:] for pattern in waiting], LIMIT * limit / SLOW)
        for pattern, (seconds, pump) in zip(waiting, done, strict=False):
            if seconds > limit:
                bad[pattern] = f"{seconds:.2f} s: {pump}"
        assert done or hangs, "the child measured nothing"
        waiting = waiting[len(done) :]
        if hangs and waiting:
            bad[waiting.pop(0)] = "does not end"
    return bad


def test_every_pattern_is_read_from_the_source() -> None:
    places, dark = found()

    assert dark == set(KNOWN)
    assert len(places) > 400


def test_no_pattern_has_a_shape_that_backtracks() -> None:
    places, _ = found()

    assert {f"{where}: {p.text}": s for p, where in places.items() if (s := shapes(p.text, p.flags))} == {}


@pytest.mark.slow
def test_every_pattern_takes_linear_time() -> None:
    places, _ = found()
    bad = slow(places, SLOW * max(1.0, slowness()))

    assert {f"{places[pattern]}: {pattern.text}": why for pattern, why in bad.items()} == {}


@pytest.mark.parametrize("text", [r"^\s*FROM", r"\w*word", r"/\*(?s:.*?)\*/", r"\s+$"])
def test_a_slow_pattern_is_found(text: str) -> None:
    pattern = Pattern("", text, re.MULTILINE, "search")

    assert set(slow([Pattern("", "plain", 0, "search"), pattern], SLOW / 4)) == {pattern}


def test_a_pattern_that_hangs_is_named_and_those_after_it_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(slow.__globals__, "LIMIT", 2)
    hanging = Pattern("", r"(a+)+b", 0, "search")

    assert slow([hanging, Pattern("", "plain", 0, "search")], SLOW) == {hanging: "does not end"}


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        (r"\s*-?\s*x", True), (r"\s*-x\s*", False), (r"\W*\s*", True), (r"[ \t]*\n\w+", False), (r"\w+=?\S*", True),
        (r"(\w+\s*)*:", True), (r"(-\w+ )*x", False), (r"([ \t]*(-[^\n]*)?\n)*", False), (r"(a|#[^\n]*)*", True),
        (r"(?m)^\s*x", True), (r"^\s*x", False), (r"(?m)^[ \t]*x", False), (r"\w{0,80}\w{0,80}", False),
    ],
)  # fmt: skip
def test_a_shape_is_found(text: str, bad: bool) -> None:
    assert bool(shapes(text, 0)) is bad
