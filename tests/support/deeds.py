"""What a station can have done. Each function is a kind of step; `at` names the project, `mine` unless told."""

from __future__ import annotations

import re
import shlex
from typing import Any

import tomlkit

from support import golden, shapes, trees
from support.command import run as command_run
from support.projects import LADDER, LIMIT
from support.projects import clone as clone_of
from support.projects import new as new_project
from support.user import User


def new(user: User, name: str, *, options: str = "", shape: str = "flights") -> None:
    """`ladder new`, on the sample data or on data of another shape."""
    asked = shapes.request(shape)
    own = [text for key, value in asked.items() for text in (f"--{key}", str(value))]
    user.projects["mine"] = new_project(user.home / name, user.env, *shlex.split(options), *own)
    if "data" in asked:
        name = asked["data"].name.replace(" ", "_")
        user.kept[f"data/raw/{name}"] = asked["data"].read_bytes()


def run(
    user: User,
    command: str,
    *,
    fails: bool = False,
    at: str = "mine",
    cold: bool = False,
    env: dict[str, str] | None = None,
) -> None:
    """A command line. `make setup` finds an environment with the level's packages, unless `cold`."""
    project = user.project(at)
    if command == "make setup" and not cold:
        golden.lend(user.level, project.path / ".venv")
    done = command_run("sh", "-c", command, cwd=project.path, env=project.env | (env or {}), seconds=LIMIT)
    user.printed = done.stdout
    assert (done.returncode != 0) == fails, f"ended {done.returncode}\n{user.printed}"


def ladder(user: User, arguments: str, *, at: str = "mine", code: int = 0) -> None:
    """`ladder` itself; only what it prints to stdout is looked at."""
    project = user.project(at)
    done = command_run(*LADDER, *shlex.split(arguments), cwd=project.path, env=project.env, apart=True)
    user.printed = done.stdout
    assert done.returncode == code, f"ended {done.returncode}\n{done.stdout}\n{done.stderr}"


def write(user: User, path: str, *, text: str, at: str = "mine") -> None:
    """A file of the user's own."""
    trees.write(user.project(at).path, {path: text})


def append(user: User, path: str, *, text: str, at: str = "mine") -> None:
    """Text at the end of a file that there is."""
    with (user.project(at).path / path).open("a", encoding="utf-8") as file:
        file.write(text)


def remove(user: User, path: str, *, at: str = "mine") -> None:
    """Delete a file."""
    (user.project(at).path / path).unlink()


def change(user: User, path: str, *, old: str, new: str, at: str = "mine") -> None:
    """Replace all that matches a pattern, which must occur; `new` may name its groups."""
    target = user.project(at).path / path
    text, count = re.subn(old, new, target.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert count, f"{old!r} is not in {path}"
    target.write_text(text, "utf-8")


def turn(user: User, path: str, *, knobs: dict[str, Any], at: str = "mine") -> None:
    """Turn knobs of a TOML file, each to another value than it has; the rest of the file stays as it is."""
    target = user.project(at).path / path
    document = tomlkit.parse(target.read_text("utf-8"))
    for name, value in knobs.items():
        *tables, key = name.split(".")
        table: Any = document
        for part in tables:
            table = table[part]
        assert table[key] != value, f"{name} is {value!r} already"
        table[key] = value
    target.write_text(tomlkit.dumps(document), "utf-8")


def commit(user: User, message: str, *, at: str = "mine") -> None:
    """Commit everything, as the README says after a run."""
    project = user.project(at)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", message)


def restore(user: User, path: str, *, at: str = "mine") -> None:
    """Take back what was not committed."""
    user.project(at).git("checkout", "--", path)


def clone(user: User, name: str) -> None:
    """A colleague's fresh clone on the same machine; `at` finds it by this name."""
    mine = user.project("mine")
    user.projects[name] = clone_of(mine, user.home / name / mine.path.name)


def keep(user: User, paths: list[str], *, at: str = "mine") -> None:
    """Remember files as they are, to be compared with `same`."""
    found = {path: (user.project(at).path / path).read_bytes() for path in paths}
    user.kept |= found


def put_back(user: User, path: str, *, at: str = "mine") -> None:
    """Put a remembered file back; a new one, since DVC may have linked what lies there to its cache."""
    target = user.project(at).path / path
    target.unlink(missing_ok=True)
    target.write_bytes(user.kept[path])


def python(user: User, code: str, *, at: str = "mine") -> None:
    """Python in the project's environment."""
    project = user.project(at)
    user.printed = project.run("uv", "run", "--no-sync", "python", "-c", code).stdout
