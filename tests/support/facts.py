"""Facts and files from texts in memory, and repositories on disk, for the tests of what reads them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.project.tree import File
from support.trees import Content, write

MARK = "HERE"


def facts_of(texts: dict[str, str]) -> Facts:
    """The facts of a repository that holds these files; a text is taken without its indentation."""
    return Facts(TreeSource({path: File(dedent(text).encode()) for path, text in texts.items()}))


def files_of(texts: dict[str, str]) -> Files:
    """The files alone."""
    return facts_of(texts).files


def marked(text: str, mark: str = MARK) -> int:
    """The number (from 1) of the one line that holds the mark."""
    lines = [number for number, line in enumerate(dedent(text).split("\n"), 1) if mark in line]
    assert len(lines) == 1, f"{len(lines)} lines are marked {mark}"
    return lines[0]


def git_at(folder: Path, *arguments: str) -> str:
    """What git prints in a folder, with an identity and none of the machine's settings; it must succeed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_PROTOCOL_FROM_USER": "1"}
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.file.allow=always"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def committed(folder: Path, texts: Mapping[str, Content]) -> None:
    """A repository in `folder` whose one commit holds these files."""
    write(folder, texts)
    git_at(folder, "init", "--quiet", "--initial-branch", "main")
    git_at(folder, "add", "--all")
    git_at(folder, "commit", "--quiet", "--message", "one")
