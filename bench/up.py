"""Lift a repository of 5,000 files with ladder and with `copier update`, the same change, in one run.

    python bench/up.py [--files 5000] [--runs 3]

Prints CPU seconds (user + system, of the whole process and its children), their ratio, and what each tool did with
the user's lines in every file case. copier is installed into a scratch environment; it is no dependency of ladder.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

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
from support.file_cases import Files, T, cases, edit, lines, text, verdict

COPIER = "copier==9.19.1"
ANSWERS = Answers("bench", "bench", Dataset("own", "x.csv", "csv", "y", "binary", 1, ()))


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
        (work / name / "level1/level.toml").write_text(f'number = 1\nname = "a"\ntest = "b"\nremoves = {removes}\n')
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
