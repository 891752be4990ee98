"""Copying what is a regular file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from mlops_ladder.assess.running.files import copy_file, copy_files, is_real, regular_files
from mlops_ladder.errors import LadderError
from support.trees import write


def test_regular_files_are_listed_and_no_link_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "r", {"a": "1", "b/c": "2", "b/d/e": "3"})
    write(tmp_path / "out", {"secret": "x"})
    (folder / "link").symlink_to(tmp_path / "out")
    (folder / "b/file").symlink_to(tmp_path / "out/secret")
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")

    assert sorted(regular_files(folder)) == ["a", "b/c", "b/d/e"]


def test_content_and_execution_are_copied_but_no_special_bit(tmp_path: Path) -> None:
    folder = write(tmp_path / "r", {"run.sh": "#!/bin/sh\n", "b/c": b"\0\xff" * 700_000})
    (folder / "run.sh").chmod(0o6755)
    (folder / "b/c").chmod(0o040)
    taken = copy_files(folder, ["run.sh", "b/c"], tmp_path / "copy", 5)

    assert taken == 5 + 10 + 1_400_000
    assert (tmp_path / "copy/b/c").read_bytes() == b"\0\xff" * 700_000
    assert (tmp_path / "copy/run.sh").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "copy/b/c").stat().st_mode & 0o400


def test_what_became_something_else_is_not_copied(tmp_path: Path) -> None:
    folder = write(tmp_path / "r", {"a": "1"})
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("a")
    names = ["gone", "a/below", "pipe", "folder", "link", "a"]

    assert copy_files(folder, names, tmp_path / "copy") == 1
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["a"]


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_swapped_in_after_the_look_is_not_followed(tmp_path: Path, kind: str) -> None:
    folder = write(tmp_path, {"secret": "x"})
    if kind == "pipe":
        os.mkfifo(folder / "pipe")
        copy_file(folder / "pipe", folder / "copy", 1)
    else:
        (folder / "link").symlink_to("secret")
        with pytest.raises(OSError, match="symbolic links"):
            copy_file(folder / "link", folder / "copy", 1)
    assert not (folder / "copy").exists()


def test_a_file_that_grows_is_copied_as_far_as_it_was_seen(tmp_path: Path) -> None:
    write(tmp_path, {"log": "123456"})
    copy_file(tmp_path / "log", tmp_path / "copy", 4)

    assert (tmp_path / "copy").read_text() == "1234"


def test_too_much_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    folder = write(tmp_path / "r", {"small": "x", "large": ""})
    os.truncate(folder / "large", 2_000_000_000)  # no bytes on the disk
    with pytest.raises(LadderError, match=r"r holds more than 2 GB, which --run does not copy\.") as caught:
        copy_files(folder, ["small", "large"], tmp_path / "copy")

    assert "without --run" in caught.value.hint
    assert not (tmp_path / "copy").exists()


def test_a_folder_is_real_when_no_link_leads_to_it(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a/b/file": "x"})
    (folder / "link").symlink_to("a")
    found = {path: is_real(folder, path) for path in ("", "a", "a/b", "a/b/file", "link", "link/b", "a/none")}

    assert found == {
        "": True,
        "a": True,
        "a/b": True,
        "a/b/file": False,
        "link": False,
        "link/b": False,
        "a/none": False,
    }
