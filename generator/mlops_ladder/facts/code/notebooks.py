"""Notebooks as Python source, each line knowing its cell."""

from __future__ import annotations

import re

from mlops_ladder.facts.read.text import parse_json

_MAGIC = re.compile(r"^(\s*)[%!?]")


def notebook_source(text: str) -> tuple[str, list[str]] | None:
    """The code of a notebook and, line by line, the cell it came from; shell and magic lines are left out."""
    data = parse_json(text)
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        return None
    source: list[str] = []
    origin: list[str] = []
    for number, cell in enumerate(cells[:2000], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        code = cell.get("source", "")
        code = "".join(map(str, code)) if isinstance(code, list) else str(code)
        lines = code.splitlines()
        if lines and lines[0].startswith("%%") and not lines[0].startswith(("%%time", "%%capture")):
            continue
        source += [_MAGIC.sub(r"\1pass  # ", line) for line in lines]
        origin += [f"cell {number}"] * len(lines)
    return "\n".join(source), origin
