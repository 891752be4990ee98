"""The laws: a pristine project of level N assesses as exactly N, and falls when a capability is taken away."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from mlops_ladder.assess.assess import Assessment, assess_tree
from mlops_ladder.assess.catalogue import of_level
from mlops_ladder.facts.source.disk import DiskSource
from mlops_ladder.new.create import create
from mlops_ladder.project.answers import question
from mlops_ladder.project.layers import available
from mlops_ladder.project.tree import File, Tree
from support.shapes import SHAPES, project

pytestmark = pytest.mark.slow

HOSTED = [(level, ci) for level in available() for ci in question("ci").texts]
SHAPED = [(shape, max(available()), "github") for shape in SHAPES if shape != "flights"]


@cache
def made(shape: str, level: int, ci: str) -> Tree:
    """A project as `ladder new` leaves it on disk, read back."""
    planned = project(shape, level, ci, "late-flights")
    target = Path(mkdtemp()) / "late-flights"
    create(type(planned)(target, planned.level, planned.answers, planned.tree, planned.source), commit=False)
    source = DiskSource(target)
    return {path: File(source.read(path, 50_000_000) or b"") for path in source.paths()}


def unmet(result: Assessment, level: int) -> list[str]:
    return [f"{f.capability.id}: {f.note}" for f in result.missing(level)]


@pytest.mark.parametrize(("shape", "level", "ci"), [("flights", *case) for case in HOSTED] + SHAPED)
def test_a_pristine_project_is_exactly_at_its_level(shape: str, level: int, ci: str) -> None:
    result = assess_tree(made(shape, level, ci))

    assert result.level == level
    assert result.tracks == {"mlops": level}
    assert [unmet(result, n) for n in range(1, level + 1)] == [[]] * level
    assert level == 5 or unmet(result, level + 1) != []


# What to take away for a capability to be gone: files by pattern, or words in files.
REMOVALS: dict[str, list[tuple[str, str, str]]] = {
    "training": [(r"src/.*/train\.py$", r"\.fit\(", ".look_at("), (r"src/.*/model\.py$", r"\.fit\(", ".look_at(")],
    "unit-tests": [(r"tests/test_.*\.py$", "", "")],
    "no-secrets": [(r"config\.toml$", r"\Z", '\nkey = "AKIA' + 'ZQ3DJ7GH4KLM5NPQ"\n')],
    "ignore-rules": [(r"^\.gitignore$", "", "")],
    "data-versioned": [(r"\.dvc$", "", ""), (r"dvc\.lock$", "", ""), (r"data/raw/.*\.(csv|parquet)$", "", "")],
    "tracked-runs": [(r"src/.*/tracking\.py$", r"log_\w+\(|autolog\(", "str(")],
    "ci-pull-request": [(r"workflows/ci\.yml$", "", ""), (r"\.gitlab/ci/check\.yml$", "", "")],
    "ci-tests": [(r"tests/test_.*\.py$", r"(?m)^def test_", "def look_at_")],
    "data-validated": [(r"src/.*/validate\.py$", r"raise DataError", "print")],
    "registered": [(r"src/.*/registry\.py$", r"mlflow\.register_model", "print")],
    "training-trigger": [(r"workflows/train\.yml$", "", ""), (r"\.gitlab/ci/train\.yml$", "", "")],
    "champion-gate": [(r"src/.*/gate\.py$", r"registry\.move\(", "print(")],
}  # fmt: skip


@pytest.mark.parametrize("capability", sorted(REMOVALS))
def test_without_a_capability_the_level_falls_and_the_finding_names_it(capability: str) -> None:
    home = next(c for level in available() for c in of_level(level) if c.id == capability)
    tree = dict(made("flights", max(available()), "github"))
    for pattern, old, new in REMOVALS[capability]:
        for path in [path for path in tree if re.search(pattern, path)]:
            if old:
                text = re.sub(old, new, tree[path].content.decode())
                tree[path] = File(text.encode())
            else:
                del tree[path]
    result = assess_tree(tree)

    assert capability in {f.capability.id for f in result.missing(home.level)}
    if home.required:
        assert result.level == home.level - 1


def test_every_required_capability_that_a_project_can_lose_is_taken_away() -> None:
    required = {c.id for level in available() for c in of_level(level) if c.required and c.track != "llmops"}
    # What cannot be taken away without taking all: a project that trains and registers also measures, saves, predicts
    # and is run by something.
    whole = {"metrics", "model-saved", "predictions", "seeded", "runbook", "one-command"}
    assert required - set(REMOVALS) == whole
