"""What Jinja drops in silence and what a template must not do, found by reading the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes

from mlops_ladder.project.answers import QUESTIONS, Answers, every_choice
from mlops_ladder.project.layers import SUFFIX, layer_names, layers, numbers
from mlops_ladder.project.render import Chain, chains_of, environment

NAMES = {"package", "name", "slug", "storage", "data", *(question.name for question in QUESTIONS)}
BESIDES = {"README.md", "capabilities.toml", "level.toml", "lab"}
# Their suffix would act on our own repository, or have pip compile them where they lie.
NEEDS_SUFFIX = re.compile(r"(\.py|\.gitignore|\.gitattributes)$")


def lint(root: Path) -> list[str]:
    """Every finding, as `path: what is wrong`; an empty list is good."""
    found = [*_of_folders(root)]
    for choices in every_choice():
        answers = Answers("lint", "lint", choices=choices)
        for level in numbers(root):
            for chain in chains_of(layers(level, answers, root)).values():
                found += [f"{chain[-1].relative_to(root).as_posix()}: {text}" for text in _of_chain(chain)]
    return sorted(set(found))


def _of_folders(root: Path) -> Iterator[str]:
    for level in sorted(root.glob("level*")):
        for entry in sorted(level.iterdir()):
            if entry.name not in {*layer_names(), *BESIDES}:
                yield f"{entry.relative_to(root).as_posix()}: belongs to no layer"
        for path in sorted(path for overlay in layer_names() for path in (level / overlay).rglob("*")):
            yield from (f"{path.relative_to(root).as_posix()}: {text}" for text in _of_path(level, path))


def _of_path(level: Path, path: Path) -> Iterator[str]:
    relative = path.relative_to(level).as_posix()
    plain = relative.replace("{{ package }}", "package")
    if re.search(r'[{}%"|<>:?*\\]', plain):
        yield "only {{ package }} may stand in a path, and nothing that Windows refuses"
    if path.is_symlink():
        yield "is a link"
    elif path.is_dir() and not any(path.iterdir()):
        yield "is empty"
    elif path.is_file() and NEEDS_SUFFIX.search(path.name):
        yield f"must end in {SUFFIX}"
    if path.is_file() and path.suffix == SUFFIX and b"\r" in path.read_bytes():
        yield "has a carriage return"


def _of_chain(chain: Chain) -> Iterator[str]:
    if chain[-1].suffix != SUFFIX:
        return
    try:
        *below, top = [environment(chain).parse(path.read_text("utf-8")) for path in chain if path.suffix == SUFFIX]
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"
        return
    unknown = meta.find_undeclared_variables(top) - NAMES
    if unknown:
        yield f"uses the unknown name '{min(unknown)}'"
    if not top.find(nodes.Extends):
        if any(_is_super(call) for call in top.find_all(nodes.Call)):
            yield "calls super and extends nothing"
        return
    parent = next(top.find_all(nodes.Extends)).template
    if not (isinstance(parent, nodes.Const) and parent.value == "below"):
        yield 'extends something else than "below"'
    if len(chain) == 1 or chain[-2].suffix != SUFFIX:
        yield "extends a template that no layer below supplies"
        return
    known = {block.name for tree in below for block in tree.find_all(nodes.Block)}
    for node in top.body:
        # A block within a block that is known is new, and for the levels above to fill.
        if isinstance(node, nodes.Block) and node.name not in known:
            yield f"fills the block '{node.name}', which no layer below has"
        if not isinstance(node, (nodes.Extends, nodes.Block)) and not _blank(node):
            yield f"line {node.lineno}: text outside of every block"


def _is_super(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "super"


def _blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )
