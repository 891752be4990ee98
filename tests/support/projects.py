"""Projects that live through their README: what a user does with them, for the end-to-end tests."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 900  # seconds for one command


@dataclass(frozen=True)
class Project:
    """A generated project on disk and the environment its commands run in."""

    path: Path
    env: dict[str, str]

    def run(self, *command: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command at the project's root; its output is shown when it does not end as expected."""
        done = subprocess.run(
            command, cwd=self.path, env=self.env, capture_output=True, text=True, timeout=LIMIT, check=False
        )
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

    def change(self, name: str, old: str, new: str) -> None:
        """Replace text that must be there."""
        text = (self.path / name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (self.path / name).write_text(text.replace(old, new), "utf-8")

    def readme_commands(self) -> list[str]:
        """The commands of the first shell block of the README, without their comments."""
        block = re.search(r"```sh\n(.*?)```", (self.path / "README.md").read_text("utf-8"), re.DOTALL)
        assert block is not None
        return [line.split("#")[0].strip() for line in block[1].splitlines() if line.split("#")[0].strip()]


def new(path: Path, env: dict[str, str], *options: str) -> Project:
    """Make a project with `ladder new`."""
    subprocess.run(
        [sys.executable, "-m", "mlops_ladder", "new", str(path), *options],
        env=env,
        check=True,
        timeout=120,
        capture_output=True,
    )
    return Project(path, env)


def clone(project: Project, path: Path) -> Project:
    """A fresh clone, as a colleague on the same machine makes it."""
    subprocess.run(["git", "clone", "--quiet", str(project.path), str(path)], env=project.env, check=True, timeout=60)
    return Project(path, project.env)


def write_rows(path: Path, header: list[str], rows: list[list[object]], separator: str = ",") -> None:
    """Write a CSV file."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)
