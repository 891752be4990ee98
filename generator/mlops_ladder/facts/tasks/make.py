"""Makefiles, and justfiles, which are close enough."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task, folder_of

FILES = re.compile(r"(^|/)(Makefile|makefile|GNUmakefile|[^/]*\.mk|\.?[jJ][uU][sS][tT][fF][iI][lL][eE])$")
_REST = r"\s*([^=;]*?)(?:;(.*))?(?:##?.*)?$"
_RULE = re.compile(r"^([\w./%@$(){} -]+?)\s*::?(?!=)" + _REST)
_RECIPE = re.compile(r"^@?([\w-]+)(?:\s+[*+$]?\w+(?:=\S+)?)*\s*:(?!=)" + _REST)
_VARIABLE = re.compile(r"^(\w+)\s*[:?]?:?=[ \t]*(.*?)[ \t]*(?:#.*)?$", re.MULTILINE)
_USE = re.compile(r"\$[({](\w+)[)}]|\{\{\s*(\w+)\s*\}\}")


@dataclass
class _Rule:
    names: list[str]
    needs: tuple[str, ...]
    line: int
    help: str
    recipe: list[str] = field(default_factory=list)


def tasks_of(path: str, files: Files) -> list[Task]:
    """Every target, the default one first."""
    lines = _joined(files.text(path))
    variables = dict(_VARIABLE.findall("\n".join(line for _, line in lines)))

    def expand(line: str) -> str:
        for _ in range(4):
            line = _USE.sub(lambda match: variables.get(match[1] or match[2], ""), line)
        return line.replace("$$", "$")

    just = path.lower().endswith("justfile")
    rule = _RECIPE if just else _RULE
    rules: list[_Rule] = []
    for number, line in lines:
        match = rule.match(line)
        if line.startswith(("\t", "  ")) and rules:
            written = line.strip().lstrip("@")
            command = expand(written.lstrip("@-+"))
            rules[-1].recipe.append(f"{command} || true" if written.startswith("-") else command)
        elif match and not line[0].isspace() and not line.startswith((".PHONY", "#")):
            needs = tuple(expand(match[2]).replace("|", " ").split())
            help_ = line.partition("##")[2].strip()
            recipe = [expand(match[3])] if match[3] else []
            rules.append(_Rule(expand(match[1]).split(), needs, number, help_, recipe))
    folder = _folder(path)
    return [
        Task(
            "just" if just else "make",
            name,
            path,
            found.line,
            "\n".join(found.recipe),
            found.needs,
            folder,
            help=found.help,
        )
        for found in rules
        for name in found.names
    ]


def _joined(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers, continued ones joined."""
    lines: list[tuple[int, str]] = []
    continued = False
    for number, line in enumerate(re.split(r"\r?\n", text), 1):
        if continued:
            first, begun = lines[-1]
            lines[-1] = (first, f"{begun} {line}")
        else:
            lines.append((number, line))
        continued = line.endswith("\\")
        if continued:
            lines[-1] = (lines[-1][0], lines[-1][1][:-1])
    return lines


def _folder(path: str) -> str:
    """Included files (make/train.mk) run where the Makefile lies."""
    folder = folder_of(path)
    included = path.endswith(".mk") and folder.rpartition("/")[2] in ("make", "mk", "makefiles", "scripts")
    return folder_of(folder) if included else folder
