"""Strings on which a regular expression may take more than linear time, made from the expression itself.

Run as a program, it measures: patterns as JSON lines on stdin, one line of output for each.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

SIZE = 20_000
"""Characters at which a pattern is judged."""
FIRST = 2_000
"""Characters at which it is tried first: what is quick here cannot be slow there unless it is worse than quadratic."""
QUICK = 0.0012
SLOW = 0.25

ALPHABET = "a_0Z \n\t-./=:,;'\"`()[]{}<>#$%&|*+?@!\\~^\x00é"
ALWAYS = (
    " ",
    "\n",
    "\n ",
    "a",
    "a ",
    "- ",
    '"',
    "'",
    "(",
    "{{",
    "$(",
    "=",
    ":",
    "a\n",
    "\n\n- ",
    "#",
    "/",
    "a=",
    "\\\n",
)
_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
UNBOUNDED = 100
"""Repetitions from which on a repeat counts as one without end."""


def pumps(pattern: str, flags: int) -> Iterator[tuple[str, str, str]]:
    """(before, what is repeated, after), each once."""
    tree = parser.parse(pattern, flags)
    flags = tree.state.flags  # with those that stand in the pattern
    seen: set[tuple[str, str, str]] = set()
    whole = sample(tree, flags)
    starts = {(prefix, unit) for prefix, node in repeats(tree, "", flags) for unit in units(node, flags)}
    starts |= {("", prefix) for prefix, _ in starts if prefix} | {("", whole), ("", whole[:-1])}
    starts |= {("", unit) for unit in ALWAYS} | {("", prefix + unit) for prefix, unit in starts}
    for before, unit in sorted(starts):
        for after in ("", "\x00", "\n"):
            if unit and (before, unit, after) not in seen:
                seen.add((before, unit, after))
                yield before, unit, after


def holds(node: tuple[Any, Any], character: str, flags: int) -> bool:
    """Whether a node of one character accepts it."""
    kind, value = node
    if kind is codes.ANY:
        return character != "\n" or bool(flags & re.DOTALL)
    if kind is codes.NOT_LITERAL:
        return ord(character) != value
    if kind is codes.IN:
        negated = value[0][0] is codes.NEGATE
        return negated != any(holds(part, character, flags) for part in value if part[0] is not codes.NEGATE)
    if kind is codes.RANGE:
        return value[0] <= ord(character) <= value[1]
    if kind is codes.CATEGORY:
        return re.match(_CATEGORIES[value], character) is not None
    return kind is codes.LITERAL and (
        chr(value) == character or (flags & re.I and chr(value).lower() == character.lower())
    )


def sample(tree: Any, flags: int, branch: int = 0) -> str:
    """A short string that a part of a pattern accepts, as far as its characters tell."""
    return "".join(_sample(node, flags, branch) for node in tree)


def _sample(node: tuple[Any, Any], flags: int, branch: int) -> str:
    kind, value = node
    if kind is codes.LITERAL:
        return chr(value)
    if kind in (codes.ANY, codes.NOT_LITERAL, codes.IN):
        return next((c for c in [*ALPHABET, *map(chr, range(32, 127))] if holds(node, c, flags)), "")
    if kind is codes.BRANCH:
        return sample(value[1][min(branch, len(value[1]) - 1)], flags, branch)
    if kind is codes.SUBPATTERN:
        return sample(value[3], flags, branch)
    if kind in REPEATS:
        return sample(value[2], flags, branch) * max(value[0], 0)
    return sample(value, flags, branch) if kind is codes.ATOMIC_GROUP else ""


def repeats(tree: Any, before: str, flags: int) -> Iterator[tuple[str, Any]]:
    """Every repeat without end, with a string that leads to it."""
    for node in tree:
        kind, value = node
        if kind in REPEATS:
            if value[1] >= UNBOUNDED:
                yield before, value[2]
                yield before + sample(value[2], flags), value[2]
            yield from repeats(value[2], before, flags)
        elif kind is codes.BRANCH:
            for part in value[1]:
                yield from repeats(part, before, flags)
        elif kind is codes.SUBPATTERN:
            yield from repeats(value[3], before, flags)
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            yield from repeats(value[1], before, flags)
        before += _sample(node, flags, 0)


def units(tree: Any, flags: int) -> set[str]:
    """What a repeat accepts again and again."""
    nodes = list(tree)
    if len(nodes) == 1 and nodes[0][0] in (codes.ANY, codes.IN, codes.NOT_LITERAL, codes.LITERAL):
        return {c for c in ALPHABET if holds(nodes[0], c, flags)} or {_sample(nodes[0], flags, 0)}
    return {sample(tree, flags, branch) for branch in range(4)} | {
        c for node in walk(tree) if node[0] in (codes.IN, codes.ANY) for c in ALPHABET if holds(node, c, flags)
    }


def walk(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every node of a pattern."""
    for kind, value in tree:
        yield kind, value
        for part in _parts(kind, value):
            yield from walk(part)


