"""The build step: templates as plain Python, so that rendering a project neither parses anything nor imports Jinja.

Built into every wheel and, by `uv sync`, into a checkout, where git ignores it. What this does not translate, and a
template that was edited since, is left to Jinja when it is rendered: each is found by a hash of its text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "generator/mlops_ladder/project/compiled.py"
FILTERS = {"toml": "toml", "md": "markdown", "literal": "literal", "cell": "cell"}
HEAD = '''"""Templates as Python, made by the build; not edited by hand."""

from mlops_ladder.project.render import cell, literal, markdown, toml


def truncate(text, length):
    """As Jinja's filter of this name, its other settings as they are by default."""
    return text if len(text) <= length + 5 else text[: length - 3].rsplit(" ", 1)[0] + "..."


'''


class CompileTemplates(BuildHookInterface):  # type: ignore[misc]
    """Writes the compiled templates before a wheel, editable or not, is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write them, and have the wheel hold them."""
        root = Path(self.root)
        (root / COMPILED).write_text(compiled(root), "utf-8")
        build_data["artifacts"].append(f"/{COMPILED}")


def compiled(root: Path) -> str:
    """The text of the module: one function for each chain of templates, and a table from its key to the function."""
    sys.path.insert(0, str(root / "generator"))
    try:
        from mlops_ladder.project.answers import Answers, every_choice
        from mlops_ladder.project.layers import SUFFIX, available, layers
        from mlops_ladder.project.render import chains_of, environment, is_plain, key
    finally:
        sys.path.pop(0)
    functions: dict[str, str] = {}
    for choices in every_choice():
        for level in available(root / "templates"):
            stacked = layers(level, Answers("build", "build", choices=choices), root / "templates")
            for chain in chains_of(stacked).values():
                texts = [path.read_text("utf-8") for path in chain if path.suffix == SUFFIX]
                if chain[-1].suffix != SUFFIX or is_plain(texts[-1]) or key(texts) in functions:
                    continue
                trees = [environment(chain).parse(text) for text in texts]
                try:
                    functions[key(texts)] = Translation(trees).function()
                except UntranslatedError:
                    continue
    names = sorted(functions)
    bodies = [functions[name].replace("def render(", f"def t{number}(", 1) for number, name in enumerate(names)]
    table = "".join(f'    "{name}": t{number},\n' for number, name in enumerate(names))
    return HEAD + "\n".join(bodies) + f"\nTEMPLATES = {{\n{table}}}\n"


class UntranslatedError(Exception):
    """A template uses what is not translated here; Jinja renders it."""


class Translation:
    """A chain of templates, lowest first, as one Python function of the context that returns the text."""

    def __init__(self, trees: list[Any]) -> None:
        from jinja2 import nodes

        extending = [tree for tree in trees if tree.find(nodes.Extends)]
        # One that does not extend replaces all below it.
        first = max(index for index, tree in enumerate(trees) if tree not in extending)
        self._root = trees[first]
        self._blocks: dict[str, list[Any]] = {}
        for tree in reversed(trees[first:]):
            for block in tree.find_all(nodes.Block):
                self._blocks.setdefault(block.name, []).append(block)
        self._below: list[list[Any]] = []
        self._local: list[str] = []
        self._macros: list[str] = []

    def function(self) -> str:
        """The text of the function."""
        lines = list(self._body(self._root.body, 1))
        return "\n".join(
            ["def render(context):", "    out = []", "    add = out.append", *lines, "    return ''.join(out)", ""]
        )

    def _body(self, body: list[Any], depth: int) -> Iterator[str]:
        for node in body:
            yield from getattr(self, f"_{type(node).__name__.lower()}", self._unknown)(node, depth)

    def _unknown(self, node: Any, depth: int = 0) -> Iterator[str]:  # noqa: ARG002
        raise UntranslatedError(type(node).__name__)

    def _output(self, node: Any, depth: int) -> Iterator[str]:
        for part in node.nodes:
            if type(part).__name__ == "TemplateData":
                yield f"{'    ' * depth}add({part.data!r})"
            elif type(part).__name__ == "Call" and getattr(part.node, "name", "") == "super":
                yield from self._super(depth)
            elif type(part).__name__ == "Call" and getattr(getattr(part.node, "node", None), "name", "") == "self":
                top, *below = self._blocks[part.node.attr]
                yield from self._within(top, below, depth)
            else:
                yield f"{'    ' * depth}add(str({self._of(part)}))"

    def _block(self, node: Any, depth: int) -> Iterator[str]:
        top, *below = self._blocks[node.name]
        yield from self._within(top, below, depth)

    def _super(self, depth: int) -> Iterator[str]:
        top, *below = self._below[-1]
        yield from self._within(top, below, depth)

    def _within(self, block: Any, below: list[Any], depth: int) -> Iterator[str]:
        self._below.append(below)
        yield from self._body(block.body, depth)
        self._below.pop()

    def _if(self, node: Any, depth: int) -> Iterator[str]:
        word = "if"
        for branch in (node, *node.elif_):
            yield f"{'    ' * depth}{word} {self._of(branch.test)}:"
            yield from self._body(branch.body, depth + 1)
            yield f"{'    ' * (depth + 1)}pass"
            word = "elif"
        if node.else_:
            yield f"{'    ' * depth}else:"
            yield from self._body(node.else_, depth + 1)

    def _for(self, node: Any, depth: int) -> Iterator[str]:
        targets = node.target.items if type(node.target).__name__ == "Tuple" else [node.target]
        if node.else_ or node.recursive:
            raise UntranslatedError("For")
        yield f"{'    ' * depth}for {', '.join(f'l_{target.name}' for target in targets)} in {self._of(node.iter)}:"
        self._local += [target.name for target in targets]
        if node.test:
            yield f"{'    ' * (depth + 1)}if not {self._of(node.test)}: continue"
        yield from self._body(node.body, depth + 1)
        del self._local[-len(targets) :]

    def _macro(self, node: Any, depth: int) -> Iterator[str]:
        if node.defaults:
            raise UntranslatedError("Macro")
        names = [argument.name for argument in node.args]
        yield f"{'    ' * depth}def m_{node.name}({', '.join(f'l_{name}' for name in names)}):"
        yield f"{'    ' * (depth + 1)}out = []"
        yield f"{'    ' * (depth + 1)}add = out.append"
        self._macros.append(node.name)
        self._local += names
        yield from self._body(node.body, depth + 1)
        del self._local[len(self._local) - len(names) :]
        yield f"{'    ' * (depth + 1)}return ''.join(out)"

    def _of(self, node: Any) -> str:
        """An expression."""
        kind = type(node).__name__
        if kind == "Const":
            return repr(node.value)
        if kind == "Name" and node.name != "loop":
            return f"l_{node.name}" if node.name in self._local else f"context[{node.name!r}]"
        if kind == "Getattr":
            return f"{self._of(node.node)}.{node.attr}"
        if kind == "Getitem":
            return f"{self._of(node.node)}[{self._of(node.arg)}]"
        if kind == "Compare":
            signs = {
                "eq": "==",
                "ne": "!=",
                "gt": ">",
                "gteq": ">=",
                "lt": "<",
                "lteq": "<=",
                "in": "in",
                "notin": "not in",
            }
            return f"({self._of(node.expr)} " + " ".join(f"{signs[o.op]} {self._of(o.expr)}" for o in node.ops) + ")"
        if kind in ("And", "Or"):
            return f"({self._of(node.left)} {kind.lower()} {self._of(node.right)})"
        if kind == "Not":
            return f"(not {self._of(node.node)})"
        if kind == "CondExpr" and node.expr2 is not None:
            return f"({self._of(node.expr1)} if {self._of(node.test)} else {self._of(node.expr2)})"
        if kind == "Concat":
            return "(" + " + ".join(f"str({self._of(part)})" for part in node.nodes) + ")"
        if kind in ("List", "Tuple"):
            return "[" + ", ".join(map(self._of, node.items)) + "]"
        if kind == "Dict":
            return "{" + ", ".join(f"{self._of(pair.key)}: {self._of(pair.value)}" for pair in node.items) + "}"
        if kind == "Mul":
            return f"({self._of(node.left)} * {self._of(node.right)})"
        if kind == "Filter" and not node.kwargs:
            return self._filtered(node)
        if kind == "Call" and type(node.node).__name__ == "Getattr" and not node.kwargs:
            return f"{self._of(node.node)}({', '.join(map(self._of, node.args))})"
        if kind == "Call" and getattr(node.node, "name", "") in self._macros and not node.kwargs:
            return f"m_{node.node.name}({', '.join(map(self._of, node.args))})"
        raise UntranslatedError(kind)

    def _filtered(self, node: Any) -> str:
        value, arguments = self._of(node.node), [self._of(argument) for argument in node.args]
        if node.name in FILTERS and not arguments:
            return f"{FILTERS[node.name]}({value})"
        if node.name == "length" and not arguments:
            return f"len({value})"
        if node.name == "truncate" and len(arguments) == 1:
            return f"truncate({value}, {arguments[0]})"
        if node.name == "join" and len(arguments) == 1:
            return f"{arguments[0]}.join(map(str, {value}))"
        if node.name == "format" and arguments:
            return f"({value} % ({', '.join(arguments)},))"
        raise UntranslatedError(node.name)
