"""The first commit of a new project, where git allows one; where it does not, the reason."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIMIT = 120  # seconds for one git command; adding a large data file takes the longest


@dataclass(frozen=True)
class FirstCommit:
    """The commit's id or, where there is none, what the user should know or do.

    `repository` says whether the project lies in a repository, its own or another.
    """

    commit: str = ""
    note: str = ""
    repository: bool = False


def first_commit(stage: Path, project: Path, message: str) -> FirstCommit:
    """Make a repository with one commit in `stage`, a folder that will later be renamed to `project`.

    Nothing of git is needed for the project to be made, so every way in which git refuses becomes a note.
    """
    if shutil.which("git") is None:
        return FirstCommit(note="git is not installed: the project is not under version control yet.")
    outer = _git(stage.parent, "rev-parse", "--show-toplevel")
    # Where the repository around it ignores the folder, the project is one of its own.
    if outer.returncode == 0 and _git(stage.parent, "check-ignore", "--quiet", f"{project}/").returncode != 0:
        note = f"{project} lies in the repository {outer.stdout.strip()}: commit it there."
        return FirstCommit(note=note, repository=True)
    branch = _git(stage, "config", "init.defaultBranch").stdout.strip() or "main"
    for command in (["init", "--quiet", "-b", branch], ["add", "."]):
        done = _git(stage, *command)
        if done.returncode != 0:
            shutil.rmtree(stage / ".git", ignore_errors=True)
            return FirstCommit(note=f"git made no repository: {_reason(done)}")
    by_hand = f"git -C {shlex.quote(str(project))} commit -m {shlex.quote(message)}"
    if _git(stage, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").returncode != 0:
        return FirstCommit(
            note="git does not know who you are, so nothing is committed yet: git config --global user.name NAME, "
            f"the same with user.email, then {by_hand}",
            repository=True,
        )
    done = _git(stage, "commit", "--quiet", "-m", message)
    if done.returncode != 0:
        return FirstCommit(note=f"git refused the first commit: {_reason(done)}; later: {by_hand}", repository=True)
    return FirstCommit(commit=_git(stage, "rev-parse", "HEAD").stdout.strip(), repository=True)


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stderr.split()) or f"it ended with {done.returncode}"


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, whatever repository a hook or a shell has exported."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _harmless(key)}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    # A watcher or a clean-up that git leaves running would hold on to a folder that is about to be renamed.
    quiet = ["-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]
    command = ["git", "-C", str(folder), *quiet, *arguments]
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
