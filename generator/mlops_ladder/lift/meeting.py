"""Changes that meet at one place of a text, where git's merge stops, brought together line by line. Pure.

Lines that one side only adds stand beside whatever the other side does there; lines that both change are left to a
person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

Lines = Sequence[str]
_WORDS = re.compile(r"[ \t]+|[^ \t\r\n]+|[\r\n]+")


class GiveUp(Exception):  # noqa: N818
    """The sides cannot be brought together without a person."""


class Region(NamedTuple):
    """A place where both sides differ from the base, and each side's lines there."""

    ours: list[str]
    base: list[str]
    theirs: list[str]


class _Change(NamedTuple):
    """The lines `first` to `end` of the base become `lines`; an addition where there are none of the base."""

    first: int
    end: int
    lines: tuple[str, ...]

    @property
    def adds(self) -> bool:
        return self.first == self.end


def settle(merged: str, size: int, *, prose: bool = False, words: bool = False) -> tuple[str, str, str]:
    """Base, ours and theirs of a text that git merged with `--diff3`, alike wherever the sides can be brought together.

    `size` is that of the markers. What git merged by itself is alike on all three, too.
    """
    sides: list[list[str]] = [[], [], []]
    for part in _parts(merged, size):
        text = part if isinstance(part, str) else together(part, prose=prose, words=words)
        for side, own in zip(sides, ("base", "ours", "theirs"), strict=True):
            side.append(text if text is not None else "".join(getattr(part, own)))
    base, ours, theirs = map("".join, sides)
    return base, ours, theirs


def _parts(merged: str, size: int) -> list[str | Region]:
    """The merged text between the conflicts, and these."""
    marks = {character * size: side for side, character in enumerate("<|=>")}
    parts: list[str | Region] = []
    plain: list[str] = []
    sides: list[list[str]] = []
    for line in merged.splitlines(keepends=True):
        side = marks.get(line.rstrip("\r\n").split(" ")[0])
        if side == 0:
            parts.append("".join(plain))
            sides, plain = [[]], []
        elif side == 3:
            parts.append(Region(*sides))
            sides = []
        elif side is not None:
            sides.append([])
        else:
            (sides[-1] if sides else plain).append(line)
    return [*parts, "".join(plain)]


def together(region: Region, *, prose: bool = False, words: bool = False) -> str | None:
    """One text of both sides of a region; nothing where both change the same lines, or with `words` the same words.

    In `prose` two changed lines that are neighbours are left to a person, since a sentence may run over both; and what
    the user took out of it stays out, however the template words it now.
    """
    ours, theirs = (list(_changes(region.base, side, prose)) for side in (region.ours, region.theirs))
    ours = [_clear_of(theirs, change, region.base, prose) for change in ours]
    theirs = [_clear_of(ours, change, region.base, prose) for change in theirs]
    if prose:
        theirs = [new for new in theirs if new.adds or not any(_took_out(mine, new) for mine in ours)]
        ours = [mine for mine in ours if not any(_took_out_too(mine, new, region.base) for new in theirs)]
    if words:
        ours, theirs = _worded(region.base, ours, theirs, prose)
    if any(_clash(mine, new, prose) for mine in ours for new in theirs):
        return None
    result: list[str] = []
    for at in range(len(region.base) + 1):
        added = [next((c.lines for c in side if c.adds and c.first == at), ()) for side in (ours, theirs)]
        result += _joined(*added)
        whole = [change for change in (*ours, *theirs) if not change.adds and change.first <= at < change.end]
        if whole:
            result += whole[0].lines if whole[0].first == at else ()
        else:
            result += region.base[at : at + 1]
    return "".join(result)


def _changes(base: Lines, side: Lines, prose: bool) -> Iterator[_Change]:
    """What one side does to the base: additions only, where that explains it."""
    kept = _kept(base, side)
    if kept is not None:
        for at, (before, after) in enumerate(pairwise((-1, *kept, len(side)))):
            if after - before > 1:
                yield _Change(at, at, tuple(side[before + 1 : after]))
        return
    for how, first, end, start, stop in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if end - first == stop - start and not (prose and _sentences([*base[first:end], *side[start:stop]])):
            yield from (_Change(at, at + 1, (side[start + at - first],)) for at in range(first, end) if how != "equal")
        elif how != "equal":
            yield _Change(first, end, tuple(side[start:stop]))


def _sentences(lines: Lines) -> bool:
    """Whether some lines of prose run on, as rows of a table and commands with a comment do not."""
    return not all(line.startswith("|") or "  # " in line for line in lines)


