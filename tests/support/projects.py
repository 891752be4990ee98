"""Projects that live through their README: what a user does with them, for the end-to-end tests."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.command import must, run

LIMIT = 600  # seconds for one command
LADDER = (sys.executable, "-m", "mlops_ladder")


@dataclass(frozen=True)
class Project:
    """A generated project on disk and the environment its commands run in."""

    path: Path
    env: dict[str, str]

    def run(self, *command: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command at the project's root; its output is shown when it does not end as expected."""
        done = run(*command, cwd=self.path, env=self.env, seconds=LIMIT, apart=True)
        assert (done.returncode == 0) == ok, f"{command} ended {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def make(self, verb: str, *, ok: bool = True) -> str:
        """Run a make verb; returns all that it printed."""
        done = self.run("make", verb, ok=ok)
        return done.stdout + done.stderr

    def python(self, code: str) -> Any:
        """Run Python in the project's environment; returns the JSON that it printed last."""
        done = self.run("uv", "run", "--no-sync", "python", "-c", code)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def git(self, *arguments: str) -> str:
        """Run git; returns what it printed."""
        return self.run("git", *arguments).stdout

    def record(self, name: str) -> Any:
        """A JSON record of a run."""
        return json.loads((self.path / "reports" / name).read_text("utf-8"))

    def readme_commands(self) -> list[str]:
        """The commands of the first shell block of the README, without their comments."""
        block = re.search(r"```sh\n(.*?)```", (self.path / "README.md").read_text("utf-8"), re.DOTALL)
        assert block is not None
        return [line.split("#")[0].strip() for line in block[1].splitlines() if line.split("#")[0].strip()]


def new(path: Path, env: dict[str, str], *options: str) -> Project:
    """Make a project with `ladder new`."""
    must(*LADDER, "new", path, *options, cwd=path.parent, env=env)
    return Project(path, env)


def clone(project: Project, path: Path) -> Project:
    """A fresh clone, as a colleague on the same machine makes it."""
    must("git", "clone", "--quiet", project.path, path, cwd=project.path, env=project.env)
    return Project(path, project.env)


def write_rows(path: Path, header: list[str], rows: list[list[object]], separator: str = ",") -> None:
    """Write a CSV file."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)
