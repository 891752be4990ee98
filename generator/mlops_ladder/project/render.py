"""Answers and a level in, a project in memory out. The only user of Jinja."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.legible import HIDDEN as _HIDDEN
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.layers import SUFFIX, layers
from mlops_ladder.project.tree import File, Tree

if TYPE_CHECKING:
    from jinja2 import Environment

Chain = list[Path]
"""The templates that supply one path, lowest layer first."""

_PLAIN = re.compile(r"\{\{ (\w+) \}\}")
_TAG = re.compile(r"\{[%#]")


def render(answers: Answers, level: int, root: Path | None = None) -> Tree:
    """Render the pristine project of a level: everything but its data and `.ladder.toml`.

    The highest layer that supplies a path wins; a template may extend the same path one layer below with
    `{% extends "below" %}`. Equal answers give equal bytes on every machine.

    Raises:
        LadderError: a template uses a name that no answer supplies (a bug of the templates).
    """
    names = {"package": answers.package, "name": answers.name, "slug": answers.slug, "storage": answers.storage}
    chains = chains_of(layers(level, answers, root))
    context = {**names, **answers.choices, "data": answers.data}
    return {
        path.replace("{{ package }}", answers.package): _file(chains[path], path, names, context)
        for path in sorted(chains)
    }


def chains_of(folders: list[Path]) -> dict[str, Chain]:
    """Every path that the folders supply, without its suffix, and the templates that supply it."""
    chains: dict[str, Chain] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
                chains.setdefault(name, []).append(path)
    return chains


def _file(chain: Chain, name: str, names: dict[str, str], context: dict[str, Any]) -> File:
    content = chain[-1].read_bytes()
    if chain[-1].suffix == SUFFIX:
        source = content.decode()
        if is_plain(source):
            # Compiling a template costs thirty times its rendering; most of ours only name the package.
            content = _PLAIN.sub(lambda match: _plain(names, match[1], name), source).encode()
        else:
            below = [path.read_text("utf-8") for path in chain[:-1] if path.suffix == SUFFIX]
            made = _by_the_build().get(key([*below, source]))
            content = (made(context) if made else _by_jinja(chain, name, context)).encode()
    # Not the mode of the template: Windows and some archives do not keep it.
    return File(content, executable=content.startswith(b"#!"))


def is_plain(source: str) -> bool:
    """Whether a template does no more than name the package or the project."""
    return not _TAG.search(source) and len(_PLAIN.findall(source)) == source.count("{{")


def _plain(names: dict[str, str], key: str, template: str) -> str:
    if key not in names:
        raise LadderError(f"Template {template} uses the unknown name '{key}'.", code=BUG)
    return names[key]


def key(sources: list[str]) -> str:
    """By what the build's function for a chain is found: the text of its templates, lowest first."""
    return hashlib.blake2b("\0".join(sources).encode(), digest_size=12).hexdigest()


@cache
def _by_the_build() -> dict[str, Callable[[dict[str, Any]], str]]:
    """What the build has made of the templates; nothing where no build was run."""
    try:
        templates: dict[str, Callable[[dict[str, Any]], str]] = import_module("mlops_ladder.project.compiled").TEMPLATES
    except ImportError:
        return {}
    return templates


def _by_jinja(chain: Chain, name: str, context: dict[str, Any]) -> str:
    from jinja2 import UndefinedError

    try:
        return environment(chain).get_template(str(len(chain) - 1)).render(context)
    except UndefinedError as error:
        raise LadderError(f"Template {name} cannot be rendered: {error}.", code=BUG) from error


def environment(chain: Chain) -> Environment:
    """A Jinja environment over the templates of one path, which are named by their place in the chain."""
    from jinja2 import FunctionLoader

    return _environment_class()(loader=FunctionLoader(lambda index: chain[int(index)].read_text("utf-8")))


@cache
def _environment_class() -> type[Environment]:
    from jinja2 import StrictUndefined, nodes
    from jinja2.ext import Extension
    from jinja2.parser import Parser
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Super(Extension):
        """`{% super %}`: the block below, as a tag, so that its lines keep their own indentation."""

        tags = {"super"}  # noqa: RUF012

        def parse(self, parser: Parser) -> nodes.Node:
            line = next(parser.stream).lineno
            call = nodes.Call(nodes.Name("super", "load"), [], [], None, None)
            return nodes.Output([call], lineno=line)

    # Our templates need no more; a text of anybody's that became one would reach nothing.
    class Below(ImmutableSandboxedEnvironment):
        def __init__(self, **options: Any) -> None:
            super().__init__(
                undefined=StrictUndefined,
                keep_trailing_newline=True,
                trim_blocks=True,
                lstrip_blocks=True,
                autoescape=False,
                optimized=False,  # each template is rendered once: folding constants costs more than it saves
                extensions=[Super],
                **options,
            )
            self.filters["toml"] = toml
            self.filters["md"] = markdown
            self.filters["literal"] = literal
            self.filters["cell"] = cell

        def join_path(self, template: str, parent: str) -> str:
            return str(int(parent) - 1) if template == "below" else template

    return Below


def toml(value: Any) -> str:
    """A TOML value: string, number, boolean or a list of these."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but TOML wants DEL escaped too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def literal(value: Any) -> str:
    """A TOML value in which everything can be seen: what steers the eye or a terminal is escaped."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return _HIDDEN.sub(lambda found: f"\\U{ord(found[0]):08x}", toml(value))


def cell(value: str) -> str:
    """Text from data inside a Markdown table, in which everything can be seen; blanks at its ends go."""
    return _HIDDEN.sub(lambda found: f"\\\\u{ord(found[0]):04x}", markdown(value))


def markdown(value: str) -> str:
    """Text from data inside a Markdown table: nothing in it may end the cell or become markup.

    Projects of released versions are rendered with this and `toml` again: neither may change.
    """
    text = re.sub(r"([\\`*_{}\[\]<>|#!~])", r"\\\1", value)
    return " ".join(text.split())
