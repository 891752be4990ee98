"""GitLab's pipeline, run on this machine by gitlab-ci-local."""

from __future__ import annotations

import re
from pathlib import Path

from support.command import must, run

from .tools import npm_packages, script

Run = tuple[int, dict[str, str], str]
"""Exit code, result of each job (`PASS`, `FAIL`), output."""


def pipeline(
    project: Path, env: dict[str, str], *jobs: str, variables: dict[str, str] | None = None, seconds: int = 300
) -> Run:
    """Run jobs of a project, or all that a push starts."""
    done = run(*_command(project, variables), *jobs, cwd=project, env=env, seconds=seconds)
    results = {job: result for result, job in re.findall(r"(?m)^ (PASS|FAIL) +(\S+)", done.stdout)}
    return done.returncode, results, done.stdout


def started(project: Path, env: dict[str, str], source: str) -> set[str]:
    """The jobs that a pipeline of this source (push, schedule, ...) would run."""
    listed = must(*_command(project, {"CI_PIPELINE_SOURCE": source}), "--list-csv", cwd=project, env=env)
    table = listed[listed.index("name;") :].splitlines()[1:]
    return {line.split(";")[0] for line in table}


def _command(project: Path, variables: dict[str, str] | None) -> list[str | Path]:
    command: list[str | Path] = [script("node"), npm_packages() / "gitlab-ci-local" / "dist" / "index.js"]
    command += ["--force-shell-executor", "--state-dir", ".git/gitlab-ci-local", "--home", project / ".git"]
    command += ["--ignore-predefined-vars", "CI_PIPELINE_SOURCE,CI_SERVER_HOST,CI_PROJECT_PATH"]
    for key, value in (variables or {}).items():
        command += ["--variable", f"{key}={value}"]
    return command
