"""Conflicts as they are found on disk: names, lines, and commands that settle them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.conflicts import BOTH_ADD, as_picked, beside, commands, described, places
from mlops_ladder.lift.steps import LiftPlan
from mlops_ladder.lift.todo import todo
from support.repos import files, git, isolate, lift, numbered, save, start, under_way

own_git = pytest.fixture(autouse=True)(isolate)

OLD, NEW = numbered(), numbered((20, "line 20 of the level"))
ADDED = b"a\n<<<<<<< HEAD\nx\n||||||| base\n=======\ny\n>>>>>>> new\n"
CHANGED = ADDED.replace(b"base\n", b"base\nz\n")


def test_names_as_a_cherry_pick_gives_them() -> None:
    assert as_picked(f"docs~{'0' * 40}") == "docs~HEAD"
    assert as_picked("docs~0") == "docs~0"
    assert (
        beside("dvc.yaml", "ab12", "ladder: ci github/x -> gitlab") == "dvc.yaml~ab12 (ladder: ci github_x -> gitlab)"
    )


def test_places_and_whether_both_only_add() -> None:
    assert list(places(ADDED + CHANGED)) == [(2, True), (9, False)]
    assert list(places(b"=======\ntitle\n")) == []


def test_what_is_told_names_the_lines() -> None:
    same = "changed on both sides at the same place"
    assert described(same, ADDED) == f"{BOTH_ADD}: line 2"
    assert described(same, CHANGED + ADDED) == f"{same}: lines 2, 10"
    assert described(same, CHANGED * 5) == f"{same}: lines 2, 10, 18 and 2 more"
    assert described("added on both sides", ADDED) == "added on both sides"
    assert commands("a", f"{BOTH_ADD}: line 2") == ["git add a  # after taking the markers out: keep both parts"]


def conflict(tmp_path: Path, kind: str) -> tuple[Path, LiftPlan, Outcome]:
    """A project in which a lift stopped, by what the user had done to the file that it changes or brings."""
    base, theirs = files(("a b.txt", OLD), ("docs/x.md", "x\n")), files(("a b.txt", NEW), ("docs/x.md", "x\n"))
    if kind in ("added", "folder"):
        theirs |= files(("new.txt", "level\n"))
    project = start(tmp_path / "r", base)
    place = project / "a b.txt"
    if kind == "same":
        place.write_text(numbered((20, "mine")))
    elif kind == "added":
        (project / "new.txt").write_text("mine\n")
    elif kind == "folder":
        (project / "new.txt").mkdir()
        (project / "new.txt/mine").write_text("mine\n")
    elif kind == "link":
        git(project, "mv", "a b.txt", "docs/")
        place.symlink_to("docs/a b.txt")
    elif kind == "binary":
        place.write_bytes(b"\0mine\n")
    elif kind == "dropped":
        place.write_text(numbered((3, "mine")))
        del theirs["a b.txt"]
    save(project)
    removes = ("a b.txt",) if kind == "dropped" else ()
    found, outcome = lift(project, base, theirs, removes=removes)
    assert outcome.in_progress
    return project, found, outcome


@pytest.mark.parametrize("kind", ["same", "added", "folder", "link", "binary", "dropped"])
def test_every_command_works_as_it_is_printed(tmp_path: Path, kind: str) -> None:
    ways = conflict(tmp_path / "0", kind)
    count = len(todo(*ways[1:])[0]["commands"])
    for number in range(count):
        project, found, outcome = conflict(tmp_path / f"{number + 1}", kind)
        task, last = todo(found, outcome)
        command = task["commands"][number]
        run(project, command)
        if command.startswith("cat "):
            continue
        run(project, last["commands"][0])
        assert not under_way(project)
        assert git(project, "status", "--porcelain") == ""


def run(project: Path, command: str) -> None:
    """A command as a person types it."""
    import subprocess

    done = subprocess.run(["sh", "-c", command], cwd=project, capture_output=True, check=False, text=True, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr}"


def test_what_was_decided_the_last_time_is_in_place(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    git(project, "config", "rerere.enabled", "true")
    (project / "a.txt").write_text(numbered((20, "mine")))
    save(project)
    lift(project, base, theirs)
    (project / "a.txt").write_text(numbered((20, "ours together")))
    git(project, "add", "a.txt")
    git(project, "cherry-pick", "--continue")
    git(project, "switch", "-q", "main")
    git(project, "branch", "-D", "ladder/level-2")
    found, outcome = lift(project, base, theirs)

    assert outcome.recorded == ("a.txt",)
    for command in todo(found, outcome)[0]["commands"]:
        run(project, command)
    assert "ours together" in git(project, "show", ":a.txt")
