"""Notebooks as Python source, each line knowing its cell."""

from __future__ import annotations

import re

from mlops_ladder.facts.read.short import Tell, silent
from mlops_ladder.facts.read.text import TEXT_LIMIT, plain_json

_MAGIC = re.compile(r"^(\s*)[%!?]")


def notebook_source(text: str, tell: Tell = silent) -> tuple[str, list[str]] | None:
    """The code of a notebook and, line by line, the cell it came from; shell and magic lines are left out.

    Nothing when it is no notebook, or holds more code than any other file may.
    """
    data = plain_json(text, tell)
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        return None
    source: list[str] = []
    origin: list[str] = []
    size = 0
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        code = cell.get("source", "")
        code = "".join(map(str, code)) if isinstance(code, list) else str(code)
        lines = code.splitlines()
        if lines and lines[0].startswith("%%") and not lines[0].startswith(("%%time", "%%capture")):
            continue
        size += len(code)
        if size > TEXT_LIMIT:
            tell(f"holds more than {TEXT_LIMIT:,} characters of code")
            return None
        source += [_MAGIC.sub(r"\1pass  # ", line) for line in lines]
        origin += [f"cell {number}"] * len(lines)
    return "\n".join(source), origin
