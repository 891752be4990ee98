"""The rules of a .gitignore file, in time that grows with the length of a path whatever a rule looks like."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

LONGEST = 50_000
"""Bytes of rules that are read of a file."""
_STAR = "[^/]*"
_FOLDERS = re.compile(r"(\(\?:\.\+/\)\?|\(\?:/\.\+\)\?)")  # what `**` becomes at the start and in the middle
_LAZY = {"(?:.+/)?": "(?:.+?/)??", "(?:/.+)?": "(?:/.+?)??"}


def rules(path: Path) -> Any | None:
    """What a file ignores; nothing where it is no regular file or cannot be read."""
    from pathspec import GitIgnoreSpec

    if path.is_symlink() or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            lines = file.read(LONGEST).decode("utf-8", "replace").split("\n")
    except OSError:
        return None
    patterns: list[Any] = []
    for line in lines:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for pattern in GitIgnoreSpec.from_lines([line.rstrip("\r")]).patterns:
                    if pattern.regex is not None:
                        pattern.regex = re.compile(linear(pattern.regex.pattern))
                    patterns.append(pattern)
        except (ValueError, re.error):  # git takes no notice of a malformed rule either
            continue
    return GitIgnoreSpec(patterns)


def linear(regex: str) -> str:
    """The same expression without the ways back that change nothing.

    What stands between two stars may be taken where it is found first, since the second star takes the rest; and so
    may the folders between two `**`.
    """
    first, *rest = _FOLDERS.split(regex)
    parts = [_segment(first)]
    for at in range(0, len(rest), 2):
        folders, segment = rest[at], _segment(rest[at + 1])
        last = at + 2 == len(rest)
        parts.append(f"{folders}{segment}" if last else f"(?>{_LAZY[folders]}{segment}(?=/))")
    return "".join(parts)


def _segment(regex: str) -> str:
    first, *rest = regex.split(_STAR)
    inner = "".join(f"(?>{_STAR}?{part})" for part in rest[:-1] if part)
    return first + inner + (_STAR + rest[-1] if rest else "")
