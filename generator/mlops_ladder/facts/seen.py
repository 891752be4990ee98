"""What was looked for in a repository: where it is, or what was seen that does not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """The places (file:line) that show a thing; `note` says what only looks like it, or what the place says."""

    places: tuple[str, ...] = ()
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.places)


def first(steps: Iterable[Seen | None]) -> Seen:
    """The first that shows the thing; if none does, all that was seen instead, each once."""
    notes: list[str] = []
    for step in steps:
        if step:
            return step
        if step is not None and step.note:
            notes.append(step.note)
    return Seen((), "; ".join(dict.fromkeys(notes)))
