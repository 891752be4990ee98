"""Every way in which the user's edit and the new render of one file can meet, for the tests and for the bench."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

U, T = "USER-MARK", "TEMPLATE-MARK"


def lines(*changed: tuple[int, str], seed: str = "") -> str:
    """Forty lines, some replaced."""
    text = {n: f"{seed} line {n}" for n in range(1, 41)} | dict(changed)
    return "".join(f"{text[n]}\n" for n in sorted(text))


Files = dict[str, bytes | None]
"""Path -> content, or None where a file goes."""


@dataclass(frozen=True)
class Case:
    """A file case: the first render, the second (None: the file goes), and what the user does to the first."""

    name: str
    old: Files
    new: Files
    user: Callable[[Path], None]
    executable: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    expects: str = U + T
    outcome: str = "merged"  # what `verdict` says of a lift by ladder


def text(content: str) -> bytes:
    """Bytes of a text."""
    return content.encode()


def edit(path: str, content: str | bytes) -> Callable[[Path], None]:
    """The user writes a file."""

    def do(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())

    return do


def cases() -> list[Case]:
    """The file cases, each in a folder of its own."""

    def one(name: str) -> str:
        return lines(seed=name)

    def mine(name: str, at: int = 5) -> str:
        return lines((at, U), seed=name)

    def theirs(name: str, at: int = 30) -> bytes:
        return text(lines((at, T), seed=name))

    def moved(root: Path) -> None:
        (root / "elsewhere").mkdir(exist_ok=True)
        (root / "c3/a.txt").rename(root / "elsewhere/b.txt")
        edit("elsewhere/b.txt", mine("c3"))(root)

    def folder(root: Path) -> None:
        (root / "c4").rename(root / "renamed4")
        edit("renamed4/a.txt", mine("c4"))(root)

    def linked(root: Path) -> None:
        (root / "c11/own").symlink_to(U)

    big = bytes(range(256)) * 8
    return [
        Case(
            "same line changed",
            {"c1/a.txt": text(one("c1"))},
            {"c1/a.txt": theirs("c1")},
            edit("c1/a.txt", mine("c1", 30)),
            outcome="conflict, both there",
        ),
        Case(
            "different places", {"c2/a.txt": text(one("c2"))}, {"c2/a.txt": theirs("c2")}, edit("c2/a.txt", mine("c2"))
        ),
        Case("user moved the file", {"c3/a.txt": text(one("c3"))}, {"c3/a.txt": theirs("c3")}, moved),
        Case(
            "user renamed the folder",
            {"c4/a.txt": text(one("c4")), "c4/b.txt": text(one("c4b"))},
            {"c4/a.txt": theirs("c4"), "c4/new.txt": text(T + "\n")},
            folder,
        ),
        Case(
            "user deleted, template same",
            {"c5/a.txt": text(one("c5"))},
            {},
            lambda r: (r / "c5/a.txt").unlink(),
            expects="",
            outcome="as it should be",
        ),
        Case(
            "user deleted, template changed",
            {"c6/a.txt": text(one("c6"))},
            {"c6/a.txt": theirs("c6")},
            lambda r: (r / "c6/a.txt").unlink(),
            expects="",
            outcome="as it should be",
        ),
        Case(
            "binary, template only",
            {"c7/a.bin": big},
            {"c7/a.bin": big + text(T)},
            lambda _: None,
            expects=T,
            outcome="as it should be",
        ),
        Case(
            "binary, both",
            {"c8/a.bin": big},
            {"c8/a.bin": big + text(T)},
            edit("c8/a.bin", big + text(U)),
            expects=U,
            outcome="user's bytes kept",
        ),
        Case(
            "user has CRLF",
            {"c9/a.txt": text(one("c9"))},
            {"c9/a.txt": theirs("c9")},
            edit("c9/a.txt", mine("c9").replace("\n", "\r\n")),
        ),
        Case(
            "template makes it executable",
            {"c10/a.sh": text(one("c10"))},
            {"c10/a.sh": text("#!/bin/sh\n" + one("c10"))},
            edit("c10/a.sh", mine("c10")),
            executable=("c10/a.sh",),
            expects=U + "x",
            outcome="as it should be",
        ),
        Case("user's own link", {"c11/a.txt": text(one("c11"))}, {"c11/a.txt": theirs("c11")}, linked),
        Case(
            "template drops, untouched",
            {"c12/a.txt": text(one("c12"))},
            {"c12/a.txt": None},
            lambda _: None,
            expects="",
            outcome="as it should be",
        ),
        Case(
            "template drops, user edited",
            {"c13/a.txt": text(one("c13"))},
            {"c13/a.txt": None},
            edit("c13/a.txt", mine("c13")),
            removes=("c13/a.txt",),
            expects=U,
            outcome="as it should be",
        ),
        Case(
            "template renames, user edited",
            {"c14/a.txt": text(one("c14"))},
            {"c14/a.txt": None, "c14/b.txt": theirs("c14")},
            edit("c14/a.txt", mine("c14")),
            removes=("c14/a.txt",),
        ),
        Case(
            "both add the same path",
            {},
            {"c15/a.txt": text(T + "\n")},
            edit("c15/a.txt", U + "\n"),
            outcome="conflict, both there",
        ),
        Case("template adds, user adds another", {}, {"c16/a.txt": text(T + "\n")}, edit("c16/own.txt", U + "\n")),
        Case(
            "look-alike dropped and added",
            {"c17/a.yml": text(one("c17"))},
            {"c17/a.yml": None, "c17/c.yml": theirs("c17")},
            edit("c17/a.yml", mine("c17")),
            outcome="as it should be",
        ),
        Case(
            "both append to .gitignore",
            {"c18/.gitignore": b"*.pyc\n"},
            {"c18/.gitignore": text(f"*.pyc\n{T}\n")},
            edit("c18/.gitignore", f"*.pyc\n{U}\n"),
        ),
        Case(
            "both append to a TOML list",
            {"c19/pyproject.toml": b'[project]\ndependencies = [\n    "a",\n]\n'},
            {"c19/pyproject.toml": text(f'[project]\ndependencies = [\n    "a",\n    "{T}",\n]\n')},
            edit("c19/pyproject.toml", f'[project]\ndependencies = [\n    "a",\n    "{U}",\n]\n'),
        ),
        Case(
            "user makes it executable",
            {"c20/a.sh": text(one("c20"))},
            {"c20/a.sh": theirs("c20")},
            lambda r: (r / "c20/a.sh").chmod(0o755),
            expects=T + "x",
            outcome="as it should be",
        ),
        Case(
            "user rewrote, template changed",
            {"c21/a.txt": text(one("c21"))},
            {"c21/a.txt": theirs("c21")},
            edit("c21/a.txt", f"{U}\n"),
            outcome="conflict, both there",
        ),
    ]


def verdict(case: Case, top: Path, number: int) -> str:
    """What has become of the user's lines and of the template's."""
    folders = [top / f"c{number}", top / "elsewhere", top / "renamed4"][: 3 if number in (3, 4) else 1]
    found = [path for folder in folders if folder.exists() for path in folder.rglob("*")]
    files = {path: path.read_bytes() for path in found if path.is_file() and path.suffix != ".rej"}
    everything = b"".join(files.values()) + b"".join(
        os.fsencode(path.readlink()) for path in found if path.is_symlink()
    )
    has_user, has_template = text(U) in everything, text(T) in everything
    marked = any(b"<<<<<<<" in content for content in files.values())
    if U in case.expects and not has_user:
        return "USER'S LINES LOST"
    if number == 4 and (top / "c4").exists():
        return "the new file is in the old folder"
    if marked:
        return "conflict, both there" if has_template else "conflict"
    if "x" in case.expects and not any(path.stat().st_mode & 0o100 for path in files):
        return "mode lost"
    if not case.expects:
        return "as it should be" if not files else "file is back"
    if T in case.expects and not has_template:
        return "the new version's line is missing"
    if "CRLF" in case.name and everything.count(b"\n") != everything.count(b"\r\n"):
        return "mixed line ends"
    if case.name.startswith("look-alike"):
        same = [path for path, content in files.items() if text(U) in content and text(T) in content]
        return "user's lines moved into another file" if same else "as it should be"
    if case.name == "binary, both":
        return "user's bytes kept"
    return "merged" if U in case.expects and T in case.expects else "as it should be"
