"""GitHub's workflows, run on this machine by act; actions other than checkout are stubs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.command import run

from .tools import script

STUBS = Path(__file__).parent / "stubs"


@dataclass
class Run:
    """What came of a workflow: each step's result by its name, in order, and everything it printed."""

    code: int
    log: str
    steps: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> list[str]:
        """The steps that failed."""
        return [name for name, result in self.steps.items() if result == "failure"]


def workflow(project: Path, name: str) -> dict[str, Any]:
    """A workflow of a project as YAML says it, its triggers under the key "on"."""
    content: dict[Any, Any] = yaml.safe_load((project / ".github/workflows" / name).read_text("utf-8"))
    content["on"] = content.pop(True)  # YAML 1.1 takes the word `on` for a truth value
    return content


def actions(content: dict[str, Any]) -> list[str]:
    """The actions that a workflow uses, as `owner/name@ref`."""
    return [step["uses"] for job in content["jobs"].values() for step in job["steps"] if "uses" in step]


def act(
    project: Path,
    name: str,
    event: str,
    env: dict[str, str],
    *,
    secrets: dict[str, str] | None = None,
    seconds: int = 300,
) -> Run:
    """Run one workflow of a project for an event."""
    command: list[str | Path] = [script("act"), event, "--json", "--pull=false", "--no-cache-server"]
    command += ["--workflows", f".github/workflows/{name}", "--platform", "ubuntu-latest=-self-hosted"]
    for action in actions(workflow(project, name)):
        stub = STUBS / action.split("@")[0].split("/")[1]
        if stub.is_dir():
            command += ["--local-repository", f"{action}={stub}"]
    for key, value in (secrets or {}).items():
        command += ["--secret", f"{key}={value}"]
    done = run(*command, cwd=project, env=env, seconds=seconds)
    return _read(done.returncode, done.stdout)


def _read(code: int, output: str) -> Run:
    result = Run(code, "")
    for line in output.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            result.log += line + "\n"
            continue
        result.log += entry.get("msg", "").rstrip("\n") + "\n"
        # A composite action reports the steps within it too; their ids have two parts.
        if entry.get("stage") == "Main" and "stepResult" in entry and len(entry["stepID"]) == 1:
            result.steps[entry["step"]] = entry["stepResult"]
    return result
