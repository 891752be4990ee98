"""One file whole or not at all, with the permissions that other files of its user have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_ladder.atomic import as_closed, whole


def test_a_file_takes_its_place_with_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with whole(tmp_path / "a.txt") as file:
            file.write(b"new")
    finally:
        os.umask(before)

    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_block_that_fails_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")

    def interrupted() -> None:
        with whole(tmp_path / "a.txt") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("source", "umask", "copy"),
    [(0o644, 0o022, 0o644), (0o444, 0o022, 0o644), (0o600, 0o022, 0o600), (0o640, 0o002, 0o660), (0o644, 0o077, 0o600)],
)
def test_a_copy_is_for_those_who_may_read_the_source(tmp_path: Path, source: int, umask: int, copy: int) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "a.txt").chmod(source)
    before = os.umask(umask)
    try:
        assert as_closed(tmp_path / "a.txt") == copy
    finally:
        os.umask(before)
