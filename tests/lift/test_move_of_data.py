"""The step on which the data file leaves git for DVC: its bytes stay, and the way back is open."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.lift import carry_out, requests
from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import leaving_no_trace, plan
from mlops_ladder.lift.steps import LiftPlan
from mlops_ladder.project import dvc, history
from support.repos import ANSWERS, DATA, RAW, ROWS, climb, git, isolate, new, save, state, templates

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)


def versioned(project: Path, content: bytes) -> None:
    """The data is in the work tree and in the cache, the pointer matches, and git holds only that."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert (project / RAW).read_bytes() == content
    assert (project / f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}").read_bytes() == content
    out = yaml.safe_load((project / f"{RAW}.dvc").read_text())["outs"][0]
    assert out == {"md5": md5, "size": len(content), "hash": "md5", "path": "trips.csv"}
    held = git(project, "ls-files", "data").splitlines()
    assert held == ["data/raw/.gitignore", f"{RAW}.dvc"]
    assert git(project, "status", "--porcelain") == ""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new(tmp_path / "p", templates(tmp_path / "t"), 1)


def up(project: Path, to: int = 2) -> tuple[LiftPlan, Outcome]:
    return climb(project, project.parent / "t", to)


def test_data_that_changes_while_it_is_read_is_told_and_nothing_is_done(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(project)
    read = dvc.digest(project / RAW)
    monkeypatch.setattr(dvc, "into_cache", lambda *_: dvc.Digest(read.md5, read.size + 1))
    with pytest.raises(LadderError, match="changed while it was read"):
        up(project)
    assert state(project) == before


@pytest.mark.parametrize("to", [2, 4])
def test_the_data_as_it_came(project: Path, to: int) -> None:
    _, outcome = up(project, to)
    assert not outcome.in_progress
    versioned(project, ROWS.encode())
    first = git(project, "rev-list", "--reverse", "HEAD").split()[1]
    assert f"D\t{RAW}" in git(project, "show", "--format=", "--name-status", first)


def test_the_data_that_the_user_has_changed_since(project: Path) -> None:
    (project / RAW).write_text(ROWS + "1,9\n")
    save(project, "more rows")
    up(project)
    versioned(project, (ROWS + "1,9\n").encode())


def test_a_large_file(project: Path) -> None:
    content = bytes(range(256)) * 4096 * 64
    (project / RAW).write_bytes(content)
    save(project)
    up(project)
    versioned(project, content)


def test_undo_brings_the_data_back_to_git(project: Path) -> None:
    before = state(project)
    found, _ = up(project)
    git(project, "switch", "-q", "main")
    git(project, "branch", "-q", "-D", found.branch)
    *same, disk = state(project)
    assert tuple(same) == before[:3]
    assert {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")} == before[3]
    assert git(project, "status", "--porcelain") == ""


def test_undo_and_a_second_climb(project: Path) -> None:
    up(project)
    git(project, "switch", "-q", "main")
    git(project, "branch", "-q", "-D", "up")
    up(project)
    versioned(project, ROWS.encode())


@pytest.mark.parametrize("end", ["abort", "continue"])
def test_beside_a_conflict(project: Path, end: str) -> None:
    before = state(project)
    (project / ".dvc").mkdir()
    (project / ".dvc/config").write_text("[core]\n    mine = true\n")
    save(project)
    before = state(project)
    found, outcome = up(project)
    assert outcome.in_progress
    assert [path for path, _ in found.conflicts] == [".dvc/config"]
    assert (project / RAW).read_text() == ROWS
    if end == "abort":
        git(project, "cherry-pick", "--abort")
        git(project, "switch", "-q", "main")
        git(project, "branch", "-q", "-D", "up")
        *same, disk = state(project)
        assert tuple(same) == before[:3]
        assert {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")} == before[3]
    else:
        git(project, "add", ".dvc/config")
        git(project, "-c", "core.editor=true", "cherry-pick", "--continue")
        versioned(project, ROWS.encode())


def test_data_that_git_ignored_is_put_under_dvc_as_well(project: Path) -> None:
    git(project, "rm", "-q", "--cached", RAW)
    (project / ".gitignore").write_text((project / ".gitignore").read_text() + "data/raw/*.csv\n")
    save(project)
    up(project)
    versioned(project, ROWS.encode())


@pytest.mark.parametrize("how", ["gone", "link"])
def test_data_that_is_not_there_as_a_file_is_left_to_the_user(project: Path, how: str) -> None:
    (project / RAW).unlink()
    outside = project.parent / "elsewhere.csv"
    outside.write_text(ROWS)
    if how == "link":
        (project / RAW).symlink_to(outside)
    save(project)
    found, outcome = up(project)
    assert not outcome.in_progress
    assert found.steps[0].data == ()
    assert not (project / f"{RAW}.dvc").exists()
    assert (project / RAW).is_symlink() == (how == "link")
    assert outside.read_text() == ROWS


def test_data_that_is_under_dvc_already_is_left_alone(project: Path) -> None:
    git(project, "rm", "-q", "--cached", RAW)
    pointer = "outs:\n- md5: mine\n  path: trips.csv\n"
    (project / f"{RAW}.dvc").write_text(pointer)
    (project / "data/raw/.gitignore").write_text("/trips.csv\n/mine.csv\n")
    save(project)
    found, _ = up(project)
    assert found.steps[0].data == ()
    assert (project / f"{RAW}.dvc").read_text() == pointer


def test_own_rules_in_the_data_folder_stay(project: Path) -> None:
    (project / "data/raw/.gitignore").write_text("*.tmp\n")
    save(project)
    _, outcome = up(project)
    assert not outcome.in_progress
    assert (project / "data/raw/.gitignore").read_text() == "*.tmp\n/trips.csv\n"
    versioned(project, ROWS.encode())


def test_crlf_by_autocrlf_keeps_the_bytes_of_the_work_tree(project: Path) -> None:
    git(project, "config", "core.autocrlf", "true")
    git(project, "rm", "-q", "--cached", "-r", ".")
    git(project, "reset", "-q", "--hard")
    content = ROWS.replace("\n", "\r\n").encode()
    assert (project / RAW).read_bytes() == content
    up(project)
    md5 = dvc.digest(project / RAW).md5
    assert (project / RAW).read_bytes() == content
    assert md5 in (project / f"{RAW}.dvc").read_text()


def test_a_cache_that_leads_out_of_the_project_is_refused(project: Path) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (project / ".dvc").mkdir()
    (project / ".dvc/cache").symlink_to(outside)
    before = state(project)
    with pytest.raises(LadderError, match="cache is a link"):
        up(project)
    assert state(project) == before
    assert list(outside.iterdir()) == []


def test_a_copy_that_fails_leaves_everything_as_it_was(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> dvc.Digest:
        (project / ".dvc/cache").mkdir(parents=True)
        raise LadderError("no space left")

    monkeypatch.setattr(carry_out.dvc, "into_cache", full)
    before = state(project)
    with pytest.raises(LadderError, match="no space left"):
        up(project)
    assert state(project) == before
    assert not (project / ".dvc").exists()


@pytest.mark.slow
def test_dvc_itself_agrees(project: Path) -> None:
    up(project)
    with_dvc = ["uv", "run", "--quiet", "--no-project", "--with", "dvc>=3.66,<3.68", "dvc"]
    said = subprocess.run([*with_dvc, "status"], cwd=project, capture_output=True, text=True, check=True).stdout
    assert "up to date" in said
    (project / RAW).unlink()
    subprocess.run([*with_dvc, "checkout"], cwd=project, capture_output=True, check=True)
    assert (project / RAW).read_text() == ROWS


LATER = b"the later months"


@pytest.fixture
def bringing(tmp_path: Path) -> Path:
    """Templates whose third level brings more of the shipped data set, held by DVC, and whose fourth a plain file."""
    root = templates(tmp_path / "t")
    for level, path, of, held in ((3, "data/raw/later-{file}", "later", "dvc"), (4, "data/news/{file}", "news", "git")):
        about = root / f"level{level}" / "level.toml"
        about.write_text(about.read_text() + f'[[assets]]\npath = "{path}"\nof = "{of}"\nheld = "{held}"\n')
    folder = root / "sample" / "flights"
    folder.mkdir(parents=True)
    (folder / "later.parquet").write_bytes(LATER)
    (folder / "news.parquet").write_bytes(b"news")
    return root


def of_the_sample(tmp_path: Path, root: Path, level: int = 2) -> Path:
    answers = replace(ANSWERS, data=replace(DATA, source="flights"))
    return new(tmp_path / "p", root, level, answers)


def test_a_level_brings_more_of_the_shipped_data(tmp_path: Path, bringing: Path) -> None:
    project = of_the_sample(tmp_path, bringing)
    found, _ = climb(project, bringing, 4)
    md5 = hashlib.md5(LATER, usedforsecurity=False).hexdigest()

    assert [item.path for step in found.steps for item in step.data] == ["data/raw/later-trips.csv"]
    assert (project / "data/raw/later-trips.csv").read_bytes() == LATER
    assert f"md5: {md5}" in (project / "data/raw/later-trips.csv.dvc").read_text()
    assert (project / "data/raw/.gitignore").read_text() == "/later-trips.csv\n/trips.csv\n"
    assert (project / f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}").read_bytes() == LATER
    assert git(project, "ls-files", "data/news").split() == ["data/news/trips.csv"]
    assert git(project, "status", "--porcelain") == ""


def test_a_dry_run_brings_nothing(tmp_path: Path, bringing: Path) -> None:
    project = of_the_sample(tmp_path, bringing)
    before = state(project)
    repo = inspect(project)
    with leaving_no_trace(repo) as scratch:
        plan(scratch, requests.climb(repo.lock, 4, bringing), "up")

    assert state(project) == before


def test_what_lies_in_the_way_of_what_is_brought_stops_with_nothing_done(tmp_path: Path, bringing: Path) -> None:
    project = of_the_sample(tmp_path, bringing)
    (project / "data/raw/later-trips.csv").write_text("mine")
    before = state(project)

    with pytest.raises(LadderError, match=r"data/raw/later-trips\.csv is in the way"):
        climb(project, bringing, 3)
    assert state(project) == before


def test_own_data_gets_none_of_it(tmp_path: Path, bringing: Path) -> None:
    project = new(tmp_path / "p", bringing, 2)
    found, _ = climb(project, bringing, 4)

    assert [step.data for step in found.steps] == [(), ()]
    assert not (project / "data/news").exists()


def test_an_update_brings_what_its_level_has_come_to_declare(tmp_path: Path, bringing: Path) -> None:
    before = templates(tmp_path / "before")
    project = of_the_sample(tmp_path, before, 3)
    git(project, "config", "user.name", "Ada")
    repo = inspect(project)
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    history.freeze("0.0.1", {}, before, shipped)
    lock = replace(repo.lock, ladder="0.0.1")
    found = plan(repo, requests.update(lock, bringing, shipped), "up")
    carry_out.carry_out(found)

    assert (project / "data/raw/later-trips.csv").read_bytes() == LATER
    assert git(project, "ls-files", "data/raw").split() == [
        "data/raw/.gitignore",
        "data/raw/later-trips.csv.dvc",
        "data/raw/trips.csv.dvc",
    ]


def test_what_was_brought_goes_again_when_git_refuses(
    tmp_path: Path, bringing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = of_the_sample(tmp_path, bringing)

    def refuse(*_: object) -> None:
        raise LadderError("git refused")

    monkeypatch.setattr(carry_out, "_check_out", refuse)
    with pytest.raises(LadderError, match="git refused"):
        climb(project, bringing, 3)
    assert not (project / "data/raw/later-trips.csv").exists()
    assert git(project, "status", "--porcelain") == ""
