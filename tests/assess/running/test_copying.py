"""The copy that commands work in."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_ladder.assess.running.copying import copy_of
from mlops_ladder.assess.running.origin import look
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.disk import DiskSource
from support.env import isolate
from support.facts import committed, git_at
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)


def copied(folder: Path, scratch: Path) -> tuple[Path, list[str]]:
    scratch.mkdir()
    source = DiskSource(folder)
    pointers = [path for path in source.paths() if path.endswith(".dvc")]
    where, left_out = copy_of(look(folder, source.base), source, pointers, scratch.resolve())
    return where, list(left_out)


def test_of_a_repository_it_is_a_clone_and_commands_run_in_the_folder(tmp_path: Path) -> None:
    committed(tmp_path / "r", {"svc/a": "1", "b": "2", "svc/data.dvc": "outs: []\n"})
    (tmp_path / "r/link").symlink_to("/etc")
    git_at(tmp_path / "r", "add", "--all")
    git_at(tmp_path / "r", "commit", "--quiet", "--message", "link")
    where, left_out = copied(tmp_path / "r/svc", tmp_path / "scratch")

    assert where == (tmp_path / "scratch/copy/r/svc").resolve()
    assert (where / "a").read_text() == "1"
    assert (where / "../.git").is_dir()
    assert left_out == ["link"]


def test_a_folder_that_is_not_listed_whole_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "r", {"a": "1", "b": "2"})
    monkeypatch.setattr("mlops_ladder.facts.source.walk.MAX_FILES", 1)
    with pytest.raises(LadderError, match="--run does not copy so many"):
        copied(tmp_path / "r", tmp_path / "scratch")
    assert not any((tmp_path / "scratch").iterdir())


def test_of_a_folder_it_is_what_the_assessment_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a": "1", "b/c": "2", ".gitignore": "ignored\n", "ignored": "x", ".venv/pyvenv.cfg": "", ".venv/lib": ""}
    folder = write(tmp_path / "r", files)
    write(folder, {os.fsdecode(b"\xff.txt"): "odd name"})
    write(tmp_path, {"secret": "x"})
    (folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    where, left_out = copied(folder, tmp_path / "scratch")

    assert left_out == []
    assert sorted(os.listdir(where)) == [".gitignore", "a", "b", os.fsdecode(b"\xff.txt")]  # noqa: PTH208
    assert (where / "b/c").read_text() == "2"


def test_a_disk_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device", "/there")

    monkeypatch.setattr("mlops_ladder.assess.running.copying.copy_files", full)
    with pytest.raises(LadderError, match=r"/there cannot be copied: No space left on device\."):
        copied(write(tmp_path / "r", {"a": "1"}), tmp_path / "scratch")


def test_a_commit_that_git_cannot_check_out_is_told_with_a_way_to_learn_more(tmp_path: Path) -> None:
    committed(tmp_path / "r", {"a": "1"})
    origin = replace(look(tmp_path / "r", ""), commit="0" * 40)
    (tmp_path / "scratch").mkdir()
    with pytest.raises(LadderError, match="git checkout failed") as caught:
        copy_of(origin, DiskSource(tmp_path / "r"), [], tmp_path / "scratch")
    assert f"git clone --no-local {tmp_path}/r elsewhere" in caught.value.hint


def test_a_folder_that_is_too_large_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "r", {"a": ""})
    os.truncate(folder / "a", 2_000_000_001)
    with pytest.raises(LadderError, match="more than 2 GB"):
        copied(folder, tmp_path / "scratch")
