"""Named tasks that people and CI run: make, just, Task, tox, nox, poe, DVC stages, MLproject, console scripts."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of


@dataclass(frozen=True)
class Task:
    """A named list of commands.

    `tool` is the program that knows it (make, dvc, ...), `needs` the tasks of the same tool that run before.
    """

    tool: str
    name: str
    file: str
    line: int
    script: str
    needs: tuple[str, ...] = ()
    folder: str = ""
    ins: tuple[str, ...] = ()
    outs: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Evidence."""
        return f"{self.file}:{self.line}"


def load_tasks(files: Files) -> list[Task]:
    """Every task of the repository, the default of each file first."""
    tasks: list[Task] = []
    for path in files.paths:
        name = path.rpartition("/")[2]
        if name in ("Makefile", "makefile", "GNUmakefile") or name.endswith(".mk"):
            tasks += _make(path, files.text(path))
        elif name.lower() in ("justfile", ".justfile"):
            tasks += [_retool(task) for task in _make(path, files.text(path))]
        elif name in ("dvc.yaml", "dvc.yml"):
            tasks += _dvc(path, *files.yaml_one(path))
        elif name in ("Taskfile.yml", "Taskfile.yaml"):
            tasks += _taskfile(path, *files.yaml_one(path))
        elif name == "MLproject":
            tasks += _mlproject(path, *files.yaml_one(path))
        elif name == "tox.ini":
            tasks += _tox(path, files.text(path))
        elif name == "pyproject.toml":
            tasks += _pyproject(path, files.toml(path), files.text(path))
        elif name in ("setup.py", "setup.cfg"):
            found = re.findall(r"['\"]?([\w-]+)\s*=\s*([\w.]+:\w+)['\"]?", files.text(path))
            tasks += [Task("script", script, path, line_of(files.text(path), target), target, (), _folder(path))
                      for script, target in found]  # fmt: skip
        elif name == "package.json":
            tasks += _package_json(path, files.json(path), files.text(path))
        elif name == "Snakefile":
            tasks += _snakefile(path, files.text(path))
    return tasks


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _retool(task: Task) -> Task:
    return Task("just", task.name, task.file, task.line, task.script, task.needs, task.folder)


def _make(path: str, text: str) -> list[Task]:
    text = re.sub(r"\\\r?\n", " ", text)
    variables = dict(re.findall(r"^(\w+)\s*[:?]?:?=[ \t]*(.*?)[ \t]*(?:#.*)?$", text, re.MULTILINE))

    def expand(line: str) -> str:
        for _ in range(4):
            line = re.sub(r"\$[({](\w+)[)}]|\{\{\s*(\w+)\s*\}\}", lambda m: variables.get(m[1] or m[2], ""), line)
        return line.replace("$$", "$")

    folder = _folder(path)
    if path.endswith(".mk"):
        folder = _folder(folder) if folder.rpartition("/")[2] in ("make", "mk", "makefiles", "scripts") else folder
    tasks: list[Task] = []
    current: list[str] = []
    heads: tuple[list[str], tuple[str, ...], int] | None = None

    def close() -> None:
        if heads:
            for name in heads[0]:
                tasks.append(Task("make", name, path, heads[2], "\n".join(current), heads[1], folder))

    for number, line in enumerate(text.split("\n"), 1):
        rule = re.match(r"^([\w./%@$(){} -]+?)(?:\s+\*?\w+=?\S*)*?\s*::?(?!=)\s*([^=;]*?)(?:;(.*))?(?:##?.*)?$", line)
        if line.startswith(("\t", "    ", "  ")) and heads:
            recipe = line.strip().lstrip("@")
            lenient = recipe.startswith("-")
            recipe = expand(recipe.lstrip("@-+"))
            current.append(f"{recipe} || true" if lenient else recipe)
        elif rule and not line[0].isspace() and not line.startswith((".PHONY", "#")):
            close()
            names = expand(rule[1]).split()
            current = [expand(rule[3])] if rule[3] else []
            heads = (names, tuple(expand(rule[2]).replace("|", " ").split()), number)
    close()
    return tasks


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    if isinstance(value, dict):
        if any(key in value for key in ("cmd", "shell", "script", "sequence", "composite", "chain")):
            return [text for key in ("cmd", "shell", "script", "sequence", "composite", "chain")
                    for text in _strings(value.get(key))]  # fmt: skip
        return [str(key) for key in value]
    return []


