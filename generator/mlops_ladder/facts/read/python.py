"""Python text into its syntax tree, within bounds."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from mlops_ladder.facts.read.short import GAP, shortened

TOKENS = 200_000
"""Words and signs that a file may have: several times what code of the largest size that is read has."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NUMBER = 2**64


def parse_python(text: str) -> ast.Module | None:
    """The tree of a Python file, long texts in it shortened; nothing when it is not Python or too dense."""
    if too_dense(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in _constants(tree):
        if isinstance(node.value, str) and len(node.value) > GAP:
            node.value = shortened(node.value)[0]
        elif isinstance(node.value, int) and node.value > _NUMBER:
            node.value = _NUMBER  # the digits of a longer one are more than Python converts
    return tree


def too_dense(text: str) -> bool:
    """Whether a file has so many tokens that its tree would take a large part of the memory."""
    return len(text) > TOKENS and len(_TOKEN.findall(text)) > TOKENS


def _constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every literal; four times as fast as the standard library's walk."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant):
            yield node
            continue
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                stack.append(value)
