"""A task as every tool knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.evidence import Place

_COMMANDS = ("cmd", "shell", "script", "sequence", "composite", "chain")


@dataclass(frozen=True)
class Task:
    """A named list of commands.

    `tool` is the program that knows it (make, dvc, ...), `needs` the tasks of the same tool that run before, `help` the
    line that explains it to people; of the `outs`, the tool keeps the content of those that are `held`.
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
    help: str = ""
    held: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Evidence."""
        return Place(self.file, self.line)


def folder_of(path: str) -> str:
    """The folder in which the tasks of a file run."""
    return path.rpartition("/")[0]


def strings(value: Any) -> list[str]:
    """The texts of a configuration: of commands, whichever key holds them, or the names of a mapping."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        if any(key in value for key in _COMMANDS):
            return [text for key in _COMMANDS for text in strings(value.get(key))]
        return [str(key) for key in value]
    return []


def entries(table: Any, *keys: str) -> list[tuple[Any, Any]]:
    """The pairs of a mapping inside other mappings; none where something else stands there."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return list(table.items()) if isinstance(table, dict) else []
