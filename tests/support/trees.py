"""One way to write a tree of files: from a mapping of paths to texts, bytes or rendered files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mlops_ladder.project.tree import File

Content = str | bytes | File


def write(folder: Path, files: Mapping[str, Content]) -> Path:
    """Write files below a folder, byte for byte and with their modes; a script is executable. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = as_file(path, content)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(0o755 if file.executable else 0o644)
    return folder


def as_file(path: str, content: Content) -> File:
    """A file of a render."""
    if isinstance(content, File):
        return content
    return File(content.encode() if isinstance(content, str) else content, path.endswith(".sh"))


def nested(folder: Path, depth: int, name: str = "d") -> None:
    """Make folders in folders, deeper than pathlib or a path can go, and a file in the last."""
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=handle)
        above, handle = handle, os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(above)
    os.close(os.open("file", os.O_CREAT, 0o644, dir_fd=handle))
    os.close(handle)
