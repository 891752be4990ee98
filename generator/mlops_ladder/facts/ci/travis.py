"""Travis CI: one job on every push and pull request."""

from __future__ import annotations

import re

from mlops_ladder.facts.ci.model import EVERY_CHANGE, Job, shell_step
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.yaml import line_of_key, script

FILES = re.compile(r"^\.travis\.yml$")
_PHASES = ("before_install", "install", "before_script", "script")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """The one job of a .travis.yml."""
    jobs: list[Job] = []
    for path in paths:
        document = files.document(path)
        if not isinstance(document, dict):
            continue
        run = script(*[document.get(phase) for phase in _PHASES])
        if run.text:
            first = next(phase for phase in (*reversed(_PHASES),) if phase in document)
            line = line_of_key(document, first)
            jobs.append(Job("travis", path, "build", "", EVERY_CHANGE, (shell_step(run),), line))
    return jobs
