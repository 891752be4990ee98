"""The scripts of a package.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlops_ladder.facts.evidence import line_number
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task, entries, folder_of

FILES = re.compile(r"(^|/)package\.json$")


def tasks_of(path: str, files: Files) -> list[Task]:
    """One task a script."""
    scripts = entries(files.json(path), "scripts")
    lines = _lines(files.whole(path), [str(name) for name, _ in scripts])
    return [
        Task("npm", str(name), path, line, str(body), (), folder_of(path))
        for (name, body), line in zip(scripts, lines, strict=True)
    ]


def _lines(text: str, names: list[str]) -> Iterator[int]:
    """The line of each key, which follow each other below `scripts`; of those not found, the line of the one before."""
    at, line = 0, 1
    for number, name in enumerate(["scripts", *names]):
        key = re.escape(json.dumps(name, ensure_ascii=False))
        match = re.compile(rf"{key}\s*:").search(text, at) if at >= 0 else None
        line = line_number(text, match.start()) if match else line
        at = match.end() if match else -1
        if number:
            yield line