def _dvc(path: str, document: Any, text: str) -> list[Task]:
    stages = document.get("stages") if isinstance(document, dict) else None
    tasks = []
    for name, body in stages.items() if isinstance(stages, dict) else ():
        body = body.get("do", body) if isinstance(body, dict) else {}
        if not isinstance(body, dict):
            continue
        outs = [item for key in ("outs", "metrics", "plots") for item in _strings(body.get(key))]
        folder = "/".join(part for part in (_folder(path), str(body.get("wdir", ""))) if part)
        line = line_of(text, re.compile(rf"^\s+{re.escape(str(name))}\s*:", re.MULTILINE))
        script = "\n".join(_strings(body.get("cmd")))
        tasks.append(
            Task(
                "dvc",
                str(name),
                path,
                line,
                script,
                (),
                folder,
                tuple(_strings(body.get("deps"))),
                tuple(outs),
            )
        )
    return tasks


def _taskfile(path: str, document: Any, text: str) -> list[Task]:
    bodies = document.get("tasks") if isinstance(document, dict) else None
    tasks = []
    for name, body in bodies.items() if isinstance(bodies, dict) else ():
        body = {"cmds": body} if isinstance(body, (str, list)) else body
        if isinstance(body, dict):
            script = "\n".join(_strings(body.get("cmds", body.get("cmd"))))
            needs = tuple(_strings(body.get("deps")))
            tasks.append(Task("task", str(name), path, line_of(text, f"{name}:"), script, needs, _folder(path)))
    return tasks


def _mlproject(path: str, document: Any, text: str) -> list[Task]:
    points = document.get("entry_points") if isinstance(document, dict) else None
    return [
        Task(
            "mlproject",
            str(name),
            path,
            line_of(text, f"{name}:"),
            str(body.get("command", "")),
            (),
            _folder(path),
        )
        for name, body in (points.items() if isinstance(points, dict) else ())
        if isinstance(body, dict)
    ]


def _tox(path: str, text: str) -> list[Task]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    return [
        Task("tox", section.partition(":")[2] or "default", path, line_of(text, f"[{section}]"),
             parser.get(section, "commands", fallback=""), (), _folder(path))
        for section in parser.sections() if section.startswith("testenv")
    ]  # fmt: skip


def _pyproject(path: str, table: dict[str, Any], text: str) -> list[Task]:
    tool = table.get("tool") if isinstance(table.get("tool"), dict) else {}
    project = table.get("project") if isinstance(table.get("project"), dict) else {}
    tasks: list[Task] = []
    sources: list[tuple[str, Any]] = [
        ("poe", _at(tool, "poe", "tasks")), ("task", _at(tool, "taskipy", "tasks")), ("pdm", _at(tool, "pdm", "scripts")),
        ("pixi", _at(tool, "pixi", "tasks")),
    ]  # fmt: skip
    for environment in (_at(tool, "hatch", "envs") or {}).values():
        sources.append(("hatch", environment.get("scripts") if isinstance(environment, dict) else None))
    for kind, bodies in sources:
        for name, body in bodies.items() if isinstance(bodies, dict) else ():
            tasks.append(Task(kind, name, path, line_of(text, name), "\n".join(_strings(body)), (), _folder(path)))
    for scripts in ((project or {}).get("scripts"), _at(tool, "poetry", "scripts")):
        for name, target in scripts.items() if isinstance(scripts, dict) else ():
            if isinstance(target, str):
                tasks.append(Task("script", name, path, line_of(text, name), target, (), _folder(path)))
    return tasks


def _at(table: Any, *keys: str) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _package_json(path: str, document: Any, text: str) -> list[Task]:
    scripts = document.get("scripts") if isinstance(document, dict) else None
    return [
        Task("npm", str(name), path, line_of(text, f'"{name}"'), str(body), (), _folder(path))
        for name, body in (scripts.items() if isinstance(scripts, dict) else ())
    ]


def _snakefile(path: str, text: str) -> list[Task]:
    tasks = []
    for match in re.finditer(r"^rule\s+(\w+)\s*:(.*?)(?=^rule\s|\Z)", text, re.MULTILINE | re.DOTALL):
        scripts = re.findall(
            r"(?:shell|script|notebook)\s*:\s*(?:\"\"\"(.*?)\"\"\"|['\"](.*?)['\"])", match[2], re.DOTALL
        )
        line = text.count("\n", 0, match.start()) + 1
        tasks.append(Task("snakemake", match[1], path, line, "\n".join(a or b for a, b in scripts), (), _folder(path)))
    return tasks
