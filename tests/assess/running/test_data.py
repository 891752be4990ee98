"""Data that DVC keeps comes along, from the project's own cache and within the copy."""

from __future__ import annotations

import json
from hashlib import md5
from pathlib import Path

import pytest

from mlops_ladder.assess.running.data import bring_data
from mlops_ladder.assess.running.origin import Origin
from mlops_ladder.errors import LadderError
from support.trees import write

ROWS = "a,b\n1,2\n"


def digest(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def cached(text: str, ending: str = "", layout: str = "files/md5/") -> dict[str, str]:
    name = digest(text) + ending
    return {f".dvc/cache/{layout}{name[:2]}/{name[2:]}": text}


def pointer(path: str, name: str, more: str = "") -> str:
    return f"{more}outs:\n- md5: {name}\n  path: {path}\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy as a clone makes it: with `.dvc/config`, without data."""
    return write(tmp_path / "copy", {".dvc/config": ""}).resolve()


def brought(root: Path, copy: Path, pointers: dict[str, str], base: str = "") -> dict[str, str]:
    """The files of the copy beside the cache and the pointers, afterwards."""
    write(copy, pointers)
    bring_data(Origin(root, base), copy, sorted(pointers))
    found = {path.relative_to(copy).as_posix(): path for path in copy.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in found.items() if ".dvc" not in name}


@pytest.mark.parametrize("layout", ["files/md5/", ""])
def test_a_file_comes_from_the_cache(tmp_path: Path, copy: Path, layout: str) -> None:
    root = write(tmp_path / "r", cached(ROWS, layout=layout) | {"data/raw.csv": "not what was committed"})

    assert brought(root, copy, {"data/raw.csv.dvc": pointer("raw.csv", digest(ROWS))}) == {"data/raw.csv": ROWS}
    assert (copy / next(iter(cached(ROWS, layout=layout)))).read_text() == ROWS


def test_what_was_committed_of_the_cache_is_no_obstacle(tmp_path: Path, copy: Path) -> None:
    root = write(tmp_path / "r", cached(ROWS) | cached("b"))
    write(copy, cached(ROWS))

    assert brought(root, copy, {"raw.csv.dvc": pointer("raw.csv", digest(ROWS))}) == {"raw.csv": ROWS}
    assert (copy / next(iter(cached("b")))).read_text() == "b"


def test_a_folder_comes_file_by_file(tmp_path: Path, copy: Path) -> None:
    listing = json.dumps([{"md5": digest(ROWS), "relpath": "x/a.csv"}, {"md5": digest("b"), "relpath": "b"}, 5])
    root = write(tmp_path / "r", cached(ROWS) | cached("b") | cached(listing, ".dir"))
    found = brought(root, copy, {"data.dvc": pointer("raw", digest(listing) + ".dir", "wdir: in\n")})

    assert found == {"in/raw/x/a.csv": ROWS, "in/raw/b": "b"}


def test_a_project_in_a_folder_has_a_cache_there_or_at_the_root(tmp_path: Path, copy: Path) -> None:
    write(copy, {"svc/.dvc/config": ""})
    own = {f"svc/{path}": text for path, text in cached("own").items()}
    root = write(tmp_path / "r", own | cached(ROWS))
    pointers = {"svc/own.dvc": pointer("own", digest("own")), "svc/rows.dvc": pointer("rows", digest(ROWS))}

    assert brought(root, copy, pointers, "svc") == {"svc/own": "own", "svc/rows": ROWS}


def test_what_is_there_already_stays(tmp_path: Path, copy: Path) -> None:
    root = write(tmp_path / "r", cached(ROWS))
    write(copy, {"a.csv": "committed"})

    assert brought(root, copy, {"a.csv.dvc": pointer("a.csv", digest(ROWS))}) == {"a.csv": "committed"}


@pytest.mark.parametrize(
    "path",
    ["../out", "/tmp/out", "../copy/../out", ".git/hooks/post-checkout", "x/.git/config", '"a\\0b"', '"\\uD800"'],
)
def test_a_pointer_leads_nowhere_else(tmp_path: Path, copy: Path, path: str) -> None:
    root = write(tmp_path / "r", cached(ROWS))

    assert brought(root, copy, {"a.dvc": pointer(path, digest(ROWS))}) == {}
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["copy", "r"]


def test_a_link_in_the_way_is_not_followed_out(tmp_path: Path, copy: Path) -> None:
    root = write(tmp_path / "r", cached(ROWS))
    (tmp_path / "outside").mkdir()
    (copy / "data").symlink_to(tmp_path / "outside")

    assert brought(root, copy, {"a.dvc": pointer("data/a", digest(ROWS))}) == {}
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["", "outs: 5", "outs: [5]", "- x", "outs:\n- path: a", "outs:\n- md5: ../x\n  path: a", "\t", "outs: &a [*a]"],
)
def test_a_pointer_of_another_shape_brings_nothing(tmp_path: Path, copy: Path, text: str) -> None:
    assert brought(write(tmp_path / "r", cached(ROWS)), copy, {"a.dvc": text}) == {}


@pytest.mark.parametrize("link", [".dvc", ".dvc/cache"])
def test_a_cache_behind_a_link_stays_where_it_is(tmp_path: Path, copy: Path, link: str) -> None:
    write(tmp_path / "elsewhere", {path.removeprefix(link + "/"): text for path, text in cached(ROWS).items()})
    root = write(tmp_path / "r", {"x": ""})
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / "elsewhere")

    assert brought(root, copy, {"a.dvc": pointer("a", digest(ROWS))}) == {}
    assert not (copy / ".dvc/cache").exists()


def test_links_in_the_cache_are_not_followed(tmp_path: Path, copy: Path) -> None:
    write(tmp_path, {"secret": ROWS})
    root = write(tmp_path / "r", {".dvc/cache/x": ""})
    entry = root / next(iter(cached(ROWS)))
    entry.parent.mkdir(parents=True)
    entry.symlink_to(tmp_path / "secret")

    assert brought(root, copy, {"a.dvc": pointer("a", digest(ROWS))}) == {}


def test_many_pointers_to_one_large_file_are_too_much(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_ladder.assess.running.data.LIMIT", 3 * len(ROWS))
    root = write(tmp_path / "r", cached(ROWS))
    with pytest.raises(LadderError, match="The data holds more than"):
        brought(root, copy, {f"{name}.dvc": pointer(name, digest(ROWS)) for name in "abc"})
