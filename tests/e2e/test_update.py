"""A project of an older version, as released and then edited, comes to the present one; at the top it lives on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as replaced

from mlops_ladder import __version__
from mlops_ladder.new.create import Request, create, plan
from mlops_ladder.project import history
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.layers import available
from mlops_ladder.project.lock import LOCK, load, lock_of, with_lock
from mlops_ladder.project.render import render
from support.cases import LEVELS, TOP
from support.command import must
from support.env import enter, shell
from support.projects import LADDER, Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("update")]

RELEASED = [version for version in history.versions() if version != __version__]
EDITS = {
    "README.md": "\n## Who to ask\n\nAda, on weekdays.\n",
    "Makefile": "\nnotebook: ## open the notebook\n\tuv run jupyter lab\n",
    ".gitignore": "\n/notes/\n",
    "docs/model.md": "\nThe risk committee has seen this on the third of May.\n",
    "src/trips/metrics.py": '\n\nOURS = "a word"\n',
}


def made(folder: Path, version: str, level: int) -> Project:
    """A project as that version made it, with a first commit."""
    planned = plan(Request(folder, level))
    data = planned.answers.data
    assert data is not None
    known = {"target_q01": None, "target_q99": None, "target_nulls": None, "shares": (), "unlabelled": 0}
    answers = Answers(planned.answers.name, planned.answers.package, replaced(data, **known))
    with history.templates(version) as root:
        tree = render(answers, level, root)
        lock = replaced(lock_of(tree, answers, level), ladder=version)
        create(replace(planned, answers=answers, tree=with_lock(tree, lock)))
    return Project(folder, shell(folder.parent / "home"))


def edited(project: Project) -> None:
    """What a team changes in its first month, committed."""
    for path, text in EDITS.items():
        with (project.path / path).open("a", encoding="utf-8") as file:
            file.write(text)
    config = project.path / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("max_iter = 400", "max_iter = 120"), "utf-8")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "Our first month")


def updated(project: Project) -> None:
    """`ladder update`, which ends without a conflict and keeps what was edited."""
    must(*LADDER, "update", cwd=project.path, env=project.env)
    assert load((project.path / LOCK).read_bytes()).ladder == __version__
    for path, text in EDITS.items():
        assert text in (project.path / path).read_text("utf-8"), path
    assert "max_iter = 120" in (project.path / "config.toml").read_text("utf-8")
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("level", [level for level in LEVELS if level != TOP])
@pytest.mark.parametrize("version", RELEASED)
def test_an_edited_project_is_updated(
    version: str, level: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(tmp_path / "home", monkeypatch)
    project = made(tmp_path / "trips", version, level)
    edited(project)

    updated(project)


@pytest.mark.parametrize("version", RELEASED)
def test_a_project_that_has_run_is_updated_and_runs_on(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its champion of then is what the candidate of now is compared with."""
    enter(tmp_path / "home", monkeypatch)
    with history.templates(version) as root:
        top = max(available(root))
    project = made(tmp_path / "trips", version, top)
    project.make("setup")
    edited(project)
    project.make("run")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "A run")
    assert project.record("gate.json")["verdict"] == "promote"

    updated(project)
    project.make("setup")
    knobs = project.path / "config.toml"  # else, where the update touches no training, there is nothing to judge
    knobs.write_text(knobs.read_text("utf-8").replace("max_iter = 120", "max_iter = 110"), "utf-8")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "The packages of now, and fewer trees")
    project.make("run")
    report = project.record("gate.json")
    assert report["opponent"] == {**report["opponent"], "name": "champion, version 1", "version": "1"}
    assert "cannot be read" not in report["reason"]
    project.make("score")
    project.make("test")
    project.make("check")
