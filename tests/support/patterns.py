"""Every regular expression of the package, read from its source: where it stands, its text and its flags."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import mlops_ladder

PACKAGE = Path(mlops_ladder.__file__).parent
FUNCTIONS = frozenset({"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})

# Our own that take a pattern: name -> (which argument, flags). `Pattern.match` is told from `Files.match` by its owner.
HELPERS: dict[str, tuple[slice, int]] = {
    "named": (slice(0, 1), re.MULTILINE),
    "find": (slice(0, 2), re.IGNORECASE | re.MULTILINE),
    "about": (slice(0, None), re.IGNORECASE | re.MULTILINE),
    "match": (slice(0, 1), re.IGNORECASE),
    "configuration": (slice(0, 1), re.IGNORECASE),
    "decisions": (slice(2, 3), re.IGNORECASE),
}
OWNERS = {"find": {"docs"}, "about": {"docs"}, "match": {"files", "_files"}, "configuration": {"files", "_files"}}

# What is known only when it runs, with values that stand for it; nothing where others hand the pattern in, who are
# found themselves.
Known = Mapping[str, Any]


class Pattern(NamedTuple):
    """One pattern and where it stands."""

    where: str
    text: str
    flags: int
    method: str  # "match" and "fullmatch" begin where they are told, all else is a search


class Use(NamedTuple):
    """An expression that is taken for a pattern, and the functions and comprehensions around it."""

    module: str
    line: int
    expression: ast.expr
    flags: ast.expr | int
    around: tuple[ast.AST, ...]
    method: str


def modules() -> list[str]:
    """Every module of the package, as a path without its ending."""
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in sorted(PACKAGE.rglob("*.py")))
    return [path.as_posix() for path in paths if path.parts[0] != "templates" and path.name != "compiled"]


def patterns(known: Mapping[tuple[str, str], Known | None]) -> tuple[list[Pattern], set[tuple[str, str]]]:
    """All patterns, and the (module, expression) of those that only running tells; `known` helps with these."""
    found: list[Pattern] = []
    dark: set[tuple[str, str]] = set()
    for use in itertools.chain.from_iterable(map(uses, modules())):
        space = dict(
            vars(importlib.import_module("mlops_ladder." + use.module.replace("/", ".").removesuffix(".__init__")))
        )
        key = (use.module, ast.unparse(use.expression))
        try:
            texts = set(_values(use.expression, space, use.around))
        except NameError:
            dark.add(key)
            given = known.get(key)
            texts = {_evaluate(use.expression, space | dict(given))} if given else set()
        flags = use.flags if isinstance(use.flags, int) else int(_evaluate(use.flags, space))
        where = f"{use.module}.py:{use.line}"
        method = use.method or _used_as(use.module, use.around)
        found += [
            Pattern(where, text.decode() if isinstance(text, bytes) else text, flags, method) for text in sorted(texts)
        ]
    return found, dark


@cache
def uses(module: str) -> tuple[Use, ...]:
    """Every expression of a module that is taken for a pattern."""
    return tuple(_below(_parsed(module), module, ()))


def _below(node: ast.AST, module: str, around: tuple[ast.AST, ...]) -> Iterator[Use]:
    if isinstance(node, ast.Call):
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        fixed = method if method in ("match", "fullmatch") and ast.unparse(node.func).startswith("re.") else "search"
        for expression, flags in _taken(node):
            yield Use(module, node.lineno, expression, flags, around, "" if method == "compile" else fixed)
    for child in ast.iter_child_nodes(node):
        yield from _below(child, module, (*around, node))


def _taken(call: ast.Call) -> list[tuple[ast.expr, ast.expr | int]]:
    function = call.func
    if isinstance(function, ast.Name) and function.id == "decisions":
        return [(part, HELPERS["decisions"][1]) for part in call.args[HELPERS["decisions"][0]]]
    if not isinstance(function, ast.Attribute):
        return []
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    if name == "re" and function.attr in FUNCTIONS:
        place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(function.attr, 2)
        flags = [*call.args[place : place + 1], *(k.value for k in call.keywords if k.arg == "flags")]
        return [(call.args[0], flags[0] if flags else 0)]
    if function.attr in HELPERS and (function.attr not in OWNERS or name in OWNERS[function.attr]):
        among, given = HELPERS[function.attr]
        named = [k.value for k in call.keywords if k.arg == "name" and function.attr in ("find", "about")]
        return [(part, given) for part in [*call.args[among], *named]]
    return []


def _used_as(module: str, around: tuple[ast.AST, ...]) -> str:
    """How a compiled pattern that has a name of its own is used in its module, if in one way."""
    assigned = next((node for node in reversed(around) if isinstance(node, ast.Assign)), None)
    if assigned is None or not isinstance(assigned.targets[0], ast.Name):
        return "search"
    name = assigned.targets[0].id
    used = {
        node.attr
        for node in ast.walk(_parsed(module))
        if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name)
    }
    return used.pop() if len(used) == 1 and used <= {"match", "fullmatch"} and name.startswith("_") else "search"


@cache
def _parsed(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))


def _values(expression: ast.expr, space: dict[str, Any], around: tuple[ast.AST, ...]) -> Iterable[Any]:
    """What an expression may be: a constant of the module, or of the loops and assignments around it."""
    try:
        return [_evaluate(expression, space)]
    except NameError as error:
        bound = list(_bound(error.name, space, around))
        if not bound:
            raise
        return [v for value in bound for v in _values(expression, {**space, error.name: value}, around)]


def _bound(name: str, space: dict[str, Any], around: tuple[ast.AST, ...]) -> Iterator[Any]:
    for outer in reversed(around):
        if isinstance(outer, (ast.FunctionDef, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
            for node in ast.walk(outer):
                if isinstance(node, (ast.For, ast.comprehension)):
                    yield from _unpacked(name, node.target, node.iter, space)
                elif isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [name]:
                    yield from _quietly(node.value, space)


def _unpacked(name: str, target: ast.expr, table: ast.expr, space: dict[str, Any]) -> Iterator[Any]:
    names = [ast.unparse(part) for part in target.elts] if isinstance(target, ast.Tuple) else [ast.unparse(target)]
    if name in names:
        for rows in _quietly(table, space):
            for row in rows:
                yield row[names.index(name)] if isinstance(target, ast.Tuple) else row


def _quietly(expression: ast.expr, space: dict[str, Any]) -> list[Any]:
    try:
        return [_evaluate(expression, space)]
    except (NameError, AttributeError):
        return []


def _evaluate(expression: ast.expr, space: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "<pattern>", "eval"), space)
