"""Each threat has its test: what the page names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threats.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "| ---"))]


def test_every_threat_names_tests_that_are_there() -> None:
    named = [re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row) for row in ROWS]

    assert len(ROWS) > 20
    assert all(named), [row for row, tests in zip(ROWS, named, strict=True) if not tests]
    for path, name in (test for tests in named for test in tests):
        functions = {
            node.name
            for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        assert name in functions, f"{path}::{name}"
