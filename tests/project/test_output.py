"""What a project looks like before anyone has touched it: every level, CI host and shape of data."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from itertools import product
from pathlib import Path

import pytest
import yaml

from mlops_ladder.new.create import Project
from mlops_ladder.project import disk
from mlops_ladder.project.answers import question
from mlops_ladder.project.layers import available
from support.shapes import SHAPES, beside, project

HOSTED = [(level, ci) for level, ci in product(available(), question("ci").texts) if level > 1 or ci == "github"]
CASES = [("flights", level, ci, "late-flights") for level, ci in HOSTED]
CASES += [(shape, level, "github", "churn") for shape, level in product(SHAPES, available()) if shape != "flights"]
# The shortest and the longest name: import lines, keys and paths grow with it.
CASES += [(shape, max(available()), "gitlab", name) for shape in ("flights", "odd-names") for name in ("z", "q" * 30)]

every_case = pytest.mark.parametrize(("shape", "level", "ci", "name"), CASES, ids=lambda value: str(value)[:30])


def text_of(made: Project, *suffixes: str) -> dict[str, str]:
    return {path: file.content.decode() for path, file in made.tree.items() if path.endswith(suffixes)}


@every_case
def test_ruff_finds_nothing(tmp_path: Path, shape: str, level: int, ci: str, name: str) -> None:
    made = project(shape, level, ci, name)
    disk.write(made.tree, tmp_path)
    ruff = shutil.which("ruff", path=Path(sys.executable).parent)
    assert ruff
    for verb in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run([ruff, *verb, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@every_case
def test_every_file_parses(shape: str, level: int, ci: str, name: str) -> None:
    made = project(shape, level, ci, name)
    tomls, yamls = text_of(made, ".toml"), text_of(made, ".yaml", ".yml")
    for text in tomls.values():
        tomllib.loads(text)
    for text in yamls.values():
        assert yaml.safe_load(text)
    for path, text in text_of(made, ".py").items():
        compile(text, path, "exec")
    assert "config.toml" in tomls
    assert bool(yamls) == (level > 1)


@every_case
def test_text_is_clean(shape: str, level: int, ci: str, name: str) -> None:
    made = project(shape, level, ci, name)
    for path, text in text_of(made, "").items():
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not text.startswith("\n"), path
        assert [n for n, line in enumerate(text.split("\n"), 1) if line != line.rstrip(" \t")] == [], path
    for path, text in text_of(made, ".md", ".toml", ".yaml", ".yml", "Makefile", ".gitignore").items():
        assert "\n\n\n" not in text, path


@every_case
def test_markdown_tables_hold_together(shape: str, level: int, ci: str, name: str) -> None:
    """A name with `|`, a line break or markup in it must not change the number of cells of a row."""
    tables = 0
    for path, text in text_of(project(shape, level, ci, name), ".md").items():
        width = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
            assert width in (0, cells), f"{path}: {line}"
            tables += width == 0
            width = cells
    assert tables >= 3


@every_case
def test_what_the_data_says_arrives_unchanged(shape: str, level: int, ci: str, name: str) -> None:
    """Braces, quotes and formulas in names are data: in the configuration letter by letter, never evaluated."""
    made = project(shape, level, ci, name)
    data = made.answers.data
    config = tomllib.loads(made.tree["config.toml"].content.decode())
    assert config["data"]["target"] == data.target
    assert config["data"]["path"] == beside(made, "data")
    for kind in ("number", "category", "text", "date"):
        assert config["features"][kind] == [column.name for column in data.of_kind(kind)]
    assert config["data"].get("positive", "") == data.positive
    assert "49" not in made.tree["README.md"].content.decode().replace(beside(made, "data"), "")


@every_case
def test_links_lead_somewhere(shape: str, level: int, ci: str, name: str) -> None:
    made = project(shape, level, ci, name)
    for path, text in text_of(made, ".md").items():
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not link.startswith("http"):
                assert (Path(path).parent / link).as_posix() in made.tree, f"{path} -> {link}"


@pytest.mark.parametrize(("level", "ci"), HOSTED)
def test_every_module_is_used(level: int, ci: str) -> None:
    """A module of `src` is a verb of the Makefile or the pipeline, or imported by another."""
    made = project("flights", level, ci)
    package = made.answers.package
    everything = "\n".join(text_of(made, "").values())
    for path in made.tree:
        if path.startswith(f"src/{package}/") and not path.endswith("__init__.py"):
            stem = Path(path).stem
            used = [
                rf"-m {package}\.{stem}\b",
                rf"from {package} import [^\n]*\b{stem}\b",
                rf"from {package} import \([^)]*\b{stem}\b",
                rf"from {package}\.{stem} import",
            ]
            assert any(re.search(pattern, everything) for pattern in used), path


@pytest.mark.parametrize(("level", "ci"), HOSTED)
def test_only_the_lock_and_one_line_speak_of_the_generator(level: int, ci: str) -> None:
    made = project("flights", level, ci)
    lines = [
        (path, line)
        for path, text in text_of(made, "").items()
        for line in text.splitlines()
        if "ladder" in re.sub(r"\.ladder\\*\.toml", "", line).lower() and path != ".ladder.toml"
    ]
    assert [path for path, _ in lines] == ["README.md"]


@pytest.mark.parametrize(("level", "ci"), HOSTED)
def test_nothing_is_left_to_fill_in(level: int, ci: str) -> None:
    made = project("flights", level, ci)
    for path, text in text_of(made, "").items():
        assert not re.search(r"\b(TODO|FIXME|XXX|TBD)\b", text), path
        assert "{%" not in text, path
    assert not [path for path in made.tree if path.endswith(".gitkeep")]


@pytest.mark.parametrize(("level", "ci"), HOSTED)
def test_dependencies_have_two_bounds(level: int, ci: str) -> None:
    found = tomllib.loads(project("flights", level, ci).tree["pyproject.toml"].content.decode())
    groups = [found["project"]["dependencies"], found["build-system"]["requires"], *found["dependency-groups"].values()]
    wanted = [requirement for group in groups for requirement in group]
    assert len(wanted) > 8
    assert [one for one in wanted if not re.search(r">=[\d.]+,<[\d.]+$", one)] == []
