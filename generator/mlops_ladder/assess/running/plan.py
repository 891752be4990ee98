"""What a person agrees to before anything is executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_ladder.assess.running.commands import Planned
from mlops_ladder.assess.running.origin import Origin
from mlops_ladder.legible import line

_SHOWN = 3  # names of files


@dataclass(frozen=True)
class Plan:
    """The commands, in their order, and what the copy that they run in is made from.

    One that is evidence for two capabilities is there for each, and executed once.
    """

    commands: Sequence[Planned]
    origin: Origin

    @property
    def text(self) -> str:
        """The plan in lines."""
        rows = []
        for command in dict.fromkeys(planned.command for planned in self.commands):
            same = [planned for planned in self.commands if planned.command == command]
            what = ", ".join(planned.capability or "set-up" for planned in same)
            rows.append((command, what, f"({', '.join(planned.where for planned in same)})"))
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        lines = [f"--run executes these commands as you, in a copy of {self.origin.name}. It is no sandbox."]
        lines += [f"  {command:<{widths[0]}}  {what:<{widths[1]}}  {where}" for command, what, where in rows]
        if self.origin.changed:
            lines.append(f"Not committed, and so not in the copy: {named(self.origin.changed)}")
        return "\n".join(map(line, lines))


def named(paths: Sequence[str]) -> str:
    """The first few of some paths, and how many more there are."""
    more = len(paths) - _SHOWN
    return ", ".join(map(line, paths[:_SHOWN])) + (f" and {more} more" if more > 0 else "")
