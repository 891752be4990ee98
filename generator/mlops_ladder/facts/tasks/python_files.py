"""Tasks of Python's own tools: pyproject.toml, tox.ini, noxfile.py, setup.py."""

from __future__ import annotations

import ast
import re
from typing import Any

from mlops_ladder.facts.evidence import line_number
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.python import parse_python
from mlops_ladder.facts.read.text import parse_ini
from mlops_ladder.facts.read.toml import key_lines
from mlops_ladder.facts.tasks.model import Task, entries, folder_of, strings

PYPROJECT = re.compile(r"(^|/)pyproject\.toml$")
TOX = re.compile(r"(^|/)tox\.ini$")
NOX = re.compile(r"(^|/)noxfile\.py$")
SETUP = re.compile(r"(^|/)setup\.(py|cfg)$")

# The tables of pyproject.toml that hold tasks, and the tool that runs them.
_TABLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("poe", ("tool", "poe", "tasks")),
    ("task", ("tool", "taskipy", "tasks")),
    ("pdm", ("tool", "pdm", "scripts")),
    ("pixi", ("tool", "pixi", "tasks")),
)
_SCRIPTS = (("project", "scripts"), ("tool", "poetry", "scripts"))
_CONSOLE_SCRIPT = re.compile(r"(?<![\w-])([\w-]+)[ \t]*=[ \t]*([\w.]+:\w+)")


def pyproject_tasks(path: str, files: Files) -> list[Task]:
    """The tasks of poe, taskipy, pdm, pixi and hatch, and the console scripts."""
    table = files.toml(path)
    tables = [*_TABLES]
    for name, _ in entries(table, "tool", "hatch", "envs"):
        tables.append(("hatch", ("tool", "hatch", "envs", name, "scripts")))
    found = [
        (tool, (*keys, name), "\n".join(strings(body))) for tool, keys in tables for name, body in entries(table, *keys)
    ]
    found += [
        ("script", (*keys, name), target)
        for keys in _SCRIPTS
        for name, target in entries(table, *keys)
        if isinstance(target, str)
    ]
    lines = key_lines(files.whole(path)) if found else {}
    return [Task(tool, keys[-1], path, lines.get(keys, 1), text, (), folder_of(path)) for tool, keys, text in found]


def tox_environments(path: str, files: Files) -> list[Task]:
    """The environments of a tox.ini."""
    text = files.text(path)
    parser = parse_ini(text, files.tell(path))
    lines = {
        match[1]: line_number(text, match.start()) for match in re.finditer(r"^\[([^\]\n]+)\]", text, re.MULTILINE)
    }
    return [
        Task(
            "tox",
            section.partition(":")[2] or "default",
            path,
            lines.get(section, 1),
            parser.get(section, "commands", fallback=""),
            (),
            folder_of(path),
        )
        for section in parser.sections()
        if section.startswith("testenv")
    ]


def nox_sessions(path: str, files: Files) -> list[Task]:
    """The sessions of a noxfile: what each hands to `session.run`."""
    tree = parse_python(files.whole(path), files.tell(path))
    if tree is None:
        return []
    return [
        Task("nox", _session_name(node), path, node.lineno, "\n".join(_runs(node)), (), folder_of(path))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any("session" in ast.unparse(mark) for mark in node.decorator_list)
    ]


def _session_name(node: ast.FunctionDef) -> str:
    for mark in node.decorator_list:
        for keyword in mark.keywords if isinstance(mark, ast.Call) else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return node.name


def _runs(node: ast.AST) -> list[str]:
    calls = [
        call
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("run", "run_always")
    ]
    lines: list[tuple[int, str]] = []
    for call in calls:
        words: list[Any] = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        lines.append((call.lineno, " ".join(map(str, words))))
    return [line for _, line in sorted(lines) if line]


def setup_scripts(path: str, files: Files) -> list[Task]:
    """The console scripts of a setup.py or setup.cfg."""
    text = files.text(path)
    return [
        Task("script", match[1], path, line_number(text, match.start(1)), match[2], (), folder_of(path))
        for match in _CONSOLE_SCRIPT.finditer(text)
    ]
