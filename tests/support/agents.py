"""AGENTS.md of a generated project, read as its reader does: the table of commands."""

from __future__ import annotations

import re
from typing import NamedTuple


class Row(NamedTuple):
    """A command as it is typed, the verb of make in it, what it does, and about how long."""

    command: str
    verb: str
    what: str
    takes: str


def rows(page: str) -> list[Row]:
    """The commands in their order."""
    found = re.findall(r"^\| `(make ([a-z-]+)[^`]*)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert found, "no command is listed"
    return [Row(*one) for one in found]
