"""What one render has that another has not, in a team's terms: make verbs and dependencies. Pure."""

from __future__ import annotations

import re
import tomllib

from mlops_ladder.model import Tree

_VERB = re.compile(r"^([a-z][\w-]*):[^#\n]*## (.*)$", re.MULTILINE)


def new_verbs(before: Tree, after: Tree) -> tuple[tuple[str, str], ...]:
    """The make verbs that come, with their one line of help."""
    known = {name for name, _ in _verbs(before)}
    return tuple((name, text) for name, text in _verbs(after) if name not in known)


def new_dependencies(before: Tree, after: Tree) -> tuple[str, ...]:
    """The requirements that come, of the project and of its groups."""
    known = set(_dependencies(before))
    return tuple(dict.fromkeys(item for item in _dependencies(after) if item not in known))


def _verbs(tree: Tree) -> list[tuple[str, str]]:
    files = [path for path in sorted(tree) if path == "Makefile" or re.fullmatch(r"make/[^/]+\.mk", path)]
    return [found for path in files for found in _VERB.findall(tree[path].content.decode())]


def _dependencies(tree: Tree) -> list[str]:
    if "pyproject.toml" not in tree:
        return []
    document = tomllib.loads(tree["pyproject.toml"].content.decode())
    groups = [
        document.get("project", {}).get("dependencies", []),
        *document.get("dependency-groups", {}).values(),
    ]
    return [item for group in groups for item in group if isinstance(item, str)]
