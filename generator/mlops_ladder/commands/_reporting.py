"""What `assess` and `plan` have in common: what a lift could bring, and where a report goes."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.console import say
from mlops_ladder.console.files import write_file
from mlops_ladder.project.layers import available
from mlops_ladder.project.lock import LOCK


def brought(path: Path) -> frozenset[int]:
    """The levels whose files `ladder up` can bring to a repository: none where it is no project of ours."""
    return frozenset(available()) if (path / LOCK).is_file() else frozenset()


def deliver(report: str, output: Path | None) -> None:
    """Write a report into the file that the user named, or print it."""
    if output:
        write_file(output, report)
        say.note(f"Written: {output}")
    else:
        say.out(report.rstrip("\n"))
