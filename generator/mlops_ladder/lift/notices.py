"""What a lift leaves that no merge can see: the two ends of it looked at, read from git."""

from __future__ import annotations

import posixpath
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.git.state import listing
from mlops_ladder.git.store import contents
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.look import Notice, Project, new_notices, reads

_LARGEST = 2_000  # files of code: what a project of this kind has, many times over
_LINKS = 100
_HOSTED = (".github/workflows/", ".gitlab-ci.yml")


def notices(repo: Repo, tree: str, added: Iterable[str], conflicts: Iterable[str]) -> tuple[Notice, ...]:
    """What does not work in the result, a tree of git, and did before. Files in conflict are not judged yet."""
    after = replace(repo, mine=listing(repo.git, f"{tree}:{repo.prefix.rstrip('/')}"))
    unsettled = set(conflicts)
    return (*new_notices(_project(repo, unsettled), _project(after, unsettled)), *_out_of_sight(repo, added))


def not_held(repo: Repo, moved: Iterable[str], done: Iterable[str]) -> Iterator[Notice]:
    """The files that DVC is to hold from now on and could not be given to it, each with what puts it there."""
    for path in moved:
        above = ["/".join(path.split("/")[:end]) for end in range(1, path.count("/") + 2)]
        if path in done or any(f"{folder}.dvc" in repo.mine for folder in above):
            continue
        file, name = repo.project / path, shlex.quote(path)
        tracked = f"git rm -q --cached {name} && " if path in repo.mine else ""
        if file.is_symlink():
            copied = f"cp -L {name} {name}.copy && mv {name}.copy {name} && "
            yield Notice(
                path,
                0,
                "is a link, so it was not put under DVC",
                (f"{tracked}{copied}uv run python -m dvc add {name}",),
            )
        elif path in repo.mine:
            back = f"git checkout -q -- {name} && "
            yield Notice(
                path,
                0,
                "is not in the folder, so it was not put under DVC",
                (f"{back}{tracked}uv run python -m dvc add {name}",),
            )
        else:
            yield _renamed_data(repo, path)


def _renamed_data(repo: Repo, path: str) -> Notice:
    """What to do where the data file is not there: the configuration may name another one."""
    text = contents(repo, ["config.toml"])["config.toml"] if "config.toml" in repo.mine else b""
    try:
        own = tomllib.loads(text.decode()).get("data", {}).get("path", "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError):
        own = ""
    if not isinstance(own, str) or own == path or not (repo.project / own).is_file():
        return Notice(
            path, 0, "is not there, so it was not put under DVC: bring it, then run `uv run python -m dvc add` on it"
        )
    name = shlex.quote(own)
    tracked = f"git rm -q --cached {name} && " if own in repo.mine else ""
    what = f"is not there; config.toml names {own}, which is not under DVC yet"
    return Notice(
        path, 0, what, (f"{tracked}uv run python -m dvc add {name}", f"git grep -n -F -e {shlex.quote(path)}")
    )


def check_settled(edited: dict[str, bytes]) -> None:
    """Refuse where a file of the templates holds the markers of a conflict that nobody settled.

    Raises:
        LadderError: naming the file and the line.
    """
    for path, content in edited.items():
        lines = content.split(b"\n")
        marks = [[number for number, line in enumerate(lines, 1) if line.startswith(mark)] for mark in _MARKS]
        if all(marks) and marks[0][0] < marks[1][0] < marks[2][0]:
            raise LadderError(
                f"{path} still holds conflict markers (line {marks[0][0]}).",
                f"Settle it and commit: git grep -n -e '^<<<<<<< ' -e '^>>>>>>> ' -- {shlex.quote(path)}",
            )


_MARKS = (b"<<<<<<< ", b"=======", b">>>>>>> ")


def _project(repo: Repo, unsettled: set[str]) -> Project:
    regular = [path for path, entry in repo.mine.items() if entry.mode.startswith("100")]
    read = [path for path in regular if reads(path) and path not in unsettled][:_LARGEST]
    texts = {path: content.decode("utf-8", "replace") for path, content in contents(repo, read).items()}
    paths = {*repo.mine, *_beyond_links(repo)}
    return Project(frozenset(paths), texts, repo.lock.answers.package)


def _beyond_links(repo: Repo) -> Iterator[str]:
    """The paths by which files can be reached through links within the project."""
    links = [path for path, entry in repo.mine.items() if entry.mode == "120000"][:_LINKS]
    for link, content in contents(repo, links).items():
        target = posixpath.normpath(posixpath.join(posixpath.dirname(link), content.decode("utf-8", "replace")))
        if target not in (".", ".."):
            yield from (f"{link}{p.removeprefix(target)}" for p in repo.mine if f"{p}/".startswith(f"{target}/"))


def _out_of_sight(repo: Repo, added: Iterable[str]) -> Iterator[Notice]:
    """CI files that come in a folder of a larger repository, where no host reads them."""
    for path in added if repo.prefix else ():
        if path.startswith(_HOSTED):
            top = posixpath.relpath(".", repo.prefix)
            place = f"{top}/{path}"
            if path.startswith(".github"):
                folder, name = posixpath.split(path)
                place = f"{top}/{folder}/{repo.prefix.rstrip('/').replace('/', '-')}-{name}"
            what = f"is read at the top of the repository only, and has to work in {repo.prefix.rstrip('/')} from there"
            command = (
                f"mkdir -p {shlex.quote(posixpath.dirname(place))} && git mv {shlex.quote(path)} {shlex.quote(place)}"
            )
            yield Notice(path, 1, what, (command,))
