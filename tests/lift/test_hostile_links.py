"""A link at every component of every path that a lift writes: nothing comes to lie outside of the project."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.lift import requests
from mlops_ladder.lift.carry_out import carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import leaving_no_trace, plan
from support.repos import ANSWERS, DATA, RAW, git, isolate, new, state, templates

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)

LATER = b"the later months"
CHANGES = {
    "up to 2": (1, lambda lock, root: requests.climb(lock, 2, root)),
    "up to 3": (2, lambda lock, root: requests.climb(lock, 3, root)),
    "set": (2, lambda lock, root: requests.answer(lock, "ci", "gitlab", root)),
}


def lift(project: Path, root: Path, change: str, *, dry_run: bool = False) -> None:
    repo = inspect(project)
    if dry_run:
        with leaving_no_trace(repo) as scratch:
            plan(scratch, CHANGES[change][1](repo.lock, root), "up")
    else:
        carry_out(plan(repo, CHANGES[change][1](repo.lock, root), "up"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates whose third level brings a file that DVC holds."""
    made = templates(tmp_path_factory.mktemp("templates") / "t")
    about = made / "level3/level.toml"
    about.write_text(about.read_text() + '[[assets]]\npath = "data/raw/later-{file}"\nof = "later"\nheld = "dvc"\n')
    (made / "sample/flights").mkdir(parents=True)
    (made / "sample/flights/later.parquet").write_bytes(LATER)
    return made


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "outside"
    folder.mkdir()
    yield folder
    assert list(folder.rglob("*")) == []


def made(tmp_path: Path, root: Path, change: str) -> Path:
    """A project at the level where a change begins."""
    answers = replace(ANSWERS, data=replace(DATA, source="flights"))
    return new(tmp_path / "p", root, CHANGES[change][0], answers)


def written(change: str) -> list[str]:
    """What a change writes beside git's own: the data, its pointer, and the cache down to the file."""
    path, content = {
        "up to 2": (RAW, b"late,x\n1,2\n0,3\n"),
        "up to 3": ("data/raw/later-trips.csv", LATER),
    }[change]
    cached = _cached(content)
    return [path, cached, ".dvc/cache/.gitignore"]


def _cached(content: bytes) -> str:
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}"


def components(paths: list[str]) -> list[str]:
    """Every path with all that are above it."""
    parts = [path.split("/") for path in paths]
    return sorted({"/".join(part[:end]) for part in parts for end in range(1, len(part) + 1)})


def put_link(project: Path, path: str, target: Path, how: str) -> None:
    """A link in the place of whatever is there: committed, or where git does not look."""
    full = project / path
    if how != "committed":
        with (project / ".git/info/exclude").open("a") as rules:
            rules.write(f"/{path}\n")
    if full.is_dir() and not full.is_symlink():
        shutil.rmtree(full)
    full.unlink(missing_ok=True)
    full.parent.mkdir(parents=True, exist_ok=True)
    full.symlink_to(target if how != "dangling" else target / "gone")
    if how == "committed":
        git(project, "add", "-f", path)
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", "a link")


DATA_LINKS = [(change, path) for change in ("up to 2", "up to 3") for path in components(written(change))]


@pytest.mark.parametrize("how", ["committed", "ignored", "dangling"])
@pytest.mark.parametrize(("change", "path"), DATA_LINKS)
def test_a_link_on_the_way_of_data_is_not_followed(
    tmp_path: Path, root: Path, outside: Path, change: str, path: str, how: str
) -> None:
    project = made(tmp_path, root, change)
    put_link(project, path, outside, how)
    before = state(project)
    if change == "up to 2" and path.startswith("data"):
        # Not ours to move: it is left where it is, and told.
        lift(project, root, change)
        assert not (project / f"{RAW}.dvc").exists()
        return
    for dry_run in (True, False):
        with pytest.raises(LadderError) as caught:
            lift(project, root, change, dry_run=dry_run)
        assert path in caught.value.message
        assert caught.value.code == 2
        assert state(project) == before


FILES = {
    "up to 2": ["Makefile", "src/trips/track.py", ".dvc/config", ".github/workflows/nightly.yml", ".ladder.toml"],
    "up to 3": ["README.md", "src/trips/gate.py", "gate.sh"],
    "set": [".gitlab-ci.yml", ".github/workflows/test.yml"],
}


@pytest.mark.parametrize("how", ["committed", "ignored", "dangling"])
@pytest.mark.parametrize(("change", "path"), [(c, path) for c, paths in FILES.items() for path in components(paths)])
def test_a_link_on_the_way_of_a_file_is_not_followed(
    tmp_path: Path, root: Path, outside: Path, change: str, path: str, how: str
) -> None:
    """git itself does not write through links; what it would not write is told, or stands in a conflict."""
    project = made(tmp_path, root, change)
    put_link(project, path, outside, how)
    before = state(project)
    try:
        lift(project, root, change)
    except LadderError as error:
        assert error.code == 2  # noqa: PT017
        assert state(project) == before


def test_data_is_not_read_through_a_link_out_of_the_project(root: Path, tmp_path: Path) -> None:
    project = made(tmp_path, root, "up to 2")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "trips.csv").write_bytes(b"a secret of somebody else\n")
    put_link(project, "data/raw", elsewhere, "committed")
    lift(project, root, "up to 2")

    assert list((project / ".dvc").rglob("*/md5/*/*")) == []
    assert (elsewhere / "trips.csv").read_bytes() == b"a secret of somebody else\n"


def test_what_was_brought_in_vain_is_not_taken_away_through_a_link(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where git fails after the data was brought, and a link has come to lie there meanwhile."""
    project = made(tmp_path, root, "up to 3")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "later-trips.csv").write_bytes(b"mine\n")

    def swap(*_: object) -> None:
        shutil.rmtree(project / "data/raw")
        (project / "data/raw").symlink_to(elsewhere)
        raise LadderError("git refused")

    monkeypatch.setattr("mlops_ladder.lift.carry_out._check_out", swap)
    with pytest.raises(LadderError, match="git refused"):
        lift(project, root, "up to 3")
    assert (elsewhere / "later-trips.csv").read_bytes() == b"mine\n"
