"""Decisions and what hangs on them: from a compared value, through variables, results and keys, to an effect.

A gate that is computed and then only printed has no effect; this is how it is told from one that stops something.
"""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.code import Code
from mlops_ladder.facts.dataflow import Decisions, Scope, Source
from mlops_ladder.facts.python import BODY, MAIN, Module


def decisions(code: Code, source: Source, effect: str) -> Decisions:
    """Follow every decision of the repository's own code (tests apart) to its effects.

    `effect` is a regular expression over the names of calls that carry a decision out.
    """
    found = Decisions()
    acts = re.compile(effect, re.IGNORECASE)
    for _ in range(4):
        before = (len(found.effects), len(found.keys), len(found.functions), len(found.attributes))
        found.sources.clear()
        for module in code.modules:
            if module.tree is not None:
                for scope, body, node in _scopes(module):
                    Scope(module, scope, found, source, acts, node).block(body)
        if before == (len(found.effects), len(found.keys), len(found.functions), len(found.attributes)):
            break
    return found


def _scopes(module: Module) -> list[tuple[str, list[ast.stmt], ast.AST | None]]:
    assert module.tree is not None
    top: list[ast.stmt] = []
    main: list[ast.stmt] = []
    for statement in module.tree.body:
        if isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test):
            main += statement.body
        elif not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            top.append(statement)
    scopes: list[tuple[str, list[ast.stmt], ast.AST | None]] = [
        (name, function.node.body, function.node) for name, function in module.functions.items()
    ]
    # Module level comes last: by then its functions are known to decide something.
    return [*scopes, (BODY, top, None), (MAIN, main, None)]


def words_of(node: ast.AST) -> str:
    """Every identifier and string below an expression, in one line."""
    found: list[str] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.append(part.id)
        elif isinstance(part, ast.Attribute):
            found.append(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) < 80:
            found.append(part.value)
        elif isinstance(part, ast.keyword) and part.arg:
            found.append(part.arg)
    return " ".join(found)
