"""What one render has that another has not, in a team's terms: verbs, dependencies, what DVC holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from mlops_ladder.facts.packages import standard_lines
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.requirements import requirement
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.facts.tasks.load import load_tasks
from mlops_ladder.facts.tasks.model import Task
from mlops_ladder.project.tree import Tree


def new_verbs(before: Tree, after: Tree) -> tuple[tuple[str, str], ...]:
    """The make verbs that come, with their one line of help."""
    known = {task.name for task in _tasks(before, "make")}
    return tuple((task.name, task.help) for task in _tasks(after, "make") if task.help and task.name not in known)


def new_dependencies(before: Tree, after: Tree) -> tuple[str, ...]:
    """The requirements that come, of packages that nothing asked for before."""
    known, asked = (_requirements(tree) for tree in (before, after))
    return tuple(line for name, line in asked.items() if name not in known)


def changed_dependencies(before: Tree, after: Tree) -> tuple[tuple[str, str], ...]:
    """The requirements that ask for other versions than before."""
    known, asked = (_requirements(tree) for tree in (before, after))
    return tuple((known[name], line) for name, line in asked.items() if known.get(name, line) != line)


def _requirements(tree: Tree) -> dict[str, str]:
    """The requirements of the project and of its groups by package."""
    lines = standard_lines(_files(tree).toml("pyproject.toml"))
    return {found.name: line for line in lines if (found := requirement(line))}


def new_outs(before: Tree, after: Tree) -> tuple[str, ...]:
    """The paths that come to be held by DVC as the outputs of a stage; git must not hold them, too."""
    held = [[path for task in _tasks(tree, "dvc") for path in task.held] for tree in (before, after)]
    return _new(*held)


def _new(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    known = set(before)
    return tuple(dict.fromkeys(item for item in after if item not in known))


def _tasks(tree: Tree, tool: str) -> list[Task]:
    return [task for task in load_tasks(_files(tree)) if task.tool == tool]


def _files(tree: Tree) -> Files:
    return Files(TreeSource(tree))
