"""What the repository says it needs: declared packages, their bounds, lock files."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.python import parse_python
from mlops_ladder.facts.read.short import Tell
from mlops_ladder.facts.read.text import listed, parse_ini
from mlops_ladder.facts.requirements import LINES, Requirement, file_lines, requirements

LOCKS = frozenset(
    [
        "uv.lock",
        "poetry.lock",
        "Pipfile.lock",
        "pdm.lock",
        "pixi.lock",
        "conda-lock.yml",
        "renv.lock",
        "Manifest.toml",
        "pylock.toml",
        "environment.lock.yml",
        "conda-linux-64.lock",
    ]
)
_CONDA = re.compile(r"^(?:\S+::)?([\w.-]+)\s*(.*)$")


@dataclass(frozen=True)
class Packages:
    """All declared requirements, the lock files, and the files that declare something."""

    declared: tuple[Requirement, ...]
    locks: tuple[str, ...]
    files: tuple[str, ...]


def load_packages(files: Files) -> Packages:
    """Read every file that declares Python (or R, Julia, Scala) packages."""
    declared: list[Requirement] = []
    sources: list[str] = []
    for path in files.paths:
        found = _declared(path, files)
        if found:
            sources.append(path)
            declared += found
    locks = tuple(path for path in files.paths if path.rpartition("/")[2] in LOCKS)
    return Packages(tuple(declared), locks, tuple(sources))


def _declared(path: str, files: Files) -> list[Requirement]:
    name = path.rpartition("/")[2]
    if name.endswith((".txt", ".in")) and (
        "requirements" in name or name.startswith("constraints") or "/requirements/" in f"/{path}"
    ):
        return requirements(files.some(file_lines(files.text(path)), LINES, "lines of requirements"))
    if name == "pyproject.toml":
        return _pyproject(files.toml(path))
    if name in ("setup.py", "setup.cfg"):
        return requirements(
            _setup_py(files.whole(path), files.tell(path))
            if name == "setup.py"
            else _setup_cfg(files.text(path), files.tell(path))
        )
    if re.fullmatch(r"(conda|environment).*\.ya?ml", name):
        return _conda(files.document(path))
    if name == "Pipfile":
        table = files.toml(path)
        return [found for part in ("packages", "dev-packages") for found in _table(table.get(part))]
    # Of other languages' declarations it is enough to know that they are there.
    return [Requirement(name, "")] if name in ("DESCRIPTION", "Project.toml", "build.sbt") else []


def _setup_cfg(text: str, tell: Tell) -> list[str]:
    return parse_ini(text, tell).get("options", "install_requires", fallback="").splitlines()


def _setup_py(text: str, tell: Tell) -> list[str]:
    """The literal requirements that a setup.py hands to `setup`, directly or through a variable."""
    tree = parse_python(text, tell)
    if tree is None:
        return []
    values = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            value = values.get(node.value.id, node.value) if isinstance(node.value, ast.Name) else node.value
            items = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
            return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return []


def _table(table: Any) -> list[Requirement]:
    """Requirements as Poetry and Pipenv write them: a name and a version, or a table with one."""
    return [
        Requirement(str(name).lower().replace("_", "-"), _bounds(value))
        for name, value in (table.items() if isinstance(table, dict) else ())
        if name != "python"
    ]


def _bounds(value: Any) -> str:
    """A version of Poetry or Pipenv, with bounds where it has some: `^1.2` and `~1.2` end below the next release."""
    if isinstance(value, dict):
        value = value.get("version", "")
    text = str(value).strip()
    if text.startswith(("^", "~")) and not text.startswith("~="):
        return f">={text.lstrip('^~')},<next"
    return f"=={text}" if text[:1].isdigit() else text.replace("*", "")


def _conda(document: Any) -> list[Requirement]:
    found: list[Requirement] = []
    for item in listed(document.get("dependencies") if isinstance(document, dict) else None):
        if isinstance(item, str) and (match := _CONDA.match(item)):
            spec = match[2].lstrip("=") if match[2].startswith("=") else match[2]
            found.append(Requirement(match[1].lower(), f"=={spec}" if spec[:1].isdigit() else spec))
        elif isinstance(item, dict):
            found += requirements(str(line) for line in listed(item.get("pip")))
    return found


def standard_lines(table: dict[str, Any]) -> list[str]:
    """The requirements of a pyproject.toml as they are written: of the project, of its extras and groups."""
    lines: list[Any] = []
    project = table.get("project")
    if isinstance(project, dict):
        lines += listed(project.get("dependencies"))
        extras = project.get("optional-dependencies")
        lines += [entry for group in (extras.values() if isinstance(extras, dict) else ()) for entry in listed(group)]
    groups = table.get("dependency-groups")
    lines += [entry for group in (groups.values() if isinstance(groups, dict) else ()) for entry in listed(group)]
    return [line for line in lines if isinstance(line, str)]


def _pyproject(table: dict[str, Any]) -> list[Requirement]:
    found = requirements(standard_lines(table))
    tool = table.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if isinstance(poetry, dict):
        found += [*_table(poetry.get("dependencies")), *_table(poetry.get("dev-dependencies"))]
        groups = poetry.get("group")
        for group in groups.values() if isinstance(groups, dict) else ():
            found += _table(group.get("dependencies")) if isinstance(group, dict) else []
    return found
