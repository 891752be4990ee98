"""The data file under DVC, checked against git's own reading of the ignore rule."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from mlops_ladder.errors import LadderError
from mlops_ladder.project.dvc import digest, from_cache, into_cache, pointers


def a_file(folder: Path, name: str = "flights.csv", content: bytes = b"a,b\r\n1,2\n") -> Path:
    path = folder / "data" / "raw" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_the_pointer_names_the_bytes_as_they_are(tmp_path: Path) -> None:
    raw = a_file(tmp_path)
    md5 = hashlib.md5(b"a,b\r\n1,2\n", usedforsecurity=False).hexdigest()
    tree = pointers({"data/raw/flights.csv": digest(raw)})
    assert (
        tree["data/raw/flights.csv.dvc"].content
        == f"outs:\n- md5: {md5}\n  size: 9\n  hash: md5\n  path: flights.csv\n".encode()
    )


@pytest.mark.parametrize("name", ["a b.csv", "yes", "12.5", "größe.csv", "a: b.csv", "#1.csv", "!x[1]*.csv", "end "])
def test_odd_names_survive_yaml_and_are_what_git_ignores(tmp_path: Path, name: str) -> None:
    raw = a_file(tmp_path, name)
    tree = pointers({f"data/raw/{name}": digest(raw)})
    assert yaml.safe_load(tree[f"data/raw/{name}.dvc"].content)["outs"][0]["path"] == name
    (raw.parent / ".gitignore").write_bytes(tree["data/raw/.gitignore"].content)
    (raw.parent / "x1.csv").touch()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    seen = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert sorted(seen.split("\0")[:-1]) == ["data/raw/.gitignore", "data/raw/x1.csv"]


def test_cache_and_back_give_the_same_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    raw = a_file(tmp_path, content=content)
    seen = into_cache(tmp_path, raw)
    assert seen == digest(raw)
    assert (tmp_path / seen.cached).read_bytes() == content
    raw.unlink()
    from_cache(tmp_path, seen, "data/raw/flights.csv")
    assert raw.read_bytes() == content
    assert raw.stat().st_mode & 0o200


def test_a_file_that_is_there_is_not_replaced_from_the_cache(tmp_path: Path) -> None:
    raw = a_file(tmp_path)
    seen = into_cache(tmp_path, raw)
    raw.write_bytes(b"newer")
    from_cache(tmp_path, seen, "data/raw/flights.csv")
    assert raw.read_bytes() == b"newer"


@pytest.mark.parametrize(("mode", "umask"), [(0o644, 0o022), (0o600, 0o022), (0o644, 0o077)])
def test_who_may_not_read_the_file_may_not_read_it_in_the_cache(tmp_path: Path, mode: int, umask: int) -> None:
    raw = a_file(tmp_path)
    raw.chmod(mode)
    before = os.umask(umask)
    try:
        seen = into_cache(tmp_path, raw)
        raw.unlink()
        from_cache(tmp_path, seen, "data/raw/flights.csv")
    finally:
        os.umask(before)
    assert (tmp_path / seen.cached).stat().st_mode & 0o777 == mode & ~umask & 0o444
    assert raw.stat().st_mode & 0o777 == mode & ~umask


def test_caching_twice_leaves_one_object_and_no_rest(tmp_path: Path) -> None:
    raw = a_file(tmp_path)
    seen = into_cache(tmp_path, raw)
    into_cache(tmp_path, raw)
    files = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / ".dvc").rglob("*") if path.is_file()]
    assert sorted(files) == [".dvc/cache/.gitignore", seen.cached]


def test_a_cache_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    raw = a_file(tmp_path)
    (tmp_path / ".dvc").write_text("in the way")
    with pytest.raises(LadderError, match=r"\.dvc"):
        into_cache(tmp_path, raw)
