"""`ladder new` below the command line: what is refused before anything is written, and what stands there afterwards."""

from __future__ import annotations

import configparser
import errno
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.new.create import Project, Request, create, plan
from mlops_ladder.project import disk
from mlops_ladder.project.assets import shipped_file
from mlops_ladder.project.dvc import digest
from mlops_ladder.project.layers import available
from mlops_ladder.project.lock import LOCK, load, lock_of, with_lock
from mlops_ladder.project.render import render
from support.repos import lock_in
from support.shapes import beside, request


def made(path: Path, level: int = 1, shape: str = "flights", *, commit: bool = False) -> Project:
    project = plan(Request(path, level, **request(shape)))
    create(project, commit=commit)
    return project


def on_disk(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if not path.startswith((".git/", ".dvc/cache/"))}


@pytest.mark.parametrize("level", available())
def test_what_was_planned_is_what_is_there(tmp_path: Path, level: int) -> None:
    project = made(tmp_path / "house", level)

    assert on_disk(project.path) - {".dvc/config.local"} == set(project.files)
    assert (project.path / beside(project, "data")).read_bytes() == shipped_file("data").read_bytes()
    assert (project.path / beside(project, "sample")).read_bytes() == shipped_file("sample").read_bytes()
    assert lock_in(project.path).level == level


def test_from_level_2_dvc_holds_the_data(tmp_path: Path) -> None:
    project = made(tmp_path / "house", 2)
    raw = project.path / beside(project, "data")
    pointer = yaml.safe_load((raw.parent / f"{raw.name}.dvc").read_text("utf-8"))
    cached = project.path / digest(raw).cached

    assert pointer["outs"][0] == {"md5": digest(raw).md5, "size": raw.stat().st_size, "hash": "md5", "path": raw.name}
    assert cached.read_bytes() == raw.read_bytes()


def test_git_holds_neither_data_nor_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    project = made(tmp_path / "house", 2, commit=True)
    listed = subprocess.run(
        ["git", "-C", project.path, "ls-files", "-z"], capture_output=True, text=True, check=True
    ).stdout.split("\0")

    assert set(listed) - {""} == set(project.files) - {beside(project, "data")}
    assert not (project.path / ".dvc" / "config.local").exists()


@pytest.mark.parametrize("level", [1, 2])
def test_an_empty_clone_keeps_its_remote_and_its_branch_and_gets_the_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    house = tmp_path / "house"

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, cwd=tmp_path).stdout

    git("init", "--quiet", "--bare", "-b", "trunk", "host.git")
    git("clone", "--quiet", "host.git", "house")
    (house / ".idea").mkdir()
    (house / ".idea" / "workspace.xml").write_text("<x/>")
    monkeypatch.chdir(house)
    project = plan(Request(Path(), level))
    done = create(project)

    assert done.commit
    assert project.answers.name == "house"
    assert (house / ".idea" / "workspace.xml").read_text() == "<x/>"
    assert git("-C", "house", "status", "--porcelain").split() == ["??", ".idea/"]
    assert not (house / ".dvc" / "config.local").exists()
    git("-C", "house", "push", "--quiet")
    assert git("-C", "host.git", "log", "--format=%s", "trunk") == "Start house\n"


@pytest.mark.parametrize("level", [1, 2])
def test_without_git_dvc_is_told(tmp_path: Path, level: int) -> None:
    project = made(tmp_path / "house", level)
    local = project.path / ".dvc" / "config.local"

    assert local.exists() == (level == 2)
    if level == 2:
        config = configparser.ConfigParser()
        config.read(local)
        assert config["core"]["no_scm"] == "true"
        assert "/config.local" in (project.path / ".dvc" / ".gitignore").read_text().splitlines()


def test_own_data_is_copied_with_a_small_sample(tmp_path: Path) -> None:
    project = made(tmp_path / "house", 2, "regression-semicolon-time")
    asked = request("regression-semicolon-time")

    assert (project.path / beside(project, "data")).read_bytes() == asked["data"].read_bytes()
    sample = (project.path / beside(project, "sample")).read_text("utf-8").splitlines()
    assert sample[0] == asked["data"].read_text("utf-8").splitlines()[0]
    assert 100 < len(sample) <= 1001


def test_hostile_names_are_data(tmp_path: Path) -> None:
    project = made(tmp_path / "house", 2, "odd-names")
    config = tomllib.loads((project.path / "config.toml").read_text("utf-8"))

    assert on_disk(project.path) - {".dvc/config.local"} == set(project.files)
    assert config["data"]["target"] == "{{ target }} 'of' \"$x\""
    assert (project.path / config["data"]["path"]).is_file()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"level": 9}, "There is no level 9"),
        ({"path": "class"}, "keyword"),
        ({"path": "a/b/json"}, "stdlib|Python's own module"),
        ({"target": "late"}, "go with --data"),
        ({"time": "day"}, "go with --data"),
        ({"data": Path("x.csv")}, "What is to be predicted"),
        ({"data": Path("nowhere.csv"), "target": "y"}, "nowhere.csv"),
    ],
)
def test_a_request_that_cannot_be_met_writes_nothing(tmp_path: Path, asked: dict[str, object], words: str) -> None:
    path = tmp_path / str(asked.pop("path", "house"))
    with pytest.raises(LadderError, match=words):
        plan(Request(path, **asked))  # type: ignore[arg-type]

    assert list(tmp_path.iterdir()) == []


def test_planning_writes_nothing(tmp_path: Path) -> None:
    plan(Request(tmp_path / "house", 2))

    assert list(tmp_path.iterdir()) == []


def test_data_that_is_gone_or_a_disk_that_fills_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = plan(Request(tmp_path / "house", 2))

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(disk, "copy", full)
    with pytest.raises(LadderError, match="No space left"):
        create(project, commit=False)
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_blanks_and_other_letters_is_fine(tmp_path: Path) -> None:
    project = made(tmp_path / "Meine Größe é" / "late flights", 2)

    assert project.answers.name == "late flights"
    assert (project.path / "src" / "late_flights" / "train.py").is_file()


def remote(project: Project) -> str:
    """The address of a project's DVC remote."""
    config = configparser.ConfigParser()
    config.read_string(project.tree[".dvc/config"].content.decode())
    return config["'remote \"storage\"'"]["url"]


def test_two_projects_of_one_name_do_not_share_a_remote(tmp_path: Path) -> None:
    first, second = (plan(Request(tmp_path / folder / "rents", 2)) for folder in "ab")

    assert remote(first).startswith("~/.dvc-storage/rents-")
    assert remote(first) != remote(second)


def test_the_remote_of_a_project_is_told_by_its_lock_and_stays_where_it_was_before_there_were_ids(
    tmp_path: Path,
) -> None:
    project = plan(Request(tmp_path / "rents", 2))
    again = load(project.tree[LOCK].content).answers

    assert again == project.answers
    assert render(again, 2)[".dvc/config"] == project.tree[".dvc/config"]
    old = replace(again, id="")
    assert b"id = " not in with_lock({}, lock_of({}, old, 2))[LOCK].content.partition(b"[answers.data]")[0]
    assert render(old, 2)[".dvc/config"].content.decode().endswith("~/.dvc-storage/rents\n")
