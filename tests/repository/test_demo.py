"""`make demo` shows the level that is asked for, or says that it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import demo
from mlops_ladder.project.layers import available
from support.env import shell

ROOT = Path(__file__).parents[2]


def test_the_highest_level_is_shown_unless_another_is_asked_for() -> None:
    assert demo.level_of("") == max(available())
    assert [demo.level_of(str(level)) for level in available()] == list(available())


@pytest.mark.parametrize(
    ("asked", "said"),
    [("0", "no level 0"), ("9", "no level 9"), ("two", "LEVEL is 'two'"), ("-1", "LEVEL is '-1'"), ("2 3", "'2 3'")],
)
def test_a_wrong_level_is_told_before_anything_is_made(
    asked: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    monkeypatch.setattr(demo, "DEMO", tmp_path / "demo")

    assert demo.main(asked) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_make_hands_the_level_on() -> None:
    for asked, said in (("LEVEL=9", '"9"'), ("V=1", '""')):
        command = ["make", "--dry-run", "demo", asked]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        assert f"tools/demo.py {said}" in done.stdout


@pytest.mark.slow
def test_a_level_is_made_and_does_its_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The lowest, which has neither gate nor service; what somebody commits to it is not made anew."""
    for name, value in shell(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    monkeypatch.setattr(demo, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(demo, "MARK", tmp_path / "demo/.git/mark")
    lowest = str(min(available()))

    assert demo.main(lowest) == 0
    told = capfd.readouterr()
    assert f"A level-{lowest} project was made" in told.out
    assert "look at: reports/holdout.png, reports/metrics.json\n" in told.out
    assert "make test   # its own tests" in told.out
    assert "make serve" not in told.out

    (tmp_path / "demo/mine.txt").write_text("x", "utf-8")
    subprocess.run(["git", "-C", tmp_path / "demo", "add", "--all"], check=True, timeout=60)
    subprocess.run(["git", "-C", tmp_path / "demo", "commit", "--quiet", "-m", "Mine"], check=True, timeout=60)
    assert demo.main(lowest) == 2
    assert "Move it away" in capfd.readouterr().err
    assert (tmp_path / "demo/mine.txt").is_file()
