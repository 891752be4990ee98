"""A project as it was, where git stopped halfway: git itself leaves what it has checked out so far.

Nothing here checks out: a program in git's settings may be what failed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.atomic import whole
from mlops_ladder.git.run import records
from mlops_ladder.lift.guards import Repo
from mlops_ladder.project import disk


@dataclass(frozen=True)
class _Seen:
    """A file before git came: its bytes, or where it points as a link."""

    content: bytes
    mode: int
    times: tuple[int, int]
    link: str = ""


@contextmanager
def or_as_it_was(repo: Repo, branch: str, paths: Iterable[str]) -> Iterator[None]:
    """Let git work in the block; where that fails, put branches, index and the files at these paths back.

    `branch` is the one that the block may make, or the one that is checked out; paths count from the top.
    """
    before = {path: _look(repo.top / path) for path in paths}
    folders = {above for path in before for above in Path(path).parents if (repo.top / above).is_dir()}
    index = repo.git.folder / repo.git.line("rev-parse", "--git-path", "index")
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "index"
        shutil.copyfile(index, kept)
        try:
            yield
        except BaseException:
            try:
                _put_back_branches(repo, branch)
            finally:  # also where git does not end in time once more
                _put_back_files(repo.top, before, folders)
                shutil.copyfile(kept, index)
            raise


def differing(repo: Repo, tree: str) -> list[str]:
    """The paths, from the top, at which the project and a tree differ."""
    return records(repo.git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", repo.head, tree))


def _look(path: Path) -> _Seen | None:
    if path.is_symlink():
        return _Seen(b"", 0, (0, 0), str(path.readlink()))
    if not path.is_file():
        return None
    about = path.stat()
    return _Seen(path.read_bytes(), about.st_mode & 0o777, (about.st_atime_ns, about.st_mtime_ns))


def _put_back_branches(repo: Repo, branch: str) -> None:
    git = repo.git
    git.call("cherry-pick", "--quit")
    if repo.branch:
        git.call("symbolic-ref", "HEAD", f"refs/heads/{repo.branch}")
        git.call("update-ref", "HEAD", repo.head)
    else:
        git.call("update-ref", "--no-deref", "HEAD", repo.head)
    if branch != repo.branch:
        git.call("update-ref", "-d", f"refs/heads/{branch}")


def _put_back_files(top: Path, before: dict[str, _Seen | None], folders: set[Path]) -> None:
    reached = {path: seen for path, seen in before.items() if "/" not in path or not disk.link_in(top, _above(path))}
    for path in reached:
        if _look(top / path) not in (None, before[path]):
            (top / path).unlink()
    made = {folder for path in reached for folder in (Path(path), *Path(path).parents)} - folders
    for folder in sorted(made, reverse=True):
        with suppress(OSError):  # the user's own files may be in it
            (top / folder).rmdir()
    for path, seen in reached.items():
        if seen is not None and not os.path.lexists(top / path):
            _write(top / path, seen)


def _write(path: Path, seen: _Seen) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if seen.link:
        path.symlink_to(seen.link)
        return
    with whole(path) as file:
        file.write(seen.content)
    path.chmod(seen.mode)
    os.utime(path, ns=seen.times)


def _above(path: str) -> str:
    return path.rpartition("/")[0]
