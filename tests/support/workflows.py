"""Workflows of GitHub with one job."""

from __future__ import annotations


def workflow(*commands: str, on: str = "pull_request", checkout: str = "actions/checkout@v4") -> str:
    """A job that checks out and runs commands, one a step."""
    steps = "".join(f"    - run: {command}\n" for command in commands)
    return f"on: {on}\njobs:\n  a:\n    steps:\n    - uses: {checkout}\n{steps}"
