"""The rules of a Snakefile."""

from __future__ import annotations

import re

from mlops_ladder.facts.evidence import line_number
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import quoted
from mlops_ladder.facts.tasks.model import Task, folder_of

FILES = re.compile(r"(^|/)Snakefile$")
_RULE = re.compile(r"^rule\s+(\w+)\s*:(.*?)(?=^rule\s|\Z)", re.MULTILINE | re.DOTALL)
_SCRIPT = re.compile(r"(?:shell|script|notebook)\s*:\s*('{3}|\"{3}|'|\")")


def tasks_of(path: str, files: Files) -> list[Task]:
    """One task a rule."""
    text = files.text(path)
    tasks: list[Task] = []
    for match in _RULE.finditer(text):
        scripts = "\n".join(script for _, script in quoted(match[2], _SCRIPT))
        tasks.append(Task("snakemake", match[1], path, line_number(text, match.start()), scripts, (), folder_of(path)))
    return tasks
