"""Lines of requirements, read as pip reads them. The one place that knows their grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTIONS = re.compile(r"\s--?[a-z][\w-]*(?:[=\s].*)?$")

LINES = 5_000
"""Lines of a file that are looked at."""


@dataclass(frozen=True)
class Requirement:
    """A package by its normalised name, with the versions or the address asked for ("" for any) and the condition."""

    name: str
    spec: str
    marker: str = ""


def requirement(line: str) -> Requirement | None:
    """What one line asks for; nothing where it is an option, a comment, a path or no requirement at all."""
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed
    from packaging.utils import canonicalize_name

    line = _OPTIONS.sub("", _COMMENT.sub("", line)).strip()
    if not line or line.startswith("-"):
        return None
    try:
        parsed = Parsed(line)
    except (InvalidRequirement, RecursionError):
        return None
    spec = f"@ {parsed.url}" if parsed.url else str(parsed.specifier)
    return Requirement(canonicalize_name(parsed.name), spec, str(parsed.marker or ""))


def requirements(lines: Iterable[str]) -> list[Requirement]:
    """All that are among some lines."""
    return [found for line in lines if (found := requirement(line))]


def file_lines(text: str) -> list[str]:
    """The lines of a requirements file, continued ones joined."""
    return re.sub(r"\\\r?\n", " ", text).splitlines()
