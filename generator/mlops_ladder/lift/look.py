"""What would not work in a merged project though all of its files merged: names that lead nowhere, read off its text.

Pure. Only what is new is told: what the project had wrong before is its own matter.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.packages import LOCKS
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.facts.tasks.make import tasks_of
from mlops_ladder.facts.tasks.yaml_files import dvc_stages
from mlops_ladder.lift.look_at_code import Modules
from mlops_ladder.project.tree import File

PIPELINE, MAKEFILE, PYPROJECT = "dvc.yaml", "Makefile", "pyproject.toml"
_MODULE = re.compile(r"(?<=[ \t]-m)[ \t]+([A-Za-z_]\w*(?:\.\w+)*)")
_STAGE = re.compile(r"  ([\w-]+):")
_ELSEWHERE = re.compile(r"[$*{]|^/|^\.\.|://")


@dataclass(frozen=True)
class Notice:
    """Something that needs a person: where, what, and the commands that show or settle it."""

    path: str
    line: int
    what: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """A project to look at: all its paths, the texts of those that are read, and the name of its package."""

    paths: frozenset[str]
    texts: Mapping[str, str]
    package: str


def reads(path: str) -> bool:
    """Whether the text of a file is looked at."""
    return path in (PIPELINE, MAKEFILE, PYPROJECT) or path.endswith(".py")


def new_notices(before: Project, after: Project) -> tuple[Notice, ...]:
    """What does not work in a project after a lift, and was not so before."""
    found = list(_notices(after))
    known = {(notice.path, notice.what) for notice in _notices(before)} if found else set()
    return tuple(notice for notice in found if (notice.path, notice.what) not in known)


def _notices(project: Project) -> Iterator[Notice]:
    modules = Modules(project.paths, project.texts, project.package)
    of_modules = [*_started(project, modules), *(Notice(*missing) for missing in modules.missing())]
    if of_modules and not modules.has(project.package):
        yield _package_gone(project, list(dict.fromkeys(notice.path for notice in of_modules)))
    else:
        yield from (*_stages(project), *of_modules)
    yield from _twice(project)
    yield from _requirements(project.texts.get(PYPROJECT, ""))


def _package_gone(project: Project, naming: list[str]) -> Notice:
    """That files name a package that is called otherwise by now; where its new name is plain, with what renames it."""
    old = project.package
    others = {path.split("/")[1] for path in project.paths if path.startswith("src/") and path.endswith("/__init__.py")}
    more = f" and {len(naming) - 3} more files" if len(naming) > 3 else ""
    what = f"{old} is not there any more, and {', '.join(naming[:3])}{more} name it"
    if len(others) != 1:
        return Notice(naming[0], 1, what, (f"git grep -n -w -e {old} -- {' '.join(map(shlex.quote, naming))}",))
    new = others.pop()
    rename = f"s/((?:-m|from|import) |src\\/){old}\\b/$1{new}/g"
    files = " ".join(map(shlex.quote, naming))
    return Notice(naming[0], 1, f"{what} (src/{new} is)", (f"perl -pi -e {shlex.quote(rename)} {files}",))


def _stages(project: Project) -> Iterator[Notice]:
    """What stages of the pipeline read, and nothing makes or holds."""
    text = project.texts.get(PIPELINE, "")
    stages = dvc_stages(PIPELINE, _files(project)) if text else []
    made = {out for stage in stages for out in stage.outs}
    for path in dict.fromkeys(path for stage in stages if not stage.folder for path in stage.ins):
        parts = path.split("/")
        held = {f"{'/'.join(parts[:end])}.dvc" for end in range(1, len(parts) + 1)}
        there = {path, *held} & project.paths or any(p.startswith(f"{path}/") for p in project.paths)
        if there or path in LOCKS or _ELSEWHERE.search(path) or any(f"{path}/".startswith(f"{out}/") for out in made):
            continue
        what = f"reads {path}, which is not there{_elsewhere(path, project.paths)}"
        yield Notice(PIPELINE, _line(text, path), what, (_show(path, PIPELINE),))


def _started(project: Project, modules: Modules) -> Iterator[Notice]:
    """Modules of the package that a stage or a verb starts, and that are not there."""
    for file in (PIPELINE, MAKEFILE):
        missing: dict[str, int] = {}
        for number, line in enumerate(project.texts.get(file, "").splitlines(), 1):
            for name in _MODULE.findall(line):
                if name.split(".")[0] == project.package and not modules.has(name):
                    missing.setdefault(name, number)
        for name, number in missing.items():
            yield Notice(file, number, f"starts {name}, and there is no such module", (_show(f"-m {name}", file),))


def _twice(project: Project) -> Iterator[Notice]:
    """Targets and stages of which there are two."""
    targets = defaultdict(list)
    for task in tasks_of(MAKEFILE, _files(project)) if MAKEFILE in project.texts else ():
        if task.script and "%" not in task.name:
            targets[task.name].append(task.line)
    for name, lines in targets.items():
        if len(lines) > 1:
            what = f"the target {name} is there twice (line {lines[0]}, too): make runs the last one only"
            yield Notice(MAKEFILE, lines[-1], what, (_show(f"{name}:", MAKEFILE) + "  # rename one",))
    at = 0
    seen: Counter[str] = Counter()
    for number, line in enumerate(project.texts.get(PIPELINE, "").splitlines(), 1):
        at = number if line.startswith("stages:") else 0 if line[:1].isalpha() else at
        if at and (match := _STAGE.match(line)):
            seen[match[1]] += 1
            if seen[match[1]] == 2:
                yield Notice(
                    PIPELINE, number, f"the stage {match[1]} is there twice", (_show(f"{match[1]}:", PIPELINE),)
                )


def _requirements(text: str) -> Iterator[Notice]:
    """Bounds that allow no version together, and groups that nothing installs."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    from packaging.utils import canonicalize_name

    groups = _table(values, "dependency-groups")
    asked: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for text_of, item in _items([values.get("project", {}).get("dependencies"), *groups.values()]):
        asked[canonicalize_name(item.name)].append((text_of, item.specifier))
    for items in asked.values():
        for at, (one, first) in enumerate(items):
            for other, second in items[at + 1 :]:
                if _disjoint(first, second):
                    what = f"{one} and {other} allow no version together"
                    yield Notice(PYPROJECT, _line(text, one), what, (_show(one, PYPROJECT), _show(other, PYPROJECT)))
    installed = _table(values, "tool", "uv").get("default-groups", ["dev"])
    for group in groups:
        if isinstance(installed, list) and group not in installed:
            what = f"the group {group} is not installed: it is not among the default-groups of [tool.uv]"
            yield Notice(PYPROJECT, _line(text, f"{group} ="), what, (f"uv sync --group {shlex.quote(group)}",))


