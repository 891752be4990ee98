"""Writing all of a project or nothing, with real folders, a real full disk and a real kill."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.project import disk
from mlops_ladder.project.tree import File, Tree

TREE: Tree = {"a.txt": File(b"a\r\n"), "b/c/run": File(b"#!/bin/sh\n", executable=True), "b/ü x.md": File(b"")}

as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
not_as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")


def put(tree: Tree, target: Path) -> None:
    disk.check_target(target)
    with disk.staged(target) as stage:
        disk.write(tree, stage)


def paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_bytes_and_modes_arrive_as_they_are(tmp_path: Path) -> None:
    put(TREE, tmp_path / "new" / "house")

    assert paths(tmp_path / "new" / "house") == ["a.txt", "b", "b/c", "b/c/run", "b/ü x.md"]
    for path, file in TREE.items():
        written = tmp_path / "new" / "house" / path
        assert written.read_bytes() == file.content
        assert os.access(written, os.X_OK) == file.executable


def test_an_empty_folder_may_be_the_target(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    put(TREE, tmp_path / "house")

    assert (tmp_path / "house" / "a.txt").is_file()


def test_the_current_folder_stays_the_one_that_a_shell_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(TREE, tmp_path)

    assert sorted(Path().iterdir()) == [Path("a.txt"), Path("b")]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository without a commit, opened in an editor."""
    house = tmp_path / "house"
    subprocess.run(["git", "init", "--quiet", house], check=True)
    (house / ".vscode").mkdir()
    (house / ".vscode" / "settings.json").write_text("{}")
    return house


def test_a_repository_without_a_commit_is_as_good_as_empty(repository: Path) -> None:
    config = (repository / ".git" / "config").read_bytes()
    put(TREE, repository)

    assert {path.name for path in repository.iterdir()} == {".git", ".vscode", "a.txt", "b"}
    assert (repository / ".vscode" / "settings.json").read_text() == "{}"
    assert (repository / ".git" / "config").read_bytes() == config


@pytest.mark.parametrize("held", ["a commit", "a remote's commit", "packed refs", "no repository"])
def test_a_repository_with_a_commit_is_not(repository: Path, held: str) -> None:
    git = repository / ".git"
    if held == "no repository":
        (git / "HEAD").unlink()
    elif held == "packed refs":
        (git / "packed-refs").write_text("")
    else:
        ref = git / "refs" / ("heads/main" if held == "a commit" else "remotes/origin/main")
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text("0" * 40)

    with pytest.raises(LadderError, match="is not empty"):
        put(TREE, repository)


def test_what_comes_into_being_meanwhile_is_kept_and_nothing_else_is_left(repository: Path) -> None:
    def race() -> None:
        with disk.staged(repository) as stage:
            disk.write(TREE, stage)
            (repository / "b").mkdir()

    with pytest.raises(LadderError, match="b has come into being meanwhile"):
        race()
    assert {path.name for path in repository.iterdir()} == {".git", ".vscode", "b"}


def test_the_umask_of_the_user_counts(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        put(TREE, tmp_path / "house")
    finally:
        os.umask(before)

    assert (tmp_path / "house").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "house" / "b/c/run").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "house" / "a.txt").stat().st_mode & 0o777 == 0o600


def test_what_is_in_the_way_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_bytes(b"mine")
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name, words in {
        "full": "is not empty",
        "file": "is a file",
        "file/below": "is a file",
        "link": "is a link",
    }.items():
        with pytest.raises(LadderError, match=words):
            disk.check_target(tmp_path / name)

    assert paths(tmp_path) == ["file", "full", "full/mine", "link"]


@not_as_root
def test_no_permission_is_said_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(LadderError, match="No permission"):
        disk.check_target(tmp_path / "locked" / "house")


