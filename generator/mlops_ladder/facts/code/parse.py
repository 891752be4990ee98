"""Python source into the facts of a module, in one pass over its tree."""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.code.model import BODY, MAIN, Call, Function, Module, children, constant, dotted, subtree
from mlops_ladder.facts.read.python import parse_python
from mlops_ladder.facts.read.short import DEEP, Tell, silent

_EXITS = frozenset({"exit", "_exit", "abort", "fail", "skip"})


def parse_module(path: str, source: str, lines: list[str] | None = None, tell: Tell = silent) -> Module | None:
    """The facts of one file; nothing when it is not Python."""
    tree = parse_python(source, tell)
    if tree is None:
        return None
    module = Module(path, lines=lines or [], tree=tree)
    try:
        _Visitor(module).run(tree)
    except RecursionError:
        tell(DEEP)
        return None
    return module


class _Visitor:
    """One pass over a tree, which carries the scope and what would catch an exception here."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.package = module.path.split("/")[:-1]

    def run(self, tree: ast.Module) -> None:
        for node in subtree(tree):
            self.module.size += 1
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import_names(node)
        self._block(tree.body, BODY, False)

    def _block(self, nodes: list[ast.stmt], scope: str, swallowed: bool) -> None:
        for node in nodes:
            self._visit(node, scope, swallowed)

    def _visit(self, node: ast.AST, scope: str, swallowed: bool) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._function(node, scope)
            return
        if isinstance(node, ast.ClassDef):
            self._class(node, scope)
            return
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, scope)
            return
        if isinstance(node, ast.If) and self._constant_branch(node, scope, swallowed):
            return
        if isinstance(node, (ast.Try, ast.TryStar)):
            caught = swallowed or any(_lets_go(handler) for handler in node.handlers)
            self._block(node.body, scope, caught)
            for handler in node.handlers:
                self._block(handler.body, scope, swallowed)
            self._block(node.orelse, scope, swallowed)
            self._block(node.finalbody, scope, swallowed)
            return
        if isinstance(node, (ast.With, ast.AsyncWith)):
            swallowed = swallowed or any("suppress" in ast.dump(item.context_expr) for item in node.items)
        self._note(node, scope, swallowed)
        for child in children(node):
            self._visit(child, scope, swallowed)

    def _constant_branch(self, node: ast.If, scope: str, swallowed: bool) -> bool:
        test = node.test
        if isinstance(test, ast.Constant) and not test.value:
            self._block(node.orelse, scope, swallowed)
            return True
        if isinstance(test, (ast.Name, ast.Attribute)) and dotted(test).endswith("TYPE_CHECKING"):
            return True
        if scope == BODY and isinstance(test, ast.Compare) and "__name__" in ast.dump(test):
            self._block(node.body, MAIN, swallowed)
            return True
        return False

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: str) -> None:
        # A nested function belongs to the one around it: it has no callers of its own elsewhere.
        outer = scope not in (BODY, MAIN) and not scope.startswith("class ")
        name = scope if outer else f"{scope[6:]}.{node.name}" if scope.startswith("class ") else node.name
        around = BODY if scope.startswith("class ") else scope
        if not outer:
            names = tuple(self._resolve(dotted(item)) for item in node.decorator_list)
            self.module.functions[name] = Function(name, node.lineno, node, names)
        for decorator in node.decorator_list:
            self._visit(decorator, around, False)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self._visit(default, around, False)
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            if argument.annotation is not None:
                self._visit(argument.annotation, name, False)
        self._block(node.body, name, False)

    def _class(self, node: ast.ClassDef, scope: str) -> None:
        nested = scope not in (BODY, MAIN)
        name = scope if nested else f"class {node.name}"
        if not nested:
            bases = tuple(self._resolve(dotted(base)) for base in node.bases)
            self.module.classes[node.name] = bases
        for part in [*node.decorator_list, *node.bases, *(item.value for item in node.keywords)]:
            self._visit(part, scope, False)
        for child in node.body:
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) and not nested:
                self._function(child, name)
            else:
                self._visit(child, scope, False)

    def _import_names(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.module.imports[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
            return
        base = self._base(node)
        for alias in node.names:
            self.module.imports[alias.asname or alias.name] = f"{base}.{alias.name}" if base else alias.name

    def _import(self, node: ast.Import | ast.ImportFrom, scope: str) -> None:
        if isinstance(node, ast.Import):
            self.module.imported += [(scope, alias.name) for alias in node.names]
            return
        base = self._base(node)
        self.module.imported += [(scope, f"{base}.{alias.name}" if base else alias.name) for alias in node.names]

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package[: len(self.package) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def _note(self, node: ast.AST, scope: str, swallowed: bool) -> None:
        module = self.module
        refs = module.refs.setdefault(scope, set())
        if isinstance(node, ast.Call):
            name = self._resolve(dotted(node.func))
            module.calls.append(Call(name, node.lineno, scope, node, swallowed))
            refs.add(name)
            self._command(node, scope)
        elif isinstance(node, ast.Attribute):
            refs.add(self._resolve(dotted(node)))
        elif isinstance(node, ast.Name):
            refs.add(self._resolve(node.id))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            module.strings.append((node.value, node.lineno, scope))

    def _command(self, node: ast.Call, scope: str) -> None:
        """A command line that this call hands to another program, as far as it is literal."""
        for part in [*node.args, *(item.value for item in node.keywords)]:
            if isinstance(part, (ast.List, ast.Tuple)) and len(part.elts) > 1:
                words = [constant(item) if isinstance(constant(item), str) else _word(item) for item in part.elts]
                self.module.commands.append((" ".join(words), node.lineno, scope))
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                if re.search(r"\w[ /.]\w", part.value) and len(part.value) < 2000:
                    self.module.commands.append((part.value, node.lineno, scope))
            elif isinstance(part, ast.JoinedStr):
                words = [constant(item) if isinstance(constant(item), str) else "x" for item in part.values]
                self.module.commands.append(("".join(words), node.lineno, scope))

    def _resolve(self, name: str) -> str:
        head, dot, tail = name.partition(".")
        bare = head.rstrip("()[]")
        known = self.module.imports.get(bare)
        return f"{known}{head[len(bare) :]}{dot}{tail}" if known else name


def _word(node: ast.expr) -> str:
    return "python" if dotted(node).endswith("executable") else "x"


def _lets_go(handler: ast.ExceptHandler) -> bool:
    """Whether an exception handler neither raises, leaves the function nor ends the program.

    One that returns a value leaves the decision to the caller, who may not take it.
    """
    for node in subtree(handler):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Return) and node.value is None):
            return False
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _EXITS:
            return False
    return True
