"""Lift a repository of 5,000 files with ladder and with `copier update`, the same change, in one run.

    python bench/up.py [--files 5000] [--runs 3]

Prints CPU seconds (user + system, of the whole process and its children), their ratio, and what each tool did with
the user's lines in every file case. copier is installed into a scratch environment; it is no dependency of ladder.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from mlops_ladder import __version__
from mlops_ladder.lift import requests
from mlops_ladder.lift.carry_out import carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import plan
from mlops_ladder.project import history
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.lock import LOCK, dump, lock_of
from mlops_ladder.project.render import render

COPIER = "copier==9.19.1"
ANSWERS = Answers("bench", "bench", Dataset("own", "x.csv", "csv", "y", "binary", 1, ()))
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
        ),
        Case(
            "user deleted, template changed",
            {"c6/a.txt": text(one("c6"))},
            {"c6/a.txt": theirs("c6")},
            lambda r: (r / "c6/a.txt").unlink(),
            expects="",
        ),
        Case("binary, template only", {"c7/a.bin": big}, {"c7/a.bin": big + text(T)}, lambda _: None, expects=T),
        Case(
            "binary, both", {"c8/a.bin": big}, {"c8/a.bin": big + text(T)}, edit("c8/a.bin", big + text(U)), expects=U
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
        ),
        Case("user's own link", {"c11/a.txt": text(one("c11"))}, {"c11/a.txt": theirs("c11")}, linked),
        Case(
            "template drops, untouched",
            {"c12/a.txt": text(one("c12"))},
            {"c12/a.txt": None},
            lambda _: None,
            expects="",
        ),
        Case(
            "template drops, user edited",
            {"c13/a.txt": text(one("c13"))},
            {"c13/a.txt": None},
            edit("c13/a.txt", mine("c13")),
            removes=("c13/a.txt",),
            expects=U,
        ),
        Case(
            "template renames, user edited",
            {"c14/a.txt": text(one("c14"))},
            {"c14/a.txt": None, "c14/b.txt": theirs("c14")},
            edit("c14/a.txt", mine("c14")),
            removes=("c14/a.txt",),
        ),
        Case("both add the same path", {}, {"c15/a.txt": text(T + "\n")}, edit("c15/a.txt", U + "\n")),
        Case("template adds, user adds another", {}, {"c16/a.txt": text(T + "\n")}, edit("c16/own.txt", U + "\n")),
        Case(
            "look-alike dropped and added",
            {"c17/a.yml": text(one("c17"))},
            {"c17/a.yml": None, "c17/c.yml": theirs("c17")},
            edit("c17/a.yml", mine("c17")),
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
        ),
        Case(
            "user rewrote, template changed",
            {"c21/a.txt": text(one("c21"))},
            {"c21/a.txt": theirs("c21")},
            edit("c21/a.txt", f"{U}\n"),
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


def write(root: Path, files: Files, executable: tuple[str, ...] = ()) -> None:
    """Write a render."""
    for path, content in files.items():
        if content is not None:
            edit(path, content)(root)
            (root / path).chmod(0o755 if path in executable else 0o644)


def git(folder: Path, *args: str) -> None:
    """Run git."""
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    """Commit everything."""
    git(folder, "add", "-A", "-f")
    git(folder, "-c", "commit.gpgsign=false", "commit", "-q", "-m", message)


def versions() -> tuple[Files, Files, tuple[str, ...]]:
    """Both renders: the cases and some eighty ordinary files of which a quarter changes."""
    old: Files = {f"pkg/m{n:02}.py": text(lines(seed=f"m{n}")) for n in range(80)}
    new: Files = {f"pkg/m{n:02}.py": text(lines((20, T), seed=f"m{n}")) for n in range(0, 80, 4)}
    executable: tuple[str, ...] = ()
    for case in cases():
        old |= case.old
        new |= case.new
        executable += case.executable
    return old, {**old, **new}, executable


def user(project: Path, count: int) -> None:
    """What the user does: each case's edit, and many files of their own."""
    for case in cases():
        case.user(project)
    for n in range(count):
        edit(f"own/{n % 50:02}/f{n:05}.txt", f"own {n}\n" * 20)(project)
    commit(project, "months of work")


