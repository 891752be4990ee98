"""What the repository says it needs: declared packages, their bounds, lock files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed

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
_NAME = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*([^;#]*)")


@dataclass(frozen=True)
class Package:
    """One declared requirement."""

    name: str
    spec: str
    file: str


@dataclass(frozen=True)
class Packages:
    """All declared requirements."""

    declared: tuple[Package, ...]
    locks: tuple[str, ...]
    files: tuple[str, ...]

    def has(self, *names: str) -> bool:
        """Whether one of these is declared."""
        return any(package.name in names for package in self.declared)


def load_packages(files: Files) -> Packages:
    """Read every file that declares Python (or R, Julia, Scala) packages."""
    declared: list[Package] = []
    sources: list[str] = []
    for path in files.paths:
        name = path.rpartition("/")[2]
        entries: list[str] = []
        if re.fullmatch(r"(.*requirements.*|constraints.*)\.(txt|in)", name) or (
            "/requirements/" in f"/{path}" and (name.endswith((".txt", ".in")))
        ):
            entries = files.text(path).splitlines()
        elif name == "pyproject.toml":
            entries = _pyproject(files.toml(path))
        elif name in ("setup.py", "setup.cfg"):
            entries = re.findall(r"^[\s'\"]*([A-Za-z][\w.-]*\s*[<>=~!]=?[^'\"\n]*|[A-Za-z][\w.-]+)['\"]?,?$",
                                 _after(files.text(path), "install_requires"), re.MULTILINE)  # fmt: skip
        elif re.fullmatch(r"(conda|environment).*\.ya?ml", name):
            entries = _conda(files.yaml_one(path)[0])
        elif name == "Pipfile":
            table = files.toml(path)
            entries = [
                f"{k} {_spec(v)}" for part in ("packages", "dev-packages") for k, v in table.get(part, {}).items()
            ]
        elif name in ("DESCRIPTION", "Project.toml", "build.sbt"):
            entries = [name]
        if entries:
            sources.append(path)
            declared += [package for entry in entries if (package := _package(entry, path))]
    locks = tuple(path for path in files.paths if path.rpartition("/")[2] in LOCKS)
    return Packages(tuple(declared), locks, tuple(sources))


def _package(entry: str, path: str) -> Package | None:
    match = _NAME.match(entry)
    if not match or entry.lstrip().startswith(("#", "-")):
        return None
    return Package(match[1].lower().replace("_", "-"), match[3].strip(), path)


def _after(text: str, word: str) -> str:
    at = text.find(word)
    return text[at : at + 4000] if at >= 0 else ""


def _spec(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("version", "")
    return f"=={value}" if isinstance(value, str) and value[:1].isdigit() else str(value).replace("*", "")


def _conda(document: Any) -> list[str]:
    found: list[str] = []
    for item in listed(document.get("dependencies") if isinstance(document, dict) else None):
        if isinstance(item, str):
            found.append(re.sub(r"^([\w.-]+)=(\d)", r"\1==\2", item.rpartition("::")[2]))
        elif isinstance(item, dict):
            found += [str(line) for line in listed(item.get("pip"))]
    return found


def _pyproject(table: dict[str, Any]) -> list[str]:
    found: list[Any] = []
    project = table.get("project")
    if isinstance(project, dict):
        found += listed(project.get("dependencies"))
        extras = project.get("optional-dependencies")
        found += [entry for group in (extras.values() if isinstance(extras, dict) else ()) for entry in listed(group)]
    groups = table.get("dependency-groups")
    found += [entry for group in (groups.values() if isinstance(groups, dict) else ()) for entry in listed(group)]
    tool = table.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if isinstance(poetry, dict):
        tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
        groups = poetry.get("group")
        tables += [
            g.get("dependencies") for g in (groups.values() if isinstance(groups, dict) else ()) if isinstance(g, dict)
        ]
        # A caret is an upper bound.
        found += [f"{name} {_spec(spec)}".replace("^", "<=") for part in tables if isinstance(part, dict)
                  for name, spec in part.items() if name != "python"]  # fmt: skip
    return [entry for entry in found if isinstance(entry, str)]
