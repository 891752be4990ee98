"""Files that the user takes over, and what a lift then does with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mlops_ladder.cli import app
from mlops_ladder.errors import LadderError
from mlops_ladder.lift.keep import keep, record
from mlops_ladder.new.create import Request, create
from mlops_ladder.new.create import plan as make_plan
from mlops_ladder.project.lock import LOCK
from support.repos import git, isolate, lock_in, save

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    create(make_plan(Request(tmp_path / "trips")))
    monkeypatch.chdir(tmp_path / "trips")
    return tmp_path / "trips"


def ladder(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_kept_file_is_left_alone_by_the_next_lift(project: Path) -> None:
    assert ladder("keep", "Makefile", "README.md").exit_code == 0
    save(project)
    before = (project / "Makefile").read_bytes()
    done = ladder("up", "--json")
    step = json.loads(done.stdout)["steps"][0]

    assert done.exit_code == 0, done.output
    assert [item["path"] for item in step["kept"]] == ["Makefile", "README.md"]
    assert (project / "Makefile").read_bytes() == before
    assert lock_in(project).kept == ("Makefile", "README.md")
    assert lock_in(project).level == 2


def test_it_can_be_undone(project: Path) -> None:
    first = (project / LOCK).read_bytes()
    ladder("keep", "Makefile")
    assert lock_in(project).kept == ("Makefile",)
    assert ladder("keep", "--undo", "Makefile").stdout == "Nothing is kept.\n"
    assert (project / LOCK).read_bytes() == first


def test_a_dry_run_writes_nothing_and_json_tells(project: Path) -> None:
    done = ladder("keep", "--dry-run", "--json", "Makefile")
    assert json.loads(done.stdout) == {"kept": ["Makefile"], "dry_run": True}
    assert git(project, "status", "--porcelain") == ""


def test_paths_are_those_of_the_current_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "docs")
    assert keep(project, [Path("data.md")]).kept == ("docs/data.md",)


@pytest.mark.parametrize("path", ["mine.py", "data/raw/flights.parquet", LOCK, "../elsewhere"])
def test_what_no_template_makes_needs_no_keeping(project: Path, path: str) -> None:
    with pytest.raises(LadderError, match="is no file of this project's templates") as caught:
        keep(project, [Path(path)])
    assert "anyway" in caught.value.hint


def test_a_folder_is_kept_by_its_files(project: Path) -> None:
    with pytest.raises(LadderError, match="docs is no file") as caught:
        keep(project, [Path("docs")])
    assert caught.value.hint == "Name files in it, as in: docs/data.md"


def test_what_is_not_kept_cannot_be_given_back(project: Path) -> None:
    with pytest.raises(LadderError, match=r"Makefile is not kept") as caught:
        keep(project, [Path("Makefile")], undo=True)
    assert caught.value.hint == "Kept are: none."


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LadderError, match="was not made by ladder"):
        keep(tmp_path, [Path("Makefile")])


def test_inside_of_a_project_it_is_named(project: Path) -> None:
    with pytest.raises(LadderError, match="inside of a project") as caught:
        keep(project / "src", [Path("Makefile")])
    assert caught.value.hint == f"Name the project: --project {project}"


def test_the_record_is_what_was_decided(project: Path) -> None:
    lock = keep(project, [Path("Makefile")])
    record(project, lock)
    assert lock_in(project) == lock
