"""Texts that are made of named blocks, settled block by block where one side has moved them. Pure.

A Makefile is made of targets, a document of sections. Their order is the user's; a block that comes stands after the
one that it follows in the new render.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TARGET = re.compile(r"([A-Za-z0-9_/%-][A-Za-z0-9_./% -]*):(?!=)")
_FENCES = ("```", "~~~")


class Block(NamedTuple):
    """What a block is called, and its lines without the blank ones after it."""

    key: str
    text: str


Settled = tuple[str, str, str]
"""Base, ours and theirs of a text, alike where they can be brought together."""


def settle_blocks(kind: str, texts: Settled, one: Callable[[Settled], Settled]) -> Settled | None:
    """Three texts in the order of ours; `one` settles a block that both sides changed.

    Nothing where blocks have no names of their own, or one side took away what the other changed.
    """
    if kind not in _SPLITTERS or "\r" in "".join(texts):
        return None
    sides = [list(_SPLITTERS[kind](text.splitlines())) for text in texts]
    base, ours, theirs = ({block.key: block.text for block in side} for side in sides)
    if [len(base), len(ours), len(theirs)] != [len(side) for side in sides]:
        return None
    if any(key not in ours and key not in theirs for key in base):
        return None  # both may have given it another name
    settled: list[Settled] = []
    for key in _order(sides[0], sides[1], sides[2]):
        before, mine, new = base.get(key), ours.get(key), theirs.get(key)
        if new == before or mine == new:
            kept = mine
        elif mine == before:
            kept = new
        elif before is None or mine is None or new is None:
            return None
        else:
            settled.append(one((before, mine, new)))
            continue
        if kept is not None:
            settled.append((kept, kept, kept))
    whole = ["\n".join(blocks) for blocks in zip(*settled, strict=True)]
    return whole[0], whole[1], whole[2]


def _order(base: list[Block], ours: list[Block], theirs: list[Block]) -> list[str]:
    """The names of all blocks: ours in their order, and each other one after the nearest that it follows."""
    order = [block.key for block in ours]
    for side in (base, theirs):
        for at, block in enumerate(side):
            if block.key not in order:
                above = [one.key for one in side[:at] if one.key in order]
                order.insert(order.index(above[-1]) + 1 if above else 0, block.key)
    return order


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """The paragraphs of a Makefile, called after their first target."""
    held: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            held.append(line)
        elif held:
            names = [match[1] for match in map(_TARGET.match, held) if match]
            recipe = " with a recipe" if any(one.startswith("\t") for one in held) else ""
            yield Block(names[0] + recipe if names else held[0], _text(held))
            held = []


def _sections(lines: list[str]) -> Iterator[Block]:
    """The sections of a document, called by their headings; the title may change."""
    held: list[str] = []
    key, fenced = "", False
    for line in lines:
        fenced ^= line.startswith(_FENCES)
        if line.startswith(("# ", "## ")) and not fenced:
            if held:
                yield Block(key, _text(held))
            held, key = [], line if line.startswith("## ") else "# "
        held.append(line)
    if held:
        yield Block(key, _text(held))


def _text(lines: list[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


_SPLITTERS: dict[str, Callable[[list[str]], Iterator[Block]]] = {"make": _paragraphs, "prose": _sections}
