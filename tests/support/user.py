"""Who lives through the stations: where the projects are, what was printed last, what was kept to be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.projects import Project


@dataclass
class User:
    """A user with a folder for projects; the first project is called `mine`, a clone has a name of its own."""

    home: Path
    env: dict[str, str]
    level: int = 1
    projects: dict[str, Project] = field(default_factory=dict)
    printed: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)

    def project(self, at: str) -> Project:
        """A project by its name."""
        assert at in self.projects, f"there is no project '{at}' yet"
        return self.projects[at]

    def json(self) -> Any:
        """What was printed last, as JSON."""
        return json.loads(self.printed)


def within(value: Any, key: str) -> Any:
    """The value at a dotted path in JSON: `model.roc_auc`, `2.git_sha`; the whole for an empty path."""
    for part in filter(None, key.split(".")):
        value = value[int(part) if isinstance(value, list) else part]
    return value
