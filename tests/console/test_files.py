"""The files that a user names for reports: what is in the way is refused, and kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_ladder.console.files import append_file, write_file
from mlops_ladder.errors import LadderError


def test_a_report_replaces_an_older_one_but_not_where_that_is_to_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_file(path, "one")
    write_file(path, "two")
    with pytest.raises(LadderError, match="already there"):
        write_file(path, "three", keep=True)

    assert path.read_text() == "two"


def test_a_folder_a_link_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine.txt")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "link", tmp_path / "pipe"):
        with pytest.raises(LadderError, match="is a folder, a link or a device"):
            write_file(path, "report")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    for write in (write_file, append_file):
        with pytest.raises(LadderError, match="nowhere"):
            write(tmp_path / "nowhere" / "report.md", "report")