def _items(lists: list[Any]) -> Iterator[tuple[str, Any]]:
    """The requirements among some lists, as they are written and as they are read; less those of some Pythons."""
    from packaging.requirements import InvalidRequirement, Requirement

    for item in (item for items in lists if isinstance(items, list) for item in items if isinstance(item, str)):
        try:
            found = Requirement(item)
        except InvalidRequirement:
            continue
        if not found.marker:
            yield item, found


def _disjoint(one: Any, other: Any) -> bool:
    """Whether two sets of versions have none in common, of those at and right after every bound."""
    from packaging.version import InvalidVersion, Version

    bounds = []
    for specifier in (*one, *other):
        try:
            bounds.append(str(Version(specifier.version.removesuffix(".*"))))
        except InvalidVersion:
            return False
    near = [version for bound in bounds for version in (bound, f"{bound}.1", "0")]
    return bool(bounds) and not any(one.contains(v) and other.contains(v) for v in near)


def _table(values: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def _files(project: Project) -> Files:
    return Files(TreeSource({path: File(text.encode()) for path, text in project.texts.items()}))


def _elsewhere(path: str, paths: frozenset[str]) -> str:
    """Where a file of that name is instead, if that is plain."""
    name = path.rpartition("/")[2]
    same = [p for p in paths if p.rpartition("/")[2] == name and name.endswith(".py")]
    return f" ({same[0]} is)" if len(same) == 1 else ""


def _line(text: str, words: str) -> int:
    """The first line that has some words."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if words in line), 1)


def _show(words: str, path: str) -> str:
    return f"git grep -n -F -e {shlex.quote(words)} -- {shlex.quote(path)}"
