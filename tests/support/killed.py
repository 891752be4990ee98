"""Climb a project and be killed before the Nth call of git: `python killed.py PROJECT TEMPLATES N`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # a script's own folder is all that Python looks into

from mlops_ladder.git.run import Git
from support.repos import climb


def main(project: str, root: str, last: int) -> None:
    """Climb from level 1 to 3; prints git's verbs where it gets to the end."""
    made: list[str] = []
    call = Git.call

    def counted(self: Git, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        made.append(next((arg for arg in args if not arg.startswith("-")), "--version"))
        if len(made) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(self, *args, stdin=stdin)

    patched: Any = counted
    Git.call = patched  # type: ignore[method-assign]
    climb(Path(project), Path(root), 3)
    print(*made)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
