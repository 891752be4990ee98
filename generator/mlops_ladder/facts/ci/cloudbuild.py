"""Google Cloud Build: one job on every push."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import Script, line_of_key, line_of_value, script

FILES = re.compile(r"(^|/)cloudbuild\.ya?ml$")


def jobs_of(paths: list[str], files: Files) -> list[Job]:
    """The one job of each build file."""
    jobs: list[Job] = []
    for path in paths:
        document = files.document(path)
        items = listed(document.get("steps") if isinstance(document, dict) else None)
        steps = tuple(_step(item) for item in items if isinstance(item, dict))
        if steps:
            line = line_of_key(document, "steps")
            jobs.append(Job("cloudbuild", path, "build", "", frozenset({"push"}), steps, line))
    return jobs


def _step(item: dict[str, Any]) -> Step:
    """A step runs a script, a shell with a text, or the program of its image with arguments."""
    name = item.get("name", "")
    line = line_of_value(name, line_of_value(item))
    args = listed(item.get("args"))
    entry = str(item.get("entrypoint", ""))
    if item.get("script"):
        text = script(item["script"])
    elif entry in ("bash", "sh") and len(args) > 1:
        text = script(args[-1])
    else:
        own = (
            "gcloud" if re.search(r"cloud-sdk|gcloud", str(name)) else "docker" if str(name).endswith("docker") else ""
        )
        text = Script(" ".join(filter(None, [entry or own, *map(str, args)])), (line,))
    return Step(run=text.text, uses=str(name), line=text.line or line, lines=text.lines if text.line else ())
