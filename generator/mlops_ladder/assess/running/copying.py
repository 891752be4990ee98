"""The copy that commands work in: a clone of the last commit, or the files that the assessment lists."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from mlops_ladder.assess.running.clone import clone
from mlops_ladder.assess.running.data import bring_data
from mlops_ladder.assess.running.files import copy_files
from mlops_ladder.assess.running.origin import Origin, too_many
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.disk import DiskSource


def copy_of(origin: Origin, source: DiskSource, pointers: Sequence[str], scratch: Path) -> tuple[Path, Sequence[str]]:
    """Make the copy in a scratch folder; returns where the commands run, and the links that were left out.

    `pointers` are the files by which DVC knows the data.

    Raises:
        LadderError: git cannot copy it, it is too large, or the disk refuses.
    """
    if source.partial and not origin.commit:
        raise too_many(str(origin.root))
    above = scratch / "copy"
    copy = above / (origin.root.name or "project")
    try:
        above.mkdir()
        left_out: Sequence[str] = ()
        if origin.commit:
            left_out = _cloned(origin, copy, scratch / "gitconfig")
        else:
            copy.mkdir()
            copy_files(origin.root, map(source.on_disk, source.paths()), copy)
        bring_data(origin, copy, pointers)
    except OSError as error:
        raise LadderError(
            f"{error.filename or origin.root} cannot be copied: {error.strerror or error}.",
            "Without --run nothing is copied.",
        ) from error
    return copy / origin.base, left_out


def _cloned(origin: Origin, copy: Path, settings: Path) -> Sequence[str]:
    try:
        return clone(origin, copy, settings)
    except LadderError as error:
        hint = f"Can you clone it yourself? git clone --no-local {shlex.quote(str(origin.root))} elsewhere"
        raise LadderError(error.message, hint) from error
