"""The first commit of a new project, where git allows one; where it does not, the reason."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Done, Git
from mlops_ladder.project.disk import STAY

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

    Where `stage` is a repository already, which has no commit, the commit goes there, to its branch, with its settings.
    Nothing of git is needed for the project to be made, so every way in which git refuses becomes a note.
    """
    if shutil.which("git") is None:
        return FirstCommit(note="git is not installed: the project is not under version control yet.")
    try:
        return _commit(Git(stage, hooks=True, limit=LIMIT), project, message)
    except LadderError as error:
        return FirstCommit(note=error.message)


def _commit(git: Git, project: Path, message: str) -> FirstCommit:
    own = (git.folder / ".git").exists()
    around = git.at(git.folder.parent)
    outer = None if own else around.try_line("rev-parse", "--show-toplevel")
    # Where the repository around it ignores the folder, the project is one of its own.
    if outer is not None and around.call("--no-literal-pathspecs", "check-ignore", "--quiet", f"{project}/").returncode:
        return FirstCommit(note=f"{project} lies in the repository {outer}: commit it there.", repository=True)
    branch = git.try_line("config", "init.defaultBranch") or "main"
    start = [] if own else [["init", "--quiet", "-b", branch]]
    # What an editor left there is its user's to commit, or not.
    for command in (*start, ["add", "."], ["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", *sorted(STAY)]):
        done = git.call(*command)
        if done.returncode:
            if not own:
                shutil.rmtree(git.folder / ".git", ignore_errors=True)
            return FirstCommit(note=f"git made no repository: {_reason(done)}")
    by_hand = f"git -C {shlex.quote(str(project))} commit -m {shlex.quote(message)}"
    if git.call("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").returncode:
        return FirstCommit(
            note="git does not know who you are, so nothing is committed yet: git config --global user.name NAME, "
            f"the same with user.email, then {by_hand}",
            repository=True,
        )
    done = git.call("commit", "--quiet", "-m", message)
    if done.returncode:
        return FirstCommit(note=f"git refused the first commit: {_reason(done)}; later: {by_hand}", repository=True)
    return FirstCommit(commit=git.line("rev-parse", "HEAD"), repository=True)


def _reason(done: Done) -> str:
    return " ".join(os.fsdecode(done.stderr).split()) or f"it ended with {done.returncode}"
