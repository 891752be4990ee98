"""The scripts of a package.json."""

from __future__ import annotations

import re

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.yaml import line_of_key, parse_yaml
from mlops_ladder.facts.tasks.model import Task, entries, folder_of

FILES = re.compile(r"(^|/)package\.json$")


def tasks_of(path: str, files: Files) -> list[Task]:
    """One task a script."""
    scripts = entries(files.json(path), "scripts")
    if not scripts:
        return []
    # JSON is YAML too but for its tabs, and the reader of YAML knows lines.
    documents = parse_yaml(files.whole(path).replace("\t", " "))
    lines = documents[0].get("scripts") if documents and isinstance(documents[0], dict) else None
    return [
        Task("npm", str(name), path, line_of_key(lines, name), str(body), (), folder_of(path)) for name, body in scripts
    ]
