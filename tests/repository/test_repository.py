"""What the repository says of itself, held against what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from mlops_ladder import __version__
from mlops_ladder.cli import COMMANDS
from mlops_ladder.project.layers import LEVELS, available, read_level

ROOT = Path(__file__).parents[2]


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    if not paths:
        pytest.skip("not a git checkout")
    return [path for path in paths if path.is_file()]


def test_the_makefile_is_short_and_explains_its_verbs() -> None:
    lines = text("Makefile").splitlines()
    (phony,) = (line for line in lines if line.startswith(".PHONY:"))
    explained = {line.split(":")[0] for line in lines if re.match(r"[a-z-]+:.*## ", line)}

    assert len(lines) <= 40
    assert explained == set(phony.removeprefix(".PHONY:").split())


def test_ci_calls_one_verb() -> None:
    calls = [line for line in text(".ci/run").splitlines() if "make" in line]

    assert calls == ["exec make test"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o100


@pytest.mark.parametrize("number", LEVELS)
def test_the_readme_tells_each_level_and_whether_it_is_there(number: int) -> None:
    level = read_level(number)
    (row,) = (line for line in text("README.md").splitlines() if line.startswith(f"| {number} "))
    _, name, _, _, there, _ = (cell.strip() for cell in row.split("|"))

    assert name == f"{number} {level.name}"
    assert there == ("yes" if number in available() else "not yet")


def test_the_readme_tells_each_command() -> None:
    told = set(re.findall(r"^\| `ladder ([a-z]+)", text("README.md"), re.MULTILINE))

    assert told == set(COMMANDS)


def test_the_readme_is_one_page() -> None:
    assert len(text("README.md").splitlines()) <= 110


def test_links_between_documents_lead_somewhere() -> None:
    documents = [path for path in committed() if path.suffix == ".md"]
    assert len(documents) > 10
    for path in documents:
        for link in re.findall(r"\]\(([^)#\s]+)\)", path.read_text("utf-8")):
            if not re.match(r"https?:", link):
                assert (path.parent / link).exists(), f"{path.relative_to(ROOT)} -> {link}"


def test_decisions_are_numbered_once_and_short() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]

    assert len(numbers) == len(set(numbers)) >= 7
    for path in decisions:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert len(path.read_text("utf-8").splitlines()) <= 45, f"{path.name} is longer than half a page"


def test_the_changelog_speaks_of_this_version_and_of_templates() -> None:
    changelog = text("CHANGELOG.md")

    assert "## Unreleased" in changelog or f"## {__version__}" in changelog
    assert "### Template changes" in changelog


def test_nothing_of_a_machine_is_committed() -> None:
    """No path of a home or a work tree, no lock file with the address of a package index."""
    paths = committed()
    assert ROOT / "uv.lock" not in paths
    private = re.compile(rb"(?<![\w.])/(root|home/[a-z]+|Users/[a-z]+|work)/[\w.]")
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in paths
        if path.suffix not in {".parquet", ".xz", ".png"} and (match := private.search(path.read_bytes()))
    ]
    assert found == []