@as_root
def test_no_permission_is_said_to_another_user(tmp_path: Path) -> None:
    """Root may write anywhere, so a child of the test gives the rank up first."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o755)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setuid(65534)
            disk.check_target(locked / "house")
        except LadderError as error:
            code = 0 if "No permission" in error.message else 2
        except PermissionError:
            code = 0  # pytest's own folder above is closed to others: the same answer, one level higher
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("path", ["../x", "b/../../x", "/tmp/x", "b/../x"])
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    with pytest.raises(LadderError, match="leads out"):
        put({"a": File(b""), path: File(b"")}, tmp_path / "house")

    assert paths(tmp_path) == []


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    real, calls = Path.write_bytes, iter(range(1, 10))

    def write(path: Path, content: bytes) -> int:
        if next(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(LadderError, match="No space left on device") as caught:
        put(TREE, tmp_path / "deep" / "er" / "house")

    assert caught.value.hint == "Nothing was left behind."
    assert paths(tmp_path) == []


def test_a_target_that_came_into_being_meanwhile_is_kept(tmp_path: Path) -> None:
    def race() -> None:
        with disk.staged(tmp_path / "house") as stage:
            disk.write(TREE, stage)
            (tmp_path / "house").mkdir()
            (tmp_path / "house" / "theirs").write_bytes(b"theirs")

    with pytest.raises(LadderError, match="could not be written"):
        race()
    assert paths(tmp_path) == ["house", "house/theirs"]


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with disk.staged(tmp_path / "new" / "house") as stage:
            disk.write(TREE, stage)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert paths(tmp_path) == []


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", tmp_path], check=False)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


@as_root
def test_a_disk_that_is_really_full(full_disk: Path) -> None:
    with pytest.raises(LadderError, match="No space left on device"):
        put({f"{n}.bin": File(os.urandom(10_000)) for n in range(20)}, full_disk / "house")

    assert paths(full_disk) == []


WRITER = """
import sys, time
from pathlib import Path
from mlops_ladder import cli
from mlops_ladder.project import disk
from mlops_ladder.project.tree import File

def forever(root):
    for n in range(10_000):
        disk.write({f"{n}/file": File(b"x" * 1000)}, root)
        if n == 20:
            print("writing", flush=True)
        time.sleep(0.001)

def run(**_):
    with disk.staged(Path(sys.argv[1])) as stage:
        forever(stage)

cli.program().main = run
cli.main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_kill_while_writing_leaves_no_target(tmp_path: Path, number: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / "house")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"writing\n"
    child.send_signal(number)
    assert child.wait(timeout=30) in {130, 128 + number, -number}
    child.stdout.close()

    assert not (tmp_path / "house").exists()
    if number != signal.SIGKILL:  # nobody can tidy up after that one; its folder is hidden
        assert paths(tmp_path) == []
    assert all(path.name.startswith(".house.") for path in tmp_path.iterdir())


@pytest.mark.parametrize("target", ["inside", "../outside", "gone"])
@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("a/b/c.txt", "a"),
        ("a/b/c.txt", "a/b"),
        ("a/b/c.txt", "a/b/c.txt"),
        ("a/b/c.txt", ""),
        ("x/y", "a"),
        ("new", ""),
    ],
)
def test_the_first_link_on_a_way_is_found(tmp_path: Path, path: str, link: str, target: str) -> None:
    root = tmp_path / "p"
    (root / "inside").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    if link:
        (root / link).parent.mkdir(parents=True, exist_ok=True)
        (root / link).symlink_to(root / target)
    found = root / link if link and path.startswith(link) else None

    assert disk.link_in(root, path) == found
    if found:
        with pytest.raises(LadderError, match=f"{link} is a link"):
            disk.check_no_link(root, path)
    else:
        disk.check_no_link(root, path)


def test_a_copy_is_closed_to_whom_the_source_is_closed(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(b"mine")
    (tmp_path / "mine.csv").chmod(0o600)
    disk.copy(tmp_path / "mine.csv", tmp_path / "data/raw/mine.csv")

    assert (tmp_path / "data/raw/mine.csv").stat().st_mode & 0o777 == 0o600
