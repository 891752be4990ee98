"""Decisions and what hangs on them: from a compared value, through variables, results and keys, to an effect.

A gate that is computed and then only printed has no effect; this is how it is told from one that stops something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Set
from dataclasses import dataclass

from mlops_ladder.facts.code.dataflow import Decisions, Scope, Source
from mlops_ladder.facts.code.model import BODY, MAIN, Module, subtree
from mlops_ladder.facts.code.modules import Code


def decisions(code: Code, source: Source, effect: str, hint: re.Pattern[str] | Set[str] | None = None) -> Decisions:
    """Follow every decision of the repository's own code (tests apart) to its effects.

    `effect` is a regular expression over the names of calls that carry a decision out. A function in whose words
    `hint` (a pattern, or words) is not found, and that uses nothing which carries a decision, is not looked at.
    """
    found = Decisions()
    acts = re.compile(effect, re.IGNORECASE)
    parts = [(module, part) for module in code.modules for part in _parts(module)]
    seen: dict[int, set[str]] = {}  # what each scope knew to carry a decision when it was last read
    for _ in range(4):
        again = False
        for module, part in parts:
            carried = {
                word for known in (found.functions, found.keys, found.attributes) for word in part.vocabulary & known
            }
            if seen.get(id(part)) == carried:
                continue
            if id(part) in seen or carried or _hinted(part, hint):
                Scope(module, part.scope, found, source, acts, part.node).block(part.body)
                again = True
            seen[id(part)] = carried
        if not again:
            break
    return found


def _hinted(part: Part, hint: re.Pattern[str] | Set[str] | None) -> bool:
    if isinstance(hint, Set):
        return not part.vocabulary.isdisjoint(hint)
    return hint is None or hint.search(part.words) is not None


@dataclass(frozen=True)
class Part:
    """The statements of one scope, with all its words."""

    scope: str
    body: list[ast.stmt]
    node: ast.AST | None
    words: str
    vocabulary: frozenset[str]


def _parts(module: Module) -> list[Part]:
    """The scopes of a module; its own level comes last: by then its functions are known to decide something."""
    if "parts" not in module.memo:
        top: list[ast.stmt] = []
        main: list[ast.stmt] = []
        for statement in module.tree.body if module.tree else []:
            if isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test):
                main += statement.body
            elif not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                top.append(statement)
        scopes: list[tuple[str, list[ast.stmt], ast.AST | None]] = [
            (name, function.node.body, function.node) for name, function in module.functions.items()
        ]
        made = []
        for scope, body, node in [*scopes, (BODY, top, None), (MAIN, main, None)]:
            words = " ".join([node.name if isinstance(node, ast.FunctionDef) else "", *map(words_of, body)])
            made.append(Part(scope, body, node, words, frozenset(words.split())))
        module.memo["parts"] = made
    parts: list[Part] = module.memo["parts"]
    return parts


def words_by_scope(module: Module) -> dict[str, str]:
    """Every scope of a module with all its identifiers and short strings."""
    return {part.scope: part.words for part in _parts(module)}


def words_of(node: ast.AST) -> str:
    """Every identifier and string below an expression, in one line."""
    found: list[str] = []
    for part in subtree(node):
        if isinstance(part, ast.Name):
            found.append(part.id)
        elif isinstance(part, ast.Attribute):
            found.append(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) < 80:
            found.append(part.value)
        elif isinstance(part, ast.keyword) and part.arg:
            found.append(part.arg)
    return " ".join(found)
