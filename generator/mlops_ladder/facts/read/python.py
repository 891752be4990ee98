"""Python text into its syntax tree, within bounds."""

from __future__ import annotations

import ast
import re
import warnings

from mlops_ladder.facts.read.short import DEEP, GAP, NUMBER, Tell, shortened, silent

TOKENS = 200_000
"""Words and signs that a file may have: several times what code of the largest size that is read has."""
DEPTH = 200
"""How deep a tree may be: whoever walks it calls itself a few times a level, and Python allows a thousand calls."""
_TOKEN = re.compile(r"\w+|[^\w\s]")


def parse_python(text: str, tell: Tell = silent) -> ast.Module | None:
    """The tree of a Python file, long texts in it shortened; nothing when it is not Python, too dense or too deep."""
    if too_dense(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    except (RecursionError, MemoryError):
        tell(DEEP)
        return None
    constants = _constants(tree)
    if constants is None:
        tell(DEEP)
        return None
    for node in constants:
        if isinstance(node.value, str) and len(node.value) > GAP:
            node.value = shortened(node.value)[0]
        elif isinstance(node.value, int) and node.value > NUMBER:
            node.value = NUMBER  # the digits of a longer one are more than Python converts
    return tree


def too_dense(text: str) -> bool:
    """Whether a file has so many tokens that its tree would take a large part of the memory."""
    return len(text) > TOKENS and len(_TOKEN.findall(text)) > TOKENS


def _constants(tree: ast.Module) -> list[ast.Constant] | None:
    """Every literal, four times as fast as the standard library's walk; nothing where the tree is too deep."""
    found: list[ast.Constant] = []
    level: list[ast.AST] = [tree]
    for _ in range(DEPTH):
        below: list[ast.AST] = []
        for node in level:
            if isinstance(node, ast.Constant):
                found.append(node)
                continue
            for name in node._fields:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    below += [item for item in value if isinstance(item, ast.AST)]
                elif isinstance(value, ast.AST):
                    below.append(value)
        if not below:
            return found
        level = below
    return None