def slowest(pattern: str, flags: int, method: str) -> tuple[float, str]:
    """The longest time in which the pattern goes through one of its strings, and that string in short.

    Strings of many lines are tried at five times the size, too: a file is longer than a line.
    """
    compiled = getattr(re.compile(pattern, flags), method.replace("search", "finditer"))
    worst = (0.0, "")
    for before, unit, after in pumps(pattern, flags):
        size = FIRST
        while size and all(_seconds(compiled, before, unit, after, size) > QUICK * size / FIRST for _ in range(2)):
            size = {FIRST: SIZE, SIZE: 5 * SIZE if "\n" in unit else 0}.get(size, 0)
            if size:
                seconds = _seconds(compiled, before, unit, after, size)
                worst = max(worst, (seconds, f"{before[:40]!r} + {unit[:40]!r}... + {after!r}"))
                if seconds > SLOW:
                    return worst
    return worst


def _seconds(compiled: Any, before: str, unit: str, after: str, size: int) -> float:
    text = before + unit * (size // len(unit)) + after
    start = time.process_time()
    found = compiled(text)
    if isinstance(found, Iterator):
        for _ in found:
            pass
    return time.process_time() - start


def shapes(pattern: str, flags: int) -> set[str]:
    """What about a pattern makes it try many ways to read one string, whatever the machine."""
    tree = parser.parse(pattern, flags)
    return set(_shapes(list(tree), tree.state.flags))


def _shapes(nodes: list[Any], flags: int) -> Iterator[str]:
    for at, (kind, value) in enumerate(nodes):
        if kind in REPEATS:
            mine = _characters(value[2], flags) if value[1] >= UNBOUNDED else set()
            if mine and at and nodes[at - 1] == (codes.AT, codes.AT_BEGINNING) and flags & re.M and "\n" in mine:
                yield "begins at a line and crosses others"
            for after in nodes[at + 1 :]:
                if after[0] in REPEATS and after[1][1] >= UNBOUNDED and mine & _characters(after[1][2], flags):
                    yield "two repeats in a row accept the same"
                if not _nullable(after):
                    break
            if value[1] >= UNBOUNDED and not mine and any(map(_mixes, _inner(list(value[2]), flags, []))):
                yield "a repeat in a repeat, and nothing tells where it ends"
        for part in _parts(kind, value):
            yield from _shapes(list(part), flags)


def _inner(nodes: list[Any], flags: int, fixed: list[set[str]]) -> Iterator[tuple[set[str], list[set[str]]]]:
    """The repeats without end in a repeat: their characters, and those of what must stand around them."""
    for at, (kind, value) in enumerate(nodes):
        others = [_characters([node], flags) for node in nodes[:at] + nodes[at + 1 :] if not _nullable(node)]
        if kind in REPEATS and value[1] >= UNBOUNDED and (mine := _characters(value[2], flags)):
            yield mine, fixed + others
        for part in _parts(kind, value):
            yield from _inner(list(part), flags, fixed + others)


def _mixes(repeat: tuple[set[str], list[set[str]]]) -> bool:
    mine, fixed = repeat
    return not any(other and not other & mine for other in fixed)


def _characters(tree: Any, flags: int) -> set[str]:
    """The characters of a part that accepts one at a time; none of any other part."""
    nodes = list(tree)
    if len(nodes) == 1 and nodes[0][0] is codes.SUBPATTERN:
        return _characters(nodes[0][1][3], flags)
    if len(nodes) != 1 or nodes[0][0] not in (codes.ANY, codes.IN, codes.NOT_LITERAL, codes.LITERAL):
        return set()
    return {c for c in {*ALPHABET, *map(chr, range(32, 127))} if holds(nodes[0], c, flags)}


def _nullable(node: tuple[Any, Any]) -> bool:
    kind, value = node
    if kind in REPEATS:
        return value[0] == 0 or all(map(_nullable, value[2]))
    if kind is codes.BRANCH:
        return any(all(map(_nullable, part)) for part in value[1])
    if kind is codes.SUBPATTERN:
        return all(map(_nullable, value[3]))
    return kind in (codes.AT, codes.ASSERT, codes.ASSERT_NOT)


def _parts(kind: Any, value: Any) -> list[Any]:
    if kind is codes.BRANCH:
        return list(value[1])
    return [value[2]] if kind in REPEATS else [value[3]] if kind is codes.SUBPATTERN else []


def main() -> None:
    """Measure what stdin names."""
    for line in sys.stdin:
        print(json.dumps(slowest(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
