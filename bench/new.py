"""Speed of `ladder --help` and `ladder new` beside cookiecutter and copier, in one run on one machine.

CPU time (user and system) of the whole process tree, start of Python included; medians of interleaved rounds. The
other two generate from a template with as many files of the same sizes and the same number of substitutions each.

    make bench
    uv run python bench/new.py --rounds 15
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from mlops_ladder.new.create import Request, plan
from mlops_ladder.project.layers import available

PEERS = {"cookiecutter": "cookiecutter==2.7.1", "copier": "copier==9.19.1"}
LEVEL = min(3, max(available()))
Run = Callable[[Path], Sequence[str | Path]]
"""An empty folder in, the command that generates into it out."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        runs, count = candidates(scratch)
        seconds = measure(runs, rounds, scratch)
    print(f"level {LEVEL}: {count} files; CPU seconds, median and quartiles of {rounds} rounds, load {load()}\n")
    print(f"{'':28}{'CPU s':>8}{'quartiles':>17}{'of cookiecutter':>17}{'of copier':>11}")
    for name, found in seconds.items():
        low, middle, high = quartiles(found)
        ratios = [middle / median(seconds[peer]) for peer in ("cookiecutter", "copier")]
        print(f"{name:28}{middle:8.3f}{f'{low:.3f} to {high:.3f}':>17}{ratios[0]:17.2f}{ratios[1]:11.2f}")


def candidates(scratch: Path) -> tuple[dict[str, Run], int]:
    """The commands to compare, and how many files each but the first two makes."""
    ladder = Path(sys.executable).parent / "ladder"
    files = rendered_files(scratch)
    bins = {name: installed(name, scratch) for name in PEERS}
    cookiecutter = peer_template(scratch / "cookiecutter-template", files, "{{cookiecutter.package}}", "")
    (cookiecutter / "cookiecutter.json").write_text('{"package": "flights"}')
    copier = peer_template(scratch / "copier-template", files, "{{package}}", ".jinja")
    (copier / "copier.yml").write_text("package:\n  type: str\n  default: flights\n")
    runs: dict[str, Run] = {
        "python -c pass": lambda _: [sys.executable, "-c", "pass"],
        "ladder --help": lambda _: [ladder, "--help"],
        "ladder new --no-git": lambda out: [
            *(ladder, "new", out / "flights", "--no-git", "--yes", "--level", str(LEVEL))
        ],
        # All but the writing.
        "ladder new --dry-run": lambda out: [
            *(ladder, "new", out / "flights", "--dry-run", "--yes", "--level", str(LEVEL))
        ],
        "cookiecutter": lambda out: [bins["cookiecutter"], "--no-input", "--output-dir", out, cookiecutter],
        "copier": lambda out: [bins["copier"], "copy", "--defaults", "--quiet", copier, out / "flights"],
    }
    return runs, len(files)


def rendered_files(scratch: Path) -> dict[str, bytes]:
    """What `ladder new` leaves, by path: the text to be templated and the data to be copied."""
    project = plan(Request(scratch / "flights", LEVEL))
    subprocess.run(
        [sys.executable, "-m", "mlops_ladder", "new", project.path, "--no-git", "--yes", "--level", str(LEVEL)],
        check=True,
        capture_output=True,
    )
    kept = [path for path in project.path.rglob("*") if path.is_file() and ".dvc/cache" not in path.as_posix()]
    files = {path.relative_to(project.path).as_posix(): path.read_bytes() for path in kept}
    shutil.rmtree(project.path)
    return files


def peer_template(root: Path, files: dict[str, bytes], variable: str, suffix: str) -> Path:
    """The same files as a template of another tool: the package's name is the variable, all else is literal."""
    base = root / variable if not suffix else root
    for path, content in files.items():
        text = not path.endswith(".parquet")
        target = base / (path.replace("flights", variable) + (suffix if text else ""))
        target.parent.mkdir(parents=True, exist_ok=True)
        if text:
            literal = re.sub(r"\{[{%#]|[#%}]\}", " ", content.decode())
            content = literal.replace("flights", variable.replace("{{", "{{ ").replace("}}", " }}")).encode()
        target.write_bytes(content)
    return root


def installed(name: str, scratch: Path) -> Path:
    """The program of another tool, in an environment of its own."""
    env = scratch / f"{name}-env"
    quiet = ["uv", "--quiet"]
    subprocess.run([*quiet, "venv", "--python", sys.executable, env], check=True)
    subprocess.run([*quiet, "pip", "install", "--python", env, "--compile-bytecode", PEERS[name]], check=True)
    return env / "bin" / name


def measure(runs: dict[str, Run], rounds: int, scratch: Path) -> dict[str, list[float]]:
    """CPU seconds of each command in each round, after one that is not counted; rounds are interleaved."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for number in range(rounds + 1):
        for name, command in runs.items():
            out = Path(tempfile.mkdtemp(dir=scratch))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command(out), check=True, capture_output=True, cwd=out, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if number:
                seconds[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            shutil.rmtree(out)
    return seconds


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile."""
    ordered = sorted(values)
    return ordered[len(ordered) // 4], median(ordered), ordered[(3 * len(ordered)) // 4]


def load() -> str:
    """The machine's load average of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
