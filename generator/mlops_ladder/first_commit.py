"""The first commit of a new project, where git allows one; where it does not, the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIMIT = 120  # seconds for one git command; adding a large data file takes the longest


@dataclass(frozen=True)
class FirstCommit:
    """The commit's id or, where there is none, what the user should know or do."""

    commit: str = ""
    note: str = ""


def first_commit(stage: Path, project: Path, message: str) -> FirstCommit:
    """Make a repository with one commit in `stage`, a folder that will later be renamed to `project`.

    Nothing of git is needed for the project to work, so every way in which git refuses becomes a note.
    """
    if shutil.which("git") is None:
        return FirstCommit(note="git is not installed: the project is not under version control yet.")
    outer = _git(stage.parent, "rev-parse", "--show-toplevel")
    if outer.returncode == 0:
        return FirstCommit(note=f"{project} lies in the repository {outer.stdout.strip()}: commit it there.")
    if _git(stage, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").returncode != 0:
        return FirstCommit(
            note="git does not know who you are: git config --global user.name NAME, the same with user.email, "
            f"then in {project}: git init && git add . && git commit -m '{message}'"
        )
    branch = _git(stage, "config", "init.defaultBranch").stdout.strip() or "main"
    for command in (["init", "--quiet", "-b", branch], ["add", "."], ["commit", "--quiet", "-m", message]):
        done = _git(stage, *command)
        if done.returncode != 0:
            shutil.rmtree(stage / ".git", ignore_errors=True)
            reason = " ".join(done.stderr.split()) or f"git {command[0]} failed"
            return FirstCommit(note=f"git refused the first commit: {reason}")
    return FirstCommit(commit=_git(stage, "rev-parse", "HEAD").stdout.strip())


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, whatever repository a hook or a shell has exported."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _harmless(key)}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"git took more than {LIMIT} seconds")


def _harmless(key: str) -> bool:
    return key.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG", "GIT_SSH"))
