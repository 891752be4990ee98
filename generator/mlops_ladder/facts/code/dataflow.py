"""One function read from top to bottom, with the variables that carry a decision."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mlops_ladder.facts.code.model import Module, constant, dotted
from mlops_ladder.facts.code.resolve import Node

Source = Callable[[ast.AST, Module], bool]
"""Whether an expression is where a decision comes from."""

_EXIT = frozenset({"exit", "_exit", "abort", "Exit", "fail"})
_BRANCHING = frozenset({"BranchPythonOperator", "ShortCircuitOperator"})
_CONDITIONS = frozenset({"Condition", "If", "Elif", "ConditionStep"})
_WRITES = frozenset(["write", "print", "echo", "write_text", "writelines", "dump", "dumps", "set_output", "xcom_push"])
_GENERIC = frozenset(
    {
        "get", "run", "main", "print", "str", "int", "float", "bool", "len", "dict", "list", "load", "read", "format",
        "items", "append",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What a decision does: `raise`, `exit`, `assert`, `call`, `branch` or `output` (handed to the CI)."""

    kind: str
    module: Module
    line: int
    scope: str
    name: str = ""

    @property
    def where(self) -> str:
        """Evidence."""
        return self.module.where(self.line)

    @property
    def node(self) -> Node:
        """Its place in the graph."""
        return ("py", self.module.path, self.scope)


@dataclass
class Decisions:
    """The outcome of an analysis."""

    sources: list[tuple[Module, int, str]] = field(default_factory=list)
    effects: dict[Effect, None] = field(default_factory=dict)  # a set that keeps its order
    keys: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    known: dict[int, bool] = field(default_factory=dict)  # by the identity of an expression: is it a source?
    _noted: set[tuple[Module, int, str]] = field(default_factory=set)

    def note_source(self, module: Module, line: int, scope: str) -> None:
        """Remember where a decision comes from, once."""
        if (module, line, scope) not in self._noted:
            self._noted.add((module, line, scope))
            self.sources.append((module, line, scope))


