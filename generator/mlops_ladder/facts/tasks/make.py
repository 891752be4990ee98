"""Makefiles, and justfiles, which are close enough."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task, folder_of
from mlops_ladder.facts.tasks.variables import LINE_LIMIT, Variables

FILES = re.compile(r"(^|/)(Makefile|makefile|GNUmakefile|[^/]{0,255}\.mk|\.?[jJ][uU][sS][tT][fF][iI][lL][eE])$")
_TARGETS = re.compile(r"[\w./%@$(){} -]+")
_NAME = re.compile(r"[\w-]+")
_PARAMETER = re.compile(r"[*+$]?\w+(=.+)?")
_DEFINE = re.compile(r"(?:override[ \t]+)?define\b")
_OPEN = {"(": ")", "{": "}"}


@dataclass
class _Rule:
    names: list[str]
    needs: tuple[str, ...]
    line: int
    help: str
    recipe: list[str] = field(default_factory=list)


def tasks_of(path: str, files: Files) -> list[Task]:
    """Every target, the default one first."""
    just = path.lower().endswith("justfile")
    lines = _joined(files.text(path)) if just else list(_without_macros(_joined(files.text(path))))
    variables = Variables(line for _, line in lines)
    rules = _rules(lines, just, variables)
    if variables.cut:
        files.unseen[path] = f"has lines of more than {LINE_LIMIT:,} characters once its variables are filled in"
    tool, folder = "just" if just else "make", _folder(path)
    return [
        Task(tool, name, path, rule.line, "\n".join(rule.recipe), rule.needs, folder, help=rule.help)
        for rule in rules
        for name in rule.names
    ]


def _rules(lines: list[tuple[int, str]], just: bool, variables: Variables) -> list[_Rule]:
    rules: list[_Rule] = []
    for number, line in lines:
        if line.startswith(("\t", "  ")):
            if rules:
                written = line.strip().lstrip("@")
                command = variables.expand(written.lstrip("@-+"))
                rules[-1].recipe.append(f"{command} || true" if written.startswith("-") else command)
        elif line and not line[0].isspace() and not line.startswith((".PHONY", "#")):
            if head := _head(line, just):
                names, needed, first = head
                needs = tuple(variables.expand(needed).replace("|", " ").split())
                recipe = [variables.expand(first)] if first else []
                rules.append(
                    _Rule(variables.expand(names).split(), needs, number, line.partition("##")[2].strip(), recipe)
                )
    return rules


def _head(line: str, just: bool) -> tuple[str, str, str] | None:
    """Names, needs and the first command of a line that begins a rule."""
    at = _colon(line)
    if at < 0 or line.startswith(":=", at):
        return None
    names = line[:at].rstrip()
    if just:
        name, *parameters = names.removeprefix("@").split() or [""]
        if not _NAME.fullmatch(name) or not all(map(_PARAMETER.fullmatch, parameters)):
            return None
        names = name
    elif not _TARGETS.fullmatch(names):
        return None
    rest = line[at + 1 :].removeprefix(":") if not line.startswith("::=", at) else "="
    # The needs end at a command or a comment, whichever is first.
    stop = min((place for place in map(rest.find, ";#") if place >= 0), default=len(rest))
    needs, first = rest[:stop], rest[stop + 1 :] if rest[stop : stop + 1] == ";" else ""
    return None if "=" in needs else (names, needs.strip(), first)


def _colon(line: str) -> int:
    """The first colon outside of `$(...)`, `${...}` and quotes, or -1."""
    closing: list[str] = []
    quote = ""
    for at, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif closing and character == closing[-1]:
            closing.pop()
        elif character in _OPEN and (closing or line[at - 1 : at] == "$"):
            closing.append(_OPEN[character])
        elif character == ":" and not closing:
            return at
    return -1


def _without_macros(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without those of `define ... endef`: a text, not rules."""
    depth = 0
    for number, line in lines:
        if _DEFINE.match(line):
            depth += 1
        elif depth and line.strip().startswith("endef"):
            depth -= 1
        elif not depth:
            yield number, line


def _joined(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers, continued ones joined."""
    lines: list[tuple[int, str]] = []
    parts: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), 1):
        first = first if parts else number
        line = line.removesuffix("\r")
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            lines.append((first, " ".join(parts)))
            parts = []
    return [*lines, (first, " ".join(parts))] if parts else lines


def _folder(path: str) -> str:
    """Included files (make/train.mk) run where the Makefile lies."""
    folder = folder_of(path)
    included = path.endswith(".mk") and folder.rpartition("/")[2] in ("make", "mk", "makefiles", "scripts")
    return folder_of(folder) if included else folder
