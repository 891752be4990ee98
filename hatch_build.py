"""The build step: what Jinja makes of each template, as Python, so that nothing is parsed when a project is rendered.

Built into every wheel and, by `uv sync`, into a checkout, where git ignores it. A template that was edited since is
compiled when it is rendered: each is found by a hash of its text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import indent
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "generator/mlops_ladder/project/compiled.py"


class CompileTemplates(BuildHookInterface):  # type: ignore[misc]
    """Writes the compiled templates before a wheel, editable or not, is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write them, and have the wheel hold them."""
        root = Path(self.root)
        (root / COMPILED).write_text(compiled(root), "utf-8")
        build_data["artifacts"].append(f"/{COMPILED}")


def compiled(root: Path) -> str:
    """The text of the module: one function a template, and a table from the key of its text to the function."""
    sys.path.insert(0, str(root / "generator"))
    try:
        from mlops_ladder.project.answers import Answers, every_choice
        from mlops_ladder.project.layers import SUFFIX, available, layers
        from mlops_ladder.project.render import chains_of, environment, is_plain, key
    finally:
        sys.path.pop(0)
    parts: dict[str, str] = {}
    for choices in every_choice():
        for level in available(root / "templates"):
            stacked = layers(level, Answers("build", "build", choices=choices), root / "templates")
            for chain in chains_of(stacked).values():
                for place, path in enumerate(chain):
                    source = path.read_text("utf-8")
                    if path.suffix == SUFFIX and not (place == len(chain) - 1 and is_plain(source)):
                        parts[key(source, str(place))] = environment(chain).compile(source, str(place), raw=True)
    functions = [
        f"def t{number}(environment):\n{indent(code, '    ')}\n    return locals()\n"
        for number, code in enumerate(parts[name] for name in sorted(parts))
    ]
    table = "".join(f'    "{name}": t{number},\n' for number, name in enumerate(sorted(parts)))
    head = '"""Templates as Python, made by the build; not edited by hand."""\n\n'
    return head + "\n\n".join(functions) + f"\n\nTEMPLATES = {{\n{table}}}\n"
