"""The conflicts of a merge as the user will find them: under the names on disk, with their lines and a way out each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

SAME_PLACE = "changed on both sides at the same place"
BOTH_ADDED = "added on both sides"
BOTH_ADD = "both sides add lines at the same place"
IN_THE_WAY = "something else of yours stands in its place"
_SHOWN = 3  # places of a file that are named


class Place(NamedTuple):
    """A conflict in a file: the line of its first marker, and whether both sides only add there."""

    line: int
    adds: bool


def as_picked(path: str) -> str:
    """The path of a conflict under the name that a cherry-pick gives it: the user's file beside a folder is `~HEAD`."""
    return re.sub(r"~[0-9a-f]{40,64}$", "~HEAD", path)


def beside(path: str, short: str, subject: str) -> str:
    """The name that a cherry-pick gives to a new file whose place is taken: after the commit that brings it."""
    return f"{path}~{short} ({subject.replace('/', '_')})"


def described(what: str, content: bytes) -> str:
    """What is the matter, with the places that hold markers."""
    found = list(places(content))
    if what != SAME_PLACE or not found:
        return what
    if all(place.adds for place in found):
        what = BOTH_ADD
    lines = ", ".join(str(place.line) for place in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{what}: line{'s' if len(found) > 1 else ''} {lines}{more}"


def places(content: bytes) -> Iterator[Place]:
    """The conflicts in a text with markers in the style of zdiff3."""
    start = base = 0
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.startswith(b"<<<<<<< "):
            start = number
        elif line.startswith(b"||||||| "):
            base = number
        elif line.rstrip(b"\r") == b"=======" and start:
            yield Place(start, number == base + 1)
            start = 0


def commands(path: str, what: str, side: str = "", *, recorded: bool = False) -> list[str]:
    """The commands that settle a conflict; `side` is the file on disk that holds the new version, if another one does.

    Where a resolution was `recorded`, git has put it in already.
    """
    name = shlex.quote(path)
    if recorded:
        return [f"git diff -- {name}  # your resolution of the last time is in place", f"git add {name}"]
    if side:
        new = shlex.quote(side)
        return [f"cat {new}  # the new one", f"git rm -q -f -- {new} && git add {name}  # keep yours"]
    if what == BOTH_ADDED or what.startswith("binary"):
        return [
            *([] if what.startswith("binary") else [f"git add {name}  # after editing it"]),
            f"git checkout --ours {name} && git add {name}  # keep yours",
            f"git checkout --theirs {name} && git add {name}  # take the new one",
        ]
    if what.startswith("edited by you"):
        return [f"git add {name}  # keep it", f"git rm {name}  # let it go"]
    if what.startswith(("moved", "a file on one side")):
        return ["git status", f"git add {name}  # or git rm, for every path named there"]
    if what.startswith(BOTH_ADD):
        return [f"git add {name}  # after taking the markers out: keep both parts"]
    return [f"git add {name}  # after editing it"]
