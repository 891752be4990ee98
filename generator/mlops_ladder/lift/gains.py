"""What one render has that another has not, in a team's terms: verbs, dependencies, what DVC holds. Pure."""

from __future__ import annotations

import re
import tomllib

from mlops_ladder.project.tree import Tree

_VERB = re.compile(r"^([a-z][\w-]*):[^#\n]*## (.*)$", re.MULTILINE)


def new_verbs(before: Tree, after: Tree) -> tuple[tuple[str, str], ...]:
    """The make verbs that come, with their one line of help."""
    known = {name for name, _ in _verbs(before)}
    return tuple((name, text) for name, text in _verbs(after) if name not in known)


def new_dependencies(before: Tree, after: Tree) -> tuple[str, ...]:
    """The requirements that come, of the project and of its groups."""
    known = set(_dependencies(before))
    return tuple(dict.fromkeys(item for item in _dependencies(after) if item not in known))


def new_outs(before: Tree, after: Tree) -> tuple[str, ...]:
    """The paths that come to be held by DVC as the outputs of a stage; git must not hold them, too."""
    known = set(_outs(before))
    return tuple(path for path in _outs(after) if path not in known)


def _outs(tree: Tree) -> list[str]:
    if "dvc.yaml" not in tree:
        return []
    import yaml

    stages = (yaml.safe_load(tree["dvc.yaml"].content) or {}).get("stages", {}).values()
    outs = [out for stage in stages for kind in ("outs", "metrics", "plots") for out in stage.get(kind, [])]
    named = [(out, {}) if isinstance(out, str) else next(iter(out.items())) for out in outs]
    return [path for path, options in named if (options or {}).get("cache", True)]


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
