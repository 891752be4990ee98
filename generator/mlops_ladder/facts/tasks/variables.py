"""The variables of a Makefile or justfile, filled in where they are used, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINE_LIMIT = 10_000
"""Characters that a line may have once its variables are filled in."""
FILE_LIMIT = 500_000
"""Characters by which the variables may make the lines of a file longer, all together."""

_SET = re.compile(r"(\w+)[ \t]*[:?]?:?=")
_USE = re.compile(r"\$[({](\w+)[)}]|\{\{[ \t]*(\w+)[ \t]*\}\}")


class Variables:
    """What the lines of a file set; `cut` says that a line was not filled in to its end."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._values: dict[str, str] = {}
        self._left = FILE_LIMIT
        self.cut = False
        for line in lines:
            if match := _SET.match(line):
                self._values[match[1]] = line[match.end() :].partition("#")[0].strip(" \t")

    def expand(self, line: str) -> str:
        """A line with its variables filled in, and theirs in turn; unknown ones are empty."""
        before = len(line)
        for _ in range(4):
            if "$" not in line and "{{" not in line:
                break
            line = self._once(line)
        self._left -= max(0, len(line) - before)
        return line.replace("$$", "$")

    def _once(self, line: str) -> str:
        parts: list[str] = []
        room = limit = max(len(line), min(LINE_LIMIT, self._left))
        end = 0
        for match in _USE.finditer(line):
            parts += [line[end : match.start()], self._values.get(match[1] or match[2], "")]
            room -= len(parts[-2]) + len(parts[-1])
            end = match.end()
            if room < 0:
                break
        whole = "".join([*parts, line[end:]])
        if room >= len(line) - end:
            return whole
        self.cut = True
        return whole[:limit]
