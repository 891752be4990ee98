"""Tasks in YAML: DVC stages, Taskfiles, MLproject entry points."""

from __future__ import annotations

import re
from typing import Any

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed
from mlops_ladder.facts.read.yaml import line_of_value
from mlops_ladder.facts.tasks.model import Task, entries, folder_of, strings

DVC = re.compile(r"(^|/)dvc\.ya?ml$")
TASKFILE = re.compile(r"(^|/)Taskfile\.ya?ml$")
_OUTS = ("outs", "metrics", "plots")
MLPROJECT = re.compile(r"(^|/)MLproject$")


def dvc_stages(path: str, files: Files) -> list[Task]:
    """The stages of a dvc.yaml, with what they read and write."""
    tasks: list[Task] = []
    for name, stage in entries(files.document(path), "stages"):
        body = stage.get("do", stage) if isinstance(stage, dict) else None
        if not isinstance(body, dict):
            continue
        tasks.append(
            Task(
                tool="dvc",
                name=str(name),
                file=path,
                line=line_of_value(name),
                script="\n".join(strings(body.get("cmd"))),
                folder="/".join(part for part in (folder_of(path), str(body.get("wdir", ""))) if part),
                ins=tuple(strings(body.get("deps"))),
                outs=tuple(item for key in _OUTS for item in strings(body.get(key))),
                held=tuple(item for key in _OUTS for item in _held(body.get(key))),
            )
        )
    return tasks


def _held(outs: Any) -> list[str]:
    """Of some outputs, those that DVC keeps in its cache, as it does unless told otherwise."""
    apart = [(out, None) for out in listed(outs) if isinstance(out, str)]
    apart += [pair for out in listed(outs) if isinstance(out, dict) for pair in out.items()]
    return [str(name) for name, options in apart if not isinstance(options, dict) or options.get("cache", True)]


def taskfile_tasks(path: str, files: Files) -> list[Task]:
    """The tasks of a Taskfile."""
    tasks: list[Task] = []
    for name, value in entries(files.document(path), "tasks"):
        body = {"cmds": value} if isinstance(value, (str, list)) else value
        if isinstance(body, dict):
            commands = "\n".join(strings(body.get("cmds", body.get("cmd"))))
            needs = tuple(strings(body.get("deps")))
            tasks.append(Task("task", str(name), path, line_of_value(name), commands, needs, folder_of(path)))
    return tasks


def mlproject_entries(path: str, files: Files) -> list[Task]:
    """The entry points of an MLflow project."""
    return [
        Task("mlproject", str(name), path, line_of_value(name), str(body.get("command", "")), (), folder_of(path))
        for name, body in entries(files.document(path), "entry_points")
        if isinstance(body, dict)
    ]
