"""The modules of a package, and what imports ask of it in vain. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from mlops_ladder.facts.read.python import parse_python


class Modules:
    """The package of a project by its paths and texts."""

    def __init__(self, paths: frozenset[str], texts: Mapping[str, str], package: str) -> None:
        self._paths = paths
        self._texts = texts
        self._package = package

    def has(self, module: str) -> bool:
        """Whether there is a module or a package of this name."""
        return bool(self._file(module)) or any(
            path.startswith((f"src/{module.replace('.', '/')}/", f"{module.replace('.', '/')}/"))
            for path in self._paths
        )

    def missing(self) -> Iterator[tuple[str, int, str]]:
        """What files import of the package that is not there: path, line, and a sentence for the first of each file."""
        for path, text in self._texts.items():
            if not path.endswith(".py") or self._package not in text:
                continue
            found = list(self._in_vain(text))
            if found:
                more = f" and {len(found) - 1} more" if len(found) > 1 else ""
                yield path, found[0][0], f"imports {found[0][1]}{more}, which the project does not have"

    def _in_vain(self, text: str) -> Iterator[tuple[int, str]]:
        tree = parse_python(text)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == self._package and not self.has(alias.name):
                        yield node.lineno, alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == self._package:
                wanted = [alias.name for alias in node.names if not self._gives(node.module, alias.name)]
                if node.level == 0 and not self.has(node.module):
                    yield node.lineno, node.module
                elif node.level == 0:
                    yield from ((node.lineno, f"{node.module}.{name}") for name in wanted)

    def _gives(self, module: str, name: str) -> bool:
        """Whether a module has a name: a module in it, or what its text binds."""
        if name == "*" or self.has(f"{module}.{name}"):
            return True
        text = self._texts.get(self._file(module))
        tree = parse_python(text) if text is not None else None
        if tree is None:
            return bool(self._file(module))  # what cannot be read is not judged
        # A module that takes all of another, or computes its names, may have any.
        return not {name, "*", "__getattr__"}.isdisjoint(set[str]().union(*map(_bound, ast.walk(tree))))

    def _file(self, module: str) -> str:
        stem = module.replace(".", "/")
        places = (f"{root}{stem}{end}" for root in ("src/", "") for end in (".py", "/__init__.py"))
        return next((place for place in places if place in self._paths), "")


def _bound(node: ast.AST) -> set[str]:
    """The names that a statement binds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
