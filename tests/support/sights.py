"""What a station can look at. Each function is a kind of sight; `at` names the project, `mine` unless told."""

from __future__ import annotations

import json
import operator
from pathlib import Path
from typing import Any

from mlops_ladder.project.lock import LOCK, load
from mlops_ladder.project.render import render
from support.projects import LADDER
from support.user import User, within

BOUNDS = {
    "is": operator.eq,
    "not": operator.ne,
    "above": operator.gt,
    "below": operator.lt,
    "among": lambda found, wanted: found in wanted,
    "holds": operator.contains,
}


def printed(user: User, texts: list[str]) -> None:
    """All of these were printed by the last command."""
    assert texts
    for text in texts:
        assert text in user.printed, f"{text!r} was not printed, but:\n{user.printed}"


def not_printed(user: User, texts: list[str]) -> None:
    """None of these was printed by the last command, which did print something."""
    assert texts
    assert user.printed
    for text in texts:
        assert text not in user.printed, f"{text!r} was printed:\n{user.printed}"


def said(user: User, key: str, **wanted: Any) -> None:
    """A value in the JSON that was printed last."""
    _compare(user.json(), key, **wanted)


def record(user: User, path: str, *, key: str, at: str = "mine", **wanted: Any) -> None:
    """A value in a JSON file."""
    _compare(json.loads((user.project(at).path / path).read_text("utf-8")), key, **wanted)


def python(user: User, code: str, *, key: str = "", at: str = "mine", **wanted: Any) -> None:
    """A value in the JSON that Python prints last in the project's environment."""
    _compare(user.project(at).python(code), key, **wanted)


def file(user: User, path: str, *, starts: str = "", holds: list[str] | None = None, at: str = "mine") -> None:
    """A file that is not empty, begins so and holds these texts."""
    content = (user.project(at).path / path).read_bytes()
    assert content, f"{path} is empty"
    assert content.startswith(starts.encode("latin-1")), content[:40]
    for text in holds or []:
        assert text.encode() in content, f"{path} does not hold {text!r}"


def absent(user: User, path: str, *, at: str = "mine") -> None:
    """A file or folder that is not there, in a project that is."""
    top = user.project(at).path
    assert top.is_dir()
    assert not (top / path).exists(), f"{path} is there"


def same(user: User, paths: list[str], *, at: str = "mine") -> None:
    """Files are byte for byte what was kept."""
    assert paths
    for path in paths:
        assert (user.project(at).path / path).read_bytes() == user.kept[path], f"{path} has changed"


def status(user: User, text: str, *, at: str = "mine") -> None:
    """What `git status` shows: nothing, or these lines."""
    shown = user.project(at).git("status", "--porcelain")
    assert shown == text, f"git shows:\n{shown}"


def readme(user: User, commands: list[str], *, at: str = "mine") -> None:
    """The README's first block of commands is this; the chain runs them one by one."""
    assert user.project(at).readme_commands() == commands


def assessed(user: User, level: int, *, at: str = "mine") -> None:
    """`ladder assess` finds this level."""
    project = user.project(at)
    done = project.run(*LADDER, "assess", "--json")
    assert json.loads(done.stdout)["level"] == level


def pristine(user: User, level: int, *, at: str = "mine") -> None:
    """Every file that `ladder new` would make at this level is there, byte for byte."""
    project = user.project(at)
    lock = load((project.path / LOCK).read_bytes())
    assert lock.level == level
    tree = {path: file.content for path, file in render(lock.answers, level).items() if path != LOCK}
    assert len(tree) > 20
    assert [path for path, content in tree.items() if (project.path / path).read_bytes() != content] == []


def stored(user: User, folder: str, *, at: str = "mine") -> None:
    """The DVC remote in the user's home holds the raw data, and DVC knows it as unchanged."""
    project = user.project(at)
    raw = [path for path in (project.path / "data/raw").iterdir() if path.suffix != ".dvc" and path.name[0] != "."]
    remote = [path.read_bytes() for path in Path(user.env["HOME"], folder).rglob("*") if path.is_file()]
    assert raw
    for path in raw:
        assert path.read_bytes() in remote
        assert "up to date" in project.run("uv", "run", "dvc", "status", f"{path}.dvc").stdout


def _compare(value: Any, key: str, **wanted: Any) -> None:
    """Hold a value against each bound; a text as a bound of a number names another value in the same JSON."""
    found = within(value, key)
    for name, bound in wanted.items():
        other = within(value, bound) if name in ("above", "below") and isinstance(bound, str) else bound
        assert BOUNDS[name](found, other), f"{key} is {found!r}; wanted: {name} {other!r}"