class Scope:
    """One function, read from top to bottom with the variables that carry a decision."""

    def __init__(
        self,
        module: Module,
        scope: str,
        found: Decisions,
        source: Source,
        acts: re.Pattern[str],
        node: ast.AST | None,
    ) -> None:
        self.module, self.scope, self.found, self.source, self.acts = module, scope, found, source, acts
        self.tainted: set[str] = set()
        self.function = scope.rpartition(".")[2] if node is not None else ""
        function = module.functions.get(scope)
        self.branching = bool(function) and any(
            name.endswith((".branch", ".short_circuit")) for name in (function.decorators if function else ())
        )

    def block(self, body: list[ast.stmt]) -> None:
        """A list of statements."""
        for index, statement in enumerate(body):
            self.statement(statement, body[index + 1 :])

    def statement(self, node: ast.stmt, rest: list[ast.stmt]) -> None:
        """One statement; `rest` is what would run after it."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.block(node.body)
            return
        if isinstance(node, (ast.If, ast.While)):
            self._calls(node.test)
            if self.carries(node.test):
                self._branch(node, rest)
            self.block(node.body)
            self.block(node.orelse)
            return
        if isinstance(node, ast.Assert):
            if self.carries(node.test):
                self._effect("assert", node)
            return
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            self._assign(node)
        elif isinstance(node, ast.Return) and node.value is not None and self.carries(node.value):
            self._returns(node)
        elif isinstance(node, ast.Raise) and node.exc is not None and self.carries(node.exc):
            self._effect("raise", node)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and _last(call) in _CONDITIONS and self.carries(call):
                    self._effect("branch", call)
        for name in ("value", "exc", "iter", "test"):
            part = getattr(node, name, None)
            if isinstance(part, ast.AST):
                self._calls(part)
        for name in ("body", "orelse", "finalbody"):
            self.block(getattr(node, name, []))
        for handler in getattr(node, "handlers", []):
            self.block(handler.body)
        for case in getattr(node, "cases", []):
            self.block(case.body)

    def carries(self, node: ast.AST) -> bool:
        """Whether an expression depends on a decision."""
        for part in self.module.below(node):
            if self._is_source(part):
                self.found.note_source(self.module, getattr(part, "lineno", 1), self.scope)
                return True
            if isinstance(part, ast.Name) and part.id in self.tainted:
                return True
            if isinstance(part, ast.Attribute) and part.attr in self.found.attributes:
                return True
            if isinstance(part, ast.Subscript) and constant(part.slice) in self.found.keys:
                return True
            if isinstance(part, ast.Call):
                last = _last(part)
                if last in self.found.functions and last not in _GENERIC:
                    return True
                if last == "get" and part.args and constant(part.args[0]) in self.found.keys:
                    return True
        return False

    def _is_source(self, node: ast.AST) -> bool:
        if id(node) not in self.found.known:
            self.found.known[id(node)] = self.source(node, self.module)
        return self.found.known[id(node)]

    def _branch(self, node: ast.If | ast.While, rest: list[ast.stmt]) -> None:
        for branch in (node.body, node.orelse):
            for statement in branch:
                for part in self.module.below(statement):
                    if isinstance(part, ast.Raise):
                        self._effect("raise", part)
                    elif isinstance(part, ast.Call):
                        if _last(part) in _EXIT:
                            self._effect("exit", part)
                        elif self.acts.search(_last(part)):
                            self._effect("call", part, _last(part))
                    elif isinstance(part, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                        self._taint(part)
                    elif isinstance(part, ast.Return):
                        self._returns(part)
            leaves = branch and isinstance(branch[-1], (ast.Return, ast.Continue, ast.Break))
            later = (part for item in rest for part in self.module.below(item)) if leaves else ()
            acts = (call for call in later if isinstance(call, ast.Call) and self.acts.search(_last(call)))
            if acting := next(acts, None):
                self._effect("call", acting, _last(acting))

    def _calls(self, node: ast.AST) -> None:
        """Effects that stand inside an expression."""
        for part in self.module.below(node):
            if isinstance(part, ast.BoolOp) and self.carries(part.values[0]):
                for value in part.values[1:]:
                    if isinstance(value, ast.Call) and (self.acts.search(_last(value)) or _last(value) in _EXIT):
                        self._effect("exit" if _last(value) in _EXIT else "call", value, _last(value))
            elif isinstance(part, ast.IfExp) and self.carries(part.test):
                for value in (part.body, part.orelse):
                    if isinstance(value, ast.Call) and self.acts.search(_last(value)):
                        self._effect("call", value, _last(value))
            elif isinstance(part, ast.NamedExpr):
                self._assign(part)
            elif isinstance(part, ast.Call):
                self._call(part)

    def _call(self, call: ast.Call) -> None:
        last = _last(call)
        if last in _EXIT | {"SystemExit"} and any(self.carries(item) for item in call.args):
            self._effect("exit", call)
        elif last in _BRANCHING:
            target = next((item.value for item in call.keywords if item.arg == "python_callable"), None)
            if target is not None and dotted(target).rpartition(".")[2] in self.found.functions:
                self._effect("branch", call)
        elif last == "ConditionStep" and self.carries(call):
            self._effect("branch", call)
        elif last in _WRITES and any(self.carries(item) for item in call.args):
            self._keys(call)
            self._effect("output", call)
        if last in ("append", "extend", "add", "update", "insert") and isinstance(call.func, ast.Attribute):
            if isinstance(call.func.value, ast.Name) and any(self.carries(item) for item in call.args):
                self.tainted.add(call.func.value.id)
        for item in call.keywords:
            if item.arg and last[:1].isupper() and self.carries(item.value):
                self.found.attributes.add(item.arg)
            elif item.arg and last == "dict" and self.carries(item.value):
                self.found.keys.add(item.arg)

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> None:
        if node.value is not None and self.carries(node.value):
            self._keys(node.value)
            self._taint(node)

    def _taint(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if isinstance(part, ast.Name):
                    self.tainted.add(part.id)
                elif isinstance(part, ast.Attribute):
                    self.found.attributes.add(part.attr)
                elif isinstance(part, ast.Subscript) and isinstance(constant(part.slice), str):
                    self.found.keys.add(constant(part.slice))

    def _keys(self, node: ast.AST) -> None:
        for part in self.module.below(node):
            if isinstance(part, ast.Dict):
                for key, value in zip(part.keys, part.values, strict=True):
                    if isinstance(constant(key), str) and self.carries(value):
                        self.found.keys.add(constant(key))

    def _returns(self, node: ast.Return) -> None:
        if node.value is not None:
            self._keys(node.value)
        if self.function:
            self.found.functions.add(self.function)
        if self.branching:
            self._effect("branch", node)

    def _effect(self, kind: str, node: ast.AST, name: str = "") -> None:
        self.found.effects[Effect(kind, self.module, getattr(node, "lineno", 1), self.scope, name)] = None


def _last(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
