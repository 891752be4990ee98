"""Where git stops halfway, by a program in its settings that fails or hangs, the repository is as it was."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git
from mlops_ladder.lift import requests
from mlops_ladder.lift.carry_out import carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import plan
from mlops_ladder.lift.roll_back import or_as_it_was
from support.repos import git, isolate, new, save, state, templates, under_way

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return templates(tmp_path / "templates")


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    made = new(tmp_path / "p", root, 1)
    (made / ".gitattributes").write_text("*.py filter=x\n")
    save(made, "attributes")
    return made


def up(project: Path, root: Path, branch: str = "up") -> None:
    repo = inspect(project)
    carry_out(plan(repo, requests.climb(repo.lock, 2, root), branch))


def conflict(project: Path) -> None:
    """An edit at the place that level 2 changes."""
    makefile = project / "Makefile"
    makefile.write_text(makefile.read_text() + "\nmine:\n\techo mine\n")
    save(project, "mine")


@pytest.mark.parametrize("smudge", ["false", "sleep 60"], ids=["fails", "hangs"])
@pytest.mark.parametrize("where", ["new branch", "same branch", "detached", "conflict"])
def test_git_that_stops_halfway_leaves_nothing(
    project: Path, root: Path, monkeypatch: pytest.MonkeyPatch, where: str, smudge: str
) -> None:
    if where == "conflict":
        conflict(project)
    if where == "detached":
        git(project, "switch", "-q", "--detach")
    git(project, "config", "filter.x.clean", "cat")
    git(project, "config", "filter.x.smudge", smudge)
    git(project, "config", "filter.x.required", "true")
    # Long enough for git, which is quick here, and short enough for a test.
    monkeypatch.setattr("mlops_ladder.git.state.Git", partial(Git, limit=1.5))
    before = state(project)
    folders = {path for path in project.rglob("*") if path.is_dir() and ".git" not in path.parts}

    with pytest.raises(LadderError, match="smudge filter" if smudge == "false" else "did not end within") as caught:
        up(project, root, "main" if where == "same branch" else "up")
    assert caught.value.code == 2
    assert state(project) == before
    assert {path for path in project.rglob("*") if path.is_dir() and ".git" not in path.parts} == folders
    assert not under_way(project)
    assert git(project, "status", "--porcelain") == ""
    assert not (project / ".git/index.lock").exists()


def test_a_second_try_finds_the_way_free(project: Path, root: Path) -> None:
    git(project, "config", "filter.x.clean", "cat")
    git(project, "config", "filter.x.smudge", "false")
    git(project, "config", "filter.x.required", "true")
    with pytest.raises(LadderError):
        up(project, root)
    git(project, "config", "filter.x.smudge", "cat")
    up(project, root)

    assert git(project, "branch", "--show-current") == "up\n"
    assert git(project, "status", "--porcelain") == ""


def test_every_kind_of_file_is_put_back(project: Path) -> None:
    (project / "link").symlink_to("README.md")
    (project / "tool").write_bytes(b"\0run")
    (project / "tool").chmod(0o755)
    os.utime(project / "tool", ns=(1_000, 2_000))
    save(project, "kinds")
    before = state(project)
    repo = inspect(project)

    def fail() -> None:
        with or_as_it_was(repo, "up", ["link", "tool", "README.md", "new/deep/file", "run.sh", "same.txt"]):
            git(project, "switch", "-q", "-c", "up")
            (project / "link").unlink()
            (project / "link").write_text("a file now")
            (project / "tool").unlink()
            (project / "tool").mkdir()
            (project / "README.md").write_text("half")
            (project / "run.sh").unlink()
            (project / "new/deep").mkdir(parents=True)
            (project / "new/deep/file").write_text("half")
            git(project, "add", "-A")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert state(project) == before
    assert (project / "tool").stat().st_mtime_ns == 2_000
    assert not (project / "new").exists()


def test_what_has_come_to_lie_behind_a_link_is_left_alone(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "__init__.py").write_text("mine")
    repo = inspect(project)

    def fail() -> None:
        with or_as_it_was(repo, "up", ["src/trips/__init__.py"]):
            (project / "src/trips").rename(project / "elsewhere")
            (project / "src/trips").symlink_to(outside)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert [path.read_text() for path in outside.iterdir()] == ["mine"]
