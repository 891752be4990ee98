"""What one Python file says, by its syntax tree: imports, calls, definitions and who refers to whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mlops_ladder.facts.evidence import Place

BODY = ""
"""The scope of what runs when a module is imported."""
MAIN = "__main__"
"""The scope of what runs only when the file itself is."""


@dataclass(frozen=True)
class Call:
    """One call: its dotted name with import aliases resolved, and where it stands.

    `swallowed` says that an exception raised by it is caught and goes no further.
    """

    name: str
    line: int
    scope: str
    node: ast.Call
    swallowed: bool = False

    @property
    def last(self) -> str:
        """The name after the last dot."""
        return self.name.rpartition(".")[2]

    @property
    def receiver(self) -> str:
        """What stands before the last dot."""
        return self.name.rpartition(".")[0]

    def keyword(self, name: str) -> ast.expr | None:
        """The expression handed in by keyword."""
        return next((item.value for item in self.node.keywords if item.arg == name), None)

    def keywords(self) -> set[str]:
        """The names of all keyword arguments."""
        return {item.arg for item in self.node.keywords if item.arg}

    def value(self, name: str) -> Any:
        """The constant handed in by keyword, or nothing."""
        return constant(self.keyword(name))

    def strings(self) -> list[str]:
        """Every string constant anywhere in the arguments."""
        parts = [*self.node.args, *(item.value for item in self.node.keywords)]
        return [
            node.value
            for part in parts
            for node in ast.walk(part)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]


@dataclass(eq=False)
class Function:
    """A function or method, by its qualified name."""

    name: str
    line: int
    node: ast.FunctionDef | ast.AsyncFunctionDef
    decorators: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The name without its class."""
        return self.name.rpartition(".")[2]


@dataclass(eq=False)
class Module:
    """One file of Python, or one notebook."""

    path: str
    imports: dict[str, str] = field(default_factory=dict)
    imported: list[tuple[str, str]] = field(default_factory=list)  # (scope, dotted name)
    calls: list[Call] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name -> dotted bases
    refs: dict[str, set[str]] = field(default_factory=dict)  # scope -> dotted names that it uses
    strings: list[tuple[str, int, str]] = field(default_factory=list)  # (text, line, scope)
    commands: list[tuple[str, int, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # for a notebook: where each line came from
    tree: ast.Module | None = None
    size: int = 0  # of its tree, in nodes
    memo: dict[str, Any] = field(default_factory=dict)  # what others have worked out about it, by their names

    def where(self, line: int) -> str:
        """Evidence: the file and the line, or the notebook and its cell."""
        if self.lines:
            return f"{self.path}:{self.lines[min(line, len(self.lines)) - 1]}"
        return Place(self.path, line)

    def uses(self, *libraries: str) -> bool:
        """Whether one of these packages is imported here."""
        return not self._packages.isdisjoint(libraries)

    @cached_property
    def tops(self) -> frozenset[str]:
        """What the imported names begin with."""
        return frozenset(value.split(".")[0] for value in self.imports.values())

    @cached_property
    def called(self) -> str:
        """The names of all calls, one a line: what to search first."""
        return "\n".join(call.name for call in self.calls)

    def below(self, node: ast.AST) -> list[ast.AST]:
        """A node of this module's tree and all below it, as they are written; the tree is walked once for all."""
        start, end = self._flat[1][id(node)]
        return self._flat[0][start:end]

    @cached_property
    def _flat(self) -> tuple[list[ast.AST], dict[int, tuple[int, int]]]:
        """All nodes in the order of the text, and where in it each one's own begin and end."""
        order: list[ast.AST] = []
        spans: dict[int, tuple[int, int]] = {}
        stack: list[ast.AST | tuple[ast.AST, int]] = [self.tree] if self.tree else []
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                spans[id(item[0])] = (item[1], len(order))
                continue
            stack.append((item, len(order)))
            order.append(item)
            stack.extend(reversed(list(children(item))))
        return order, spans

    @cached_property
    def said(self) -> str:
        """All strings, one a line."""
        return "\n".join(text for text, _, _ in self.strings)

    @cached_property
    def _packages(self) -> frozenset[str]:
        """Every package that is imported, and every package that it lies in."""
        found: set[str] = set()
        for _, name in self.imported:
            while name and name not in found:
                found.add(name)
                name = name.rpartition(".")[0]
        return frozenset(found)


_LEAVES = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes right below one, without contexts and operators; twice as fast as the standard library's."""
    for name in node._fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            for item in value:
                if isinstance(item, ast.AST) and not isinstance(item, ast.cmpop):
                    yield item
        elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
            yield value


def subtree(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, in no particular order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def constant(node: ast.AST | None) -> Any:
    """The value of a literal, or nothing."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return -inner if isinstance(inner, (int, float)) else None
    return None


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; calls in it show as `()`, all else as `?`."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            parts.append("()")
            node = node.func
        elif isinstance(node, ast.Subscript):
            parts.append("[]")
            node = node.value
        elif isinstance(node, ast.Await):
            node = node.value
        else:
            parts.append(node.id if isinstance(node, ast.Name) else "?")
            return ".".join(reversed(parts)).replace(".()", "()").replace(".[]", "[]")
