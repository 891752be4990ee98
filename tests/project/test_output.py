"""What a project looks like before anyone has touched it: every level, CI host and shape of data."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import astuple
from pathlib import Path

import pytest
import yaml

from mlops_ladder.new.create import Project
from mlops_ladder.project import disk
from support.cases import NAMES, Case, every, kinds, pairs
from support.shapes import beside, project

each = pytest.mark.parametrize("case", every(), ids=str)
flights = [Case("flights", level, variant, NAMES[0]) for level, variant in kinds()]
of_flights = pytest.mark.parametrize("case", flights, ids=str)


def text_of(made: Project, *suffixes: str) -> dict[str, str]:
    return {path: file.content.decode() for path, file in made.tree.items() if path.endswith(suffixes)}


def test_ruff_finds_nothing(tmp_path: Path) -> None:
    """All in one folder, since a start of ruff takes longer than a project."""
    for case in {*pairs(), *flights}:
        disk.write(project(*astuple(case)).tree, tmp_path / str(case))
    ruff = shutil.which("ruff", path=Path(sys.executable).parent)
    assert ruff
    of_pep8 = ["--config", "line-length = 88"]  # what many teams have
    for verb in (
        ["check", "--extend-select", "E501"],
        ["format", "--check", "--diff"],
        ["format", *of_pep8],
        ["check", *of_pep8],
    ):
        done = subprocess.run([ruff, *verb, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@each
def test_every_file_parses(case: Case) -> None:
    made = project(*astuple(case))
    tomls, yamls = text_of(made, ".toml"), text_of(made, ".yaml", ".yml")
    for text in tomls.values():
        tomllib.loads(text)
    for text in yamls.values():
        assert all(yaml.safe_load_all(text)), "an empty document"
    for path, text in text_of(made, ".py").items():
        compile(text, path, "exec")
    assert "config.toml" in tomls
    assert bool(yamls) == (case.level > 1)


@of_flights
def test_only_serve_takes_from_what_answers(case: Case) -> None:
    found = {
        path.rpartition("/")[2]
        for path, text in text_of(project(*astuple(case)), ".py").items()
        if re.search(r"^(from|import) \S+\.serving\b", text, re.MULTILINE)
        and "/serving/" not in path
        and path.startswith("src/")
    }
    assert found == ({"serve.py"} if case.level >= 4 else set())


@each
def test_text_is_clean(case: Case) -> None:
    made = project(*astuple(case))
    for path, text in text_of(made, "").items():
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not text.startswith("\n"), path
        assert [n for n, line in enumerate(text.split("\n"), 1) if line != line.rstrip(" \t")] == [], path
    for path, text in text_of(made, ".md", ".toml", ".yaml", ".yml", "Makefile", ".gitignore").items():
        assert "\n\n\n" not in text, path


@each
def test_markdown_tables_hold_together(case: Case) -> None:
    """A name with `|`, a line break or markup in it must not change the number of cells of a row."""
    tables = 0
    for path, text in text_of(project(*astuple(case)), ".md").items():
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


@each
def test_what_the_data_says_arrives_unchanged(case: Case) -> None:
    """Braces, quotes and formulas in names are data: in the configuration letter by letter, never evaluated."""
    made = project(*astuple(case))
    data = made.answers.data
    config = tomllib.loads(made.tree["config.toml"].content.decode())
    assert config["data"]["target"] == data.target
    assert config["data"]["path"] == beside(made, "data")
    for kind in ("number", "category", "text", "date"):
        assert config["features"][kind] == [column.name for column in data.of_kind(kind)]
    assert config["data"].get("positive", "") == data.positive
    assert "49" not in made.tree["README.md"].content.decode().replace(beside(made, "data"), "")


@each
def test_links_lead_somewhere(case: Case) -> None:
    made = project(*astuple(case))
    for path, text in text_of(made, ".md").items():
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not link.startswith("http"):
                assert (Path(path).parent / link).as_posix() in made.tree, f"{path} -> {link}"


@of_flights
def test_every_module_is_used(case: Case) -> None:
    """A module of `src` is a verb of the Makefile or the pipeline, or imported or handed on by another."""
    made = project(*astuple(case))
    package = made.answers.package
    everything = "\n".join(text_of(made, "").values())
    for path in made.tree:
        if path.startswith(f"src/{package}/") and not path.endswith("__init__.py"):
            room, stem = ".".join(Path(path).parts[1:-1]), Path(path).stem
            used = [
                rf"-m {room}\.{stem}\b",
                rf"from {room} import [^\n]*\b{stem}\b",
                rf"from {room} import \([^)]*\b{stem}\b",
                rf"from {room}\.{stem} import",
                rf'HERE / "{stem}\.py"',
            ]
            assert any(re.search(pattern, everything) for pattern in used), path


@of_flights
def test_only_the_lock_and_one_line_speak_of_the_generator(case: Case) -> None:
    made = project(*astuple(case))
    lines = [
        (path, line)
        for path, text in text_of(made, "").items()
        for line in text.splitlines()
        if "ladder" in re.sub(r"\.ladder\\*\.toml", "", line).lower() and path != ".ladder.toml"
    ]
    assert [path for path, _ in lines] == ["README.md"]


@of_flights
def test_nothing_is_left_to_fill_in(case: Case) -> None:
    made = project(*astuple(case))
    for path, text in text_of(made, "").items():
        assert not re.search(r"\b(TODO|FIXME|XXX|TBD)\b", text), path
        assert "{%" not in text, path
    assert not [path for path in made.tree if path.endswith(".gitkeep")]


@of_flights
def test_dependencies_have_two_bounds(case: Case) -> None:
    found = tomllib.loads(project(*astuple(case)).tree["pyproject.toml"].content.decode())
    groups = [found["project"]["dependencies"], found["build-system"]["requires"], *found["dependency-groups"].values()]
    wanted = [requirement for group in groups for requirement in group]
    assert len(wanted) > 8
    assert [one for one in wanted if not re.search(r">=[\d.]+,<[\d.]+$", one)] == []


@of_flights
def test_generated_tests_turn_knobs_by_name(case: Case) -> None:
    """A test that looks for `max_iter = 400` to replace it fails as soon as its owner has chosen another value."""
    tests = {path: text for path, text in text_of(project(*astuple(case)), ".py").items() if path.startswith("tests/")}
    assert len(tests) > 4
    # To escape one character is no search for a value.
    found = re.compile(r"""\.replace\((?!"\\x..")|\bre\.sub""")
    assert [path for path, text in tests.items() if found.search(text)] == []


@each
def test_the_search_for_secrets_leaves_out_one_line_of_all_text(case: Case) -> None:
    """What `.ladder.toml` says of the data came from its cells, as in any other file; its hash looks like a key."""
    made = project(*astuple(case))
    makefile = made.tree["Makefile"].content.decode().replace("$$", "$")
    if "detect_secrets" not in makefile:
        assert case.level == 1
        return
    assert "detect_secrets" not in made.tree[".pre-commit-config.yaml"].content.decode(), "it would be said twice"
    (files,) = re.findall(r"--exclude-files '(.*?)'", makefile)
    lines = re.findall(r"--exclude-lines '(.*?)'", makefile)
    assert [path for path in made.files if re.search(files, path) and not path.startswith("data/")] == []
    texts = [file.content.decode() for file in made.tree.values()]
    left_out = {line for text in texts for line in text.splitlines() if any(re.search(one, line) for one in lines)}
    assert len(left_out) == 1
    assert left_out.pop().startswith("base_tree = ")
    picture = '      "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",'
    assert any(re.search(one, picture) for one in lines), "a plot in a notebook is no key"