def ladder_set_up(work: Path, count: int) -> list[str]:
    """A project for ladder; returns the command that lifts it."""
    old, new, executable = versions()
    removes = [path for case in cases() for path in case.removes]
    for name, files, modes in (("v1", old, ()), ("v2", new, executable)):
        write(work / name / "level1/files", files, modes)
        (work / name / "level1/level.toml").write_text(f'name = "a"\ntest = "b"\n[files]\nremoves = {removes}\n')
    shipped = work / "shipped"
    shipped.mkdir()
    history.freeze("0.0.0", {}, work / "v1", shipped)
    project = work / "project"
    project.mkdir()
    git(project, "init", "-q", "-b", "main")
    tree = render(ANSWERS, 1, work / "v1")
    write(project, {path: file.content for path, file in tree.items()})
    lock = dump(lock_of(tree, ANSWERS, 1)).replace(b'ladder = "' + __version__.encode(), b'ladder = "0.0.0')
    (project / LOCK).write_bytes(lock)
    commit(project, "start")
    user(project, count)
    return [sys.executable, __file__, "--lift", str(work)]


def lift(work: Path) -> None:
    """What `ladder update` does, with other templates."""
    repo = inspect(work / "project")
    found = plan(repo, requests.update(repo.lock, work / "v2", work / "shipped"), "ladder/update")
    carry_out(found)


def copier_set_up(work: Path, count: int, copier: str) -> list[str]:
    """A project for copier; returns the command that updates it."""
    old, new, executable = versions()
    template, project = work / "template", work / "project"
    template.mkdir()
    git(template, "init", "-q", "-b", "main")
    for tag, files, modes in (("v1.0.0", old, ()), ("v2.0.0", new, executable)):
        for path in template.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        write(
            template,
            {**files, "{{ _copier_conf.answers_file }}.jinja": b"{{ _copier_answers | to_nice_yaml }}\n"},
            modes,
        )
        (template / "copier.yml").write_text("_templates_suffix: .jinja\nname: bench\n")
        commit(template, tag)
        git(template, "tag", tag)
    command = [copier, "copy", "-q", "--defaults", "--vcs-ref", "v1.0.0", str(template), str(project)]
    subprocess.run(command, check=True, capture_output=True)
    git(project, "init", "-q", "-b", "main")
    commit(project, "start")
    user(project, count)
    return [copier, "update", "-q", "--defaults", "--vcs-ref", "v2.0.0", str(project)]


def measured(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command and all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - start


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=5000, help="files of the user's own")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--lift", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.lift:
        lift(options.lift)
        return
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        subprocess.run(["uv", "venv", "-q", scratch / "venv"], check=True)
        python = str(scratch / "venv/bin/python")
        subprocess.run(["uv", "pip", "install", "-q", "--python", python, COPIER], check=True)
        copier = str(scratch / "venv/bin/copier")
        seconds: dict[str, list[tuple[float, float]]] = {"ladder": [], COPIER: []}
        verdicts: dict[str, list[str]] = {}
        for run in range(options.runs):
            for tool in seconds:
                work = scratch / f"{tool}-{run}"
                work.mkdir()
                is_ladder = tool == "ladder"
                command = (
                    ladder_set_up(work, options.files) if is_ladder else copier_set_up(work, options.files, copier)
                )
                seconds[tool].append(measured(command))
                verdicts[tool] = [verdict(case, work / "project", n) for n, case in enumerate(cases(), 1)]
                shutil.rmtree(work)
    print(f"{'file case':<34} {'ladder':<38} {COPIER}")
    for number, case in enumerate(cases()):
        print(f"{case.name:<34} {verdicts['ladder'][number]:<38} {verdicts[COPIER][number]}")
    print(f"\n{options.files:,} files of the user's, {len(versions()[0])} of the template's, {options.runs} runs")
    for tool, runs in seconds.items():
        print(
            f"{tool:<16} CPU {median(cpu for cpu, _ in runs):6.2f} s   wall {median(wall for _, wall in runs):6.2f} s"
        )
    ratio = median(cpu for cpu, _ in seconds[COPIER]) / median(cpu for cpu, _ in seconds["ladder"])
    print(f"copier / ladder  CPU {ratio:6.1f} times")


if __name__ == "__main__":
    main()
