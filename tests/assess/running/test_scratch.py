"""A folder of which nothing is left."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mlops_ladder.assess.running.scratch import remove, scratch
from mlops_ladder.errors import LadderError
from support.trees import nested

REMOVE = (
    "import sys, pathlib; from mlops_ladder.assess.running.scratch import remove; remove(pathlib.Path(sys.argv[1]))"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_it_has_a_home_and_a_place_for_temporary_files_and_goes(temporary: Path) -> None:
    with scratch() as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["home", "tmp"]
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_it_goes_when_the_block_is_left_by_an_error(temporary: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), scratch():
        raise error
    assert list(temporary.iterdir()) == []


def test_an_interrupt_waits_until_it_is_gone(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def interrupted(path: str) -> object:
        monkeypatch.setattr(os, "scandir", scandir)
        signal.raise_signal(signal.SIGINT)
        return scandir(path)

    def use() -> None:
        with scratch():
            monkeypatch.setattr(os, "scandir", interrupted)

    with pytest.raises(KeyboardInterrupt):
        use()
    assert list(temporary.iterdir()) == []


def test_links_in_it_are_removed_and_what_they_lead_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_text("x")
    with scratch() as folder:
        (folder / "link").symlink_to(tmp_path / "kept")
        (folder / "home/link").symlink_to(tmp_path / "kept/file")
    assert (tmp_path / "kept/file").read_text() == "x"


def test_depth_and_names_are_no_obstacle(temporary: Path) -> None:
    with scratch() as folder:
        nested(folder / "home", 2200)
        for name in (".0", ".1"):
            (folder / name).mkdir()
            (folder / name / "full").write_text("x")
        os.mkfifo(folder / "pipe")
        (folder / "tmp" / os.fsdecode(b"\xff")).mkdir()
    assert list(temporary.iterdir()) == []


def test_what_may_not_be_written_or_read_is_removed(tmp_path: Path) -> None:
    """Root may do everything, so without that privilege."""
    closed = tmp_path / "closed"
    (closed / "a/b").mkdir(parents=True)
    (closed / "a/b/file").write_text("x")
    for path in (closed / "a/b/file", closed / "a/b", closed / "a", closed):
        path.chmod(0)
    unprivileged("import os, sys; assert not os.access(sys.argv[1], os.R_OK)", closed)
    unprivileged(REMOVE, closed)

    assert not closed.exists()


def unprivileged(code: str, folder: Path) -> None:
    """Run Python without the right to overrule permissions."""

    def drop() -> None:
        for capability in (1, 2):  # DAC_OVERRIDE and DAC_READ_SEARCH; for others than root there is none to drop
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)

    subprocess.run([sys.executable, "-c", code, str(folder)], preexec_fn=drop, check=True, timeout=60)


def test_what_cannot_be_removed_is_named(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(path: Path) -> None:
        raise OSError(16, "Device or resource busy", str(path / "mounted"))

    monkeypatch.setattr("mlops_ladder.assess.running.scratch.remove", busy)
    with pytest.raises(LadderError, match="mounted could not be removed: Device or resource busy") as caught, scratch():
        pass
    (left,) = temporary.iterdir()
    assert caught.value.hint == f"Remove it: rm -rf {left}"
    remove(left)
