"""What a team does to a project in its first month: ordinary edits, drawn by how common they are.

Each is a function of the files and a source of chance; it does what a person would at that place, and nothing where the
file or the place is gone. Lines that it adds carry a mark, so that none can be mistaken for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

Texts = dict[str, str]
"""Path -> text."""
IMPORT = r"^(?:import .*|from \S+ import (?:\([^)]*\)|[^(\n]*))\n"
"""A whole import, also one of several lines."""


@dataclass
class Desk:
    """A team at its project."""

    files: Texts
    chance: Random
    marks: int = field(default=0)

    @property
    def package(self) -> str:
        """The name of the package."""
        return next(path.split("/")[1] for path in self.files if path.startswith("src/"))

    def mark(self) -> str:
        """A word that stands nowhere else."""
        self.marks += 1
        return f"mark{self.chance.randrange(10**9)}x{self.marks}"

    def add_last(self, path: str, text: str) -> None:
        """Append to a file, on a new line; now and then without a last line end, as some editors leave it."""
        if path in self.files:
            before = self.files[path]
            text = text.rstrip("\n") if self.chance.random() < 0.05 else text
            self.files[path] = before + ("" if not before or before.endswith("\n") else "\n") + text

    def replace(self, path: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
        """Replace one match, any of them, of a pattern in a file."""
        text = self.files.get(path, "")
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if found:
            match = self.chance.choice(found)
            told = new if isinstance(new, str) else new(match)
            self.files[path] = text[: match.start()] + match.expand(told) + text[match.end() :]

    def write(self, path: str, text: str) -> None:
        """A new file."""
        self.files.setdefault(path, text)

    def any_of(self, pattern: str) -> str:
        """One of the files whose path matches."""
        return self.chance.choice(sorted(path for path in self.files if re.search(pattern, path)) or [""])


def section_last(desk: Desk) -> None:
    desk.add_last("README.md", f"\n## {desk.mark()}\n\nWe meet on Mondays, {desk.mark()}.\n")


def section_before_another(desk: Desk) -> None:
    place = desk.chance.choice([r"^## Where things are", r"^## What a run leaves", r"^Made with"])
    desk.replace("README.md", place, f"## {desk.mark()}\n\nAsk Ann, {desk.mark()}.\n\n\\g<0>")


def title_and_badge(desk: Desk) -> None:
    if desk.chance.random() < 0.5:
        desk.replace("README.md", r"\A# .*", f"# Late birds {desk.mark()}")
    else:
        desk.replace("README.md", r"\A(# .*\n)", f"\\1\n![{desk.mark()}](https://img.shields.io/x)\n")


def introduction(desk: Desk) -> None:
    desk.replace(
        "README.md", r"\A(# .*\n\n(?:!.*\n\n)?)(?:[^\n#]+\n)+", f"\\1We predict late flights, {desk.mark()}.\n"
    )


def no_footer(desk: Desk) -> None:
    desk.replace("README.md", r"\n\nMade with .*", "")


def verb_told(desk: Desk) -> None:
    place = desk.chance.choice([r"^(make check .*\n)", r"^(make test .*\n)", r"^(make run .*\n)"])
    if desk.chance.random() < 0.7:
        desk.replace("README.md", place, f"\\1make nb      # notebooks, {desk.mark()}\n")
    else:
        desk.replace("README.md", r"^(make (?:setup|run|test|check)\s+# .*)", f"\\1 ({desk.mark()})")


def row_of_records(desk: Desk) -> None:
    place = desk.chance.choice([r"^(\| `models/model.skops` .*\n)", r"^(\| `reports/predictions.csv` .*\n)"])
    desk.replace("README.md", place, f"\\1| `reports/{desk.mark()}.html` | for the board |\n")


def words_of_the_readme(desk: Desk) -> None:
    desk.replace("README.md", r"^([^|#\n`!-][^\n]*[a-z]) ([a-z]+)\b(?=[^\n]*$)", f"\\1 {desk.mark()} \\2")


def target_last(desk: Desk) -> None:
    help_ = " ## open the notebooks" if desk.chance.random() < 0.5 else ""
    desk.add_last("Makefile", f"\n{desk.mark()}:{help_}\n\tuv run jupyter lab\n")


def target_between(desk: Desk) -> None:
    place = desk.chance.choice(["train", "test", "check", "format"])
    desk.replace("Makefile", rf"^{place}:", f"{desk.mark()}: ## ours\n\tuv run python ours.py\n\n\\g<0>")


def recipe_longer(desk: Desk) -> None:
    verb = desk.chance.choice(["format", "check", "check", "test", "setup", "run"])
    desk.replace("Makefile", rf"^({verb}:.*\n(?:\t.*\n)+)", f"\\1\techo {desk.mark()}\n")


def command_changed(desk: Desk) -> None:
    place = desk.chance.choice([r"^(\tuv run .*pytest) --quiet", r"^(\tuv run .*mypy)", r"^(\tuv run .*ruff check)$"])
    desk.replace("Makefile", place, f"\\1 --{desk.mark()}")


def ignored_last(desk: Desk) -> None:
    lines = desk.chance.sample([".idea/", ".vscode/", ".DS_Store", "*.log", "mlruns/", ".env", "/scratch/"], 2)
    desk.add_last(".gitignore", f"{lines[0]}\n{lines[1]}\n/{desk.mark()}/\n")


def ignored_among(desk: Desk) -> None:
    desk.replace(".gitignore", r"^(\.ruff_cache/|\.venv/|/models/)\n", f"\\g<0>/{desk.mark()}/\n")


def knob(desk: Desk) -> None:
    desk.replace("config.toml", r"^(\w+ = )[\d.]+", lambda m: f"{m[1]}{desk.chance.randrange(1, 99)}")


def feature(desk: Desk) -> None:
    if desk.chance.random() < 0.5:
        desk.replace("config.toml", r'^    ".*",\n', "")
    else:
        desk.replace("config.toml", r'^(    ".*",\n)', f'\\1    "{desk.mark()}",\n')


def dependency(desk: Desk) -> None:
    """As `uv add` does it: in its place by the alphabet, or last."""
    name = desk.chance.choice(["lightgbm>=4", "boto3>=1.40", "xgboost>=3", "shap>=0.49", "tqdm>=4.67", "polars>=1"])
    place = desk.chance.choice([r'^(    "matplotlib.*\n)', r'^(    "skops.*\n)', r'^(    "pandas.*\n)'])
    if name.split(">")[0] not in desk.files.get("pyproject.toml", ""):
        desk.replace("pyproject.toml", place, f'\\1    "{name}",\n')


def development(desk: Desk) -> None:
    name = desk.chance.choice(["ipykernel>=7", "jupyterlab>=4.5", "pytest-cov>=7", "ipywidgets>=8"])
    place = desk.chance.choice([r'^(    "mypy.*\n)', r'^(    "ruff.*\n)'])
    if name.split(">")[0] not in desk.files.get("pyproject.toml", ""):
        desk.replace("pyproject.toml", place, f'\\1    "{name}",\n')


def tools(desk: Desk) -> None:
    what = desk.chance.randrange(5)
    if what == 0:
        desk.replace("pyproject.toml", r"^line-length = \d+", f"line-length = {desk.chance.choice([88, 120])}")
    elif what == 1:
        desk.replace("pyproject.toml", r"^(select = \[.*)\]", f'\\1, "{desk.mark()}"]')
    elif what == 2:
        desk.replace(
            "pyproject.toml", r'^version = ".*"', f'version = "{desk.chance.randrange(9)}.{desk.chance.randrange(99)}"'
        )
    elif what == 3:
        desk.replace("pyproject.toml", r'^(    "pandas>=)[\d.]+(,<.*",)', "\\g<1>3.0.1\\2")
    else:
        desk.add_last("pyproject.toml", f"\n[tool.{desk.mark()}]\nx = 1\n")


def code(desk: Desk) -> None:
    path = desk.any_of(r"^src/.*\.py$")
    if desk.chance.random() < 0.5:
        desk.add_last(path, f"\n\ndef {desk.mark()}() -> int:\n    return 1\n")
    else:
        desk.replace(path, IMPORT, f"\\g<0>import {desk.mark()}\n")


def new_file(desk: Desk) -> None:
    name = desk.mark()
    path = desk.chance.choice(
        [f"src/{desk.package}/{name}.py", f"tests/test_{name}.py", f"notebooks/{name}.ipynb", f"docs/{name}.md"]
    )
    desk.write(path, f"{name}\n")


def a_test(desk: Desk) -> None:
    desk.add_last(desk.any_of(r"^tests/.*\.py$"), f"\n\ndef test_{desk.mark()}() -> None:\n    assert 1\n")


def data_card(desk: Desk) -> None:
    what = desk.chance.randrange(3)
    if what == 0:
        desk.replace(
            "docs/data.md", r"^(\| (?:Origin|Licence|Personal data) \|).*", f"\\1 the harbour office, {desk.mark()} |"
        )
    elif what == 1:
        desk.replace("docs/data.md", r"^(\| (?:Rows|Target|File) .*\n)", f"\\1| Owner | Ann {desk.mark()} |\n")
    else:
        desk.add_last("docs/data.md", f"\n## {desk.mark()}\n\nSundays are missing.\n")


def model_card(desk: Desk) -> None:
    what = desk.chance.randrange(3)
    if what == 0:
        desk.replace("docs/model.md", r"^\| Owner .*", f"| Owner | Ann {desk.mark()} |")
    elif what == 1:
        desk.replace(
            "docs/model.md", r"(## Intended use\n\n)(?:[^\n#]+\n)+", f"\\1For the desk at the gate, {desk.mark()}.\n"
        )
    else:
        desk.replace(
            "docs/model.md", r"(## When to retrain\n\n(?:[^\n#]+\n)+)", f"\\1\nAsk Ann before, {desk.mark()}.\n"
        )


def stage(desk: Desk) -> None:
    what, name = desk.chance.randrange(4), desk.mark()
    text = f"  {name}:\n    cmd: python {name}.py\n    deps:\n      - {name}.py\n"
    if what == 0:
        desk.add_last("dvc.yaml", f"\n{text}")
    elif what == 1:
        desk.replace("dvc.yaml", r"^stages:\n", f"\\g<0>{text}\n")
    elif what == 2:
        desk.replace("dvc.yaml", r"^(      - src/\w+/(?:train|model|artifact)\.py\n)", f"\\1      - src/{name}.py\n")
    else:
        desk.replace("dvc.yaml", r"^(  predict:\n)", f"{text}\n\\1")


def continuous_integration(desk: Desk) -> None:
    path = desk.any_of(r"^(\.github/workflows/.*|\.gitlab-ci)\.yml$")
    if desk.chance.random() < 0.5:
        desk.add_last(path, f"\n      - name: Ours\n        run: echo {desk.mark()}\n")
    else:
        desk.replace(path, r"timeout-minutes: \d+", f"timeout-minutes: {desk.chance.randrange(5, 60)}")


def tables_aligned(desk: Desk) -> None:
    """As a formatter does it when a file is saved."""

    def aligned(row: re.Match[str]) -> str:
        cells = [cell.strip() for cell in row[0].strip("| \n").split(" | ")]
        return "| " + " | ".join("-" * 28 if set(cell) == {"-"} else f"{cell:<28}" for cell in cells) + " |"

    path = desk.chance.choice(["README.md", "docs/data.md"])
    desk.files[path] = re.sub(r"^\| .*\|$", aligned, desk.files[path], flags=re.MULTILINE)


def run_rewritten(desk: Desk) -> None:
    desk.replace("Makefile", r"^(run:.*\n)(?:\t.*\n)+", f"\\1\tuv run python {desk.mark()}.py\n")


def ahead_of_the_next_level(desk: Desk) -> None:
    path = desk.chance.choice([".github/workflows/ci.yml", ".pre-commit-config.yaml", "dvc.yaml", "schema.toml"])
    desk.write(path, f"# {desk.mark()}\n")


# By how often each is done in ten months or so of a team; the ends of shared files are the most common places.
KINDS: dict[Callable[[Desk], None], float] = {
    section_last: 10,
    section_before_another: 4,
    title_and_badge: 7,
    introduction: 4,
    no_footer: 2,
    verb_told: 5,
    row_of_records: 3,
    words_of_the_readme: 5,
    target_last: 9,
    target_between: 3,
    recipe_longer: 5,
    command_changed: 3,
    ignored_last: 9,
    ignored_among: 2,
    knob: 12,
    feature: 5,
    dependency: 9,
    development: 5,
    tools: 6,
    code: 12,
    new_file: 9,
    a_test: 4,
    data_card: 6,
    model_card: 4,
    stage: 5,
    continuous_integration: 3,
    tables_aligned: 1,
    run_rewritten: 0.5,
    ahead_of_the_next_level: 0.5,
}


def month(files: Texts, chance: Random) -> Texts:
    """The files after three to nine ordinary edits."""
    desk = Desk(dict(files), chance)
    for edit in chance.choices(list(KINDS), list(KINDS.values()), k=chance.randint(3, 9)):
        edit(desk)
    return desk.files
