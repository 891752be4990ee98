"""What runs directly when a function, a task, a script, an image or a job description does."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.commands_to_code import Targets
from mlops_ladder.facts.code.model import BODY, MAIN
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Names, Node
from mlops_ladder.facts.code.shell import join, parse_shell
from mlops_ladder.facts.manifests import containers, image_command
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk

EDGES = 500_000
"""Edges that are kept: where thousands call a name that thousands have, each of them would lead to each."""


class Edges:
    """Edges are worked out when they are asked for, and kept."""

    def __init__(self, files: Files, code: Code, names: Names, targets: Targets) -> None:
        self._files, self._code, self._names, self._targets = files, code, names, targets
        self._known: dict[Node, frozenset[Node]] = {}
        self._room = EDGES

    def of(self, node: Node) -> frozenset[Node]:
        """What a node leads to."""
        if node not in self._known:
            found = self._expand(node) if self._room >= 0 else set()
            self._room -= len(found)
            if self._room < 0:
                self._files.unseen["what runs what"] = f"is followed along {EDGES:,} ways"
            self._known[node] = frozenset(found)
        return self._known[node]

    def _expand(self, node: Node) -> set[Node]:
        kind, path, name = node
        if kind == "py":
            return self._python(path, name)
        if kind == "task":
            return self._task(path, name)
        if kind == "sh":
            return self._shell(self._files.text(path), path.rpartition("/")[0]) | self._shell(
                self._files.text(path), ""
            )
        if kind == "image":
            line = image_command(self._files.text(path))
            return self._shell(line, path.rpartition("/")[0]) | self._shell(line, self._files.base)
        return self._submitted(path)

    def _submitted(self, path: str) -> set[Node]:
        """What a job description runs that a command submits: its containers, or its commands beside their code."""
        found: set[Node] = set()
        for body in self._files.yaml(path):
            if not isinstance(body, dict):
                continue
            for line in containers(body):
                found |= self._shell(line, self._files.base)
            pairs = [("", body), *walk(body)]
            for _, part in pairs:
                if isinstance(part, dict) and isinstance(part.get("command"), str):
                    found |= self._shell(part["command"], join(path.rpartition("/")[0], str(part.get("code", ""))))
        return found

    def _shell(self, text: str, folder: str) -> set[Node]:
        return {target for command in parse_shell(text, folder) for target in self._targets.targets(command)}

    def _task(self, path: str, name: str) -> set[Node]:
        tool, _, bare = name.partition(" ")
        found: set[Node] = set()
        for task in self._targets.tasks_named(tool, bare):
            if task.file != path:
                continue
            if tool == "script":
                found |= self._targets.entry(task.script)
                continue
            found |= self._shell(task.script, task.folder)
            found |= self._targets.tasks_of(tool, task.folder, list(task.needs)) if task.needs else set()
            if tool in ("poe", "pdm", "hatch"):
                names = [line for line in task.script.split("\n") if re.fullmatch(r"[\w:-]+", line)]
                found |= self._targets.tasks_of(tool, task.folder, names) if names else set()
        return found

    def _python(self, path: str, scope: str) -> set[Node]:
        module = self._code.all.get(path)
        if module is None:
            return set()
        found: set[Node] = set()
        for where, name in module.imported:
            if where == scope and (target := self._code.split(name, path)):
                found.add(("py", target[0], BODY))
        for name in module.refs.get(scope, ()):
            found |= self._names.meant(module, name, 0)
        for text, _, where in module.commands:
            if where == scope:
                for command in parse_shell(text, ""):
                    found |= self._targets.targets(command, loose=True)
        if scope == MAIN and module.uses("typer", "click", "fire", "hydra", "metaflow", "prefect"):
            found |= {("py", path, name) for name, function in module.functions.items() if function.decorators}
        if scope == BODY and module.uses("prefect", "dagster", "zenml", "kfp", "flytekit", "invoke", "nox", "fastapi", "flask",
                                                "bentoml", "litestar", "starlette", "chainlit", "airflow"):  # fmt: skip
            found |= {("py", path, name) for name, function in module.functions.items() if function.decorators}
        return found