def _kept(base: Lines, side: Lines) -> list[int] | None:
    """Where the lines of the base stand in a side that has all of them in their order; nothing for any other."""
    found: list[int] = []
    for line in base:
        at = found[-1] + 1 if found else 0
        while at < len(side) and side[at] != line:
            at += 1
        if at == len(side):
            return None
        found.append(at)
    return found


def _took_out(mine: _Change, new: _Change) -> bool:
    return not mine.lines and mine.first <= new.first and new.end <= mine.end


def _took_out_too(mine: _Change, new: _Change, base: Lines) -> bool:
    """Whether the lines that we took out are among those for which the other side has others."""
    inside = not mine.adds and not mine.lines and new.first <= mine.first and mine.end <= new.end
    return inside and not any(line in new.lines for line in base[mine.first : mine.end] if line.strip())


def _worded(base: Lines, ours: list[_Change], theirs: list[_Change], prose: bool) -> tuple[list[_Change], ...]:
    """The changes, those alike in which both sides changed other words of one line."""
    for at, mine in enumerate(ours):
        for number, new in enumerate(theirs):
            if (mine.first, mine.end) == (new.first, new.end) and mine.end - mine.first == 1 == len(mine.lines) == len(
                new.lines
            ):
                line = _one_line(
                    base[mine.first], mine.lines[0], new.lines[0], apart=5 if prose and _sentences(new.lines) else 1
                )
                if line is not None:
                    ours[at] = theirs[number] = _Change(mine.first, mine.end, (line,))
    return ours, theirs


def _one_line(base: str, ours: str, theirs: str, apart: int) -> str | None:
    """A line with the changed words of both sides, where so many unchanged ones, and blanks, lie between them."""
    before, mine, new = (_WORDS.findall(line) for line in (base, ours, theirs))
    changes = [list(_changes(before, side, prose=True)) for side in (mine, new)]
    for one in changes[0]:
        for other in changes[1]:
            if one != other and max(one.first, other.first) < min(one.end, other.end) + apart:
                return None
    result: list[str] = []
    for at in range(len(before) + 1):
        here = dict.fromkeys(change for side in changes for change in side if change.first == at)
        result += [word for change in here for word in change.lines]
        if not any(change.first <= at < change.end for side in changes for change in side):
            result += before[at : at + 1]
    return "".join(result)


def _clear_of(others: Sequence[_Change], change: _Change, base: Lines, prose: bool) -> _Change:
    """The same change, an addition possibly told as one that stands elsewhere, where it is in no other's way."""
    for same in _alike(change, base):
        if not any(_clash(same, other, prose) for other in others):
            return same
    return change


def _alike(change: _Change, base: Lines) -> Iterator[_Change]:
    """A change, and the additions elsewhere that give the same text: `a b a` is `a` with `b a`, or with `a b`."""
    yield change
    if change.adds:
        first, lines = change.first, change.lines
        while first > 0 and lines[-1] == base[first - 1]:
            first, lines = first - 1, (lines[-1], *lines[:-1])
            yield _Change(first, first, lines)
        first, lines = change.first, change.lines
        while first < len(base) and lines[0] == base[first]:
            first, lines = first + 1, (*lines[1:], lines[0])
            yield _Change(first, first, lines)


def _clash(mine: _Change, new: _Change, prose: bool) -> bool:
    if mine == new or (mine.adds and new.adds):
        return False
    if mine.adds or new.adds:
        addition, other = (mine, new) if mine.adds else (new, mine)
        # What belongs to lines that the other side takes away would end up under something else; outside of prose the
        # result is held against what it must mean.
        orphan = prose and not other.lines and addition.first == other.end and _depth(addition.lines) > 0
        return other.first < addition.first < other.end or orphan
    first, end = max(mine.first, new.first), min(mine.end, new.end)
    return first < end + (prose and _sentences([*mine.lines, *new.lines]))


def _joined(ours: Lines, theirs: Lines) -> list[str]:
    """What both sides add at one place: first what continues the lines above, ours before theirs otherwise."""
    if not ours or not theirs or ours == theirs:
        return [*(ours or theirs)]
    first, second = (theirs, ours) if _depth(theirs) > _depth(ours) else (ours, theirs)
    parted = first[-1].strip() and second[0].strip() and not (first[0].strip() and second[-1].strip())
    return [*first, *(["\r\n" if first[-1].endswith("\r\n") else "\n"] if parted else []), *second]


def _depth(lines: Lines) -> int:
    """How far the first of some lines is indented; a blank one begins something new."""
    return len(lines[0]) - len(lines[0].lstrip()) if lines and lines[0].strip() else -1
