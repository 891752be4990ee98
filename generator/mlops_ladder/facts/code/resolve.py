"""What a dotted name means: the functions of the repository that it may stand for."""

from __future__ import annotations

from mlops_ladder.facts.code.model import BODY, Module
from mlops_ladder.facts.code.modules import Code

Node = tuple[str, str, str]
"""("py", file, scope), ("task", file, name of tool and task), ("sh", file, "") or ("yaml", file, "")."""


class Names:
    """The names of a repository."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._near: dict[str, dict[str, set[Node]]] = {}
        self._defined: dict[tuple[str, str, int], set[Node]] = {}

    def meant(self, module: Module, name: str, depth: int) -> set[Node]:
        """The functions of the repository that a name may stand for."""
        head, _, tail = name.partition(".")
        bare = head.rstrip("()[]")
        if bare in module.classes or bare in module.functions:
            return self.defined(module, bare, depth)
        target = self._code.split(name, module.path) if bare not in ("self", "cls") else None
        if target and (bare in module.tops):
            other = self._code.all.get(target[0])
            if other is None:
                return set()
            nodes: set[Node] = {("py", target[0], BODY)}
            return nodes | (self.defined(other, target[1][0], depth) if target[1] else set())
        if tail and bare not in module.tops:
            return self.methods(module, tail.rpartition(".")[2].rstrip("()[]"))
        return set()

    def defined(self, module: Module, name: str, depth: int) -> set[Node]:
        """A function, a class (all its methods) or what the module imported under that name."""
        key = (module.path, name, depth)
        if key not in self._defined:
            self._defined[key] = self._search(module, name, depth)
        return self._defined[key]

    def _search(self, module: Module, name: str, depth: int) -> set[Node]:
        if name in module.functions:
            return {("py", module.path, name)}
        if name in module.classes:
            found: set[Node] = {
                ("py", module.path, function) for function in module.functions if function.startswith(f"{name}.")
            }
            found |= {("py", module.path, f"class {name}")}
            for base in module.classes[name] if depth < 4 else ():
                found |= self.meant(module, base, depth + 1)
            return found
        if name in module.imports and depth < 5:
            return self.meant(module, module.imports[name], depth + 1)
        return set()

    def methods(self, module: Module, name: str) -> set[Node]:
        """Methods of that name in this module and in those that it imports."""
        if module.path not in self._near:
            paths, whole = {module.path}, set()
            for _, imported in module.imported:
                if target := self._code.split(imported, module.path):
                    paths.add(target[0])
                    # A module that is imported as such may be what a variable stands for: `for verb in (train, gate)`.
                    whole |= {target[0]} if not target[1] else set()
            by_name: dict[str, set[Node]] = {}
            for path in paths:
                other = self._code.all.get(path)
                for function in other.functions if other else ():
                    if "." in function or path in whole:
                        by_name.setdefault(function.rpartition(".")[2], set()).add(("py", path, function))
            self._near[module.path] = by_name
        return self._near[module.path].get(name, set())


def hooks(module: Module, name: str) -> bool:
    """A method of a class that a framework calls: its base class comes from elsewhere."""
    return any("." in base for base in module.classes.get(name.partition(".")[0], ()))
