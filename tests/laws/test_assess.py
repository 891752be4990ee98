"""The laws: a pristine project of level N assesses as exactly N, and falls when a capability is taken away."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp

import pytest

from laws.removals import REMOVALS, Removal, gone
from mlops_ladder.assess.assess import assess_tree
from mlops_ladder.assess.catalogue import of_level
from mlops_ladder.assess.judge import Assessment
from mlops_ladder.facts.source.disk import DiskSource
from mlops_ladder.new.create import create
from mlops_ladder.project.tree import File, Tree
from support.cases import LEVELS, TOP, VARIANTS, kinds
from support.shapes import SHAPES, project

pytestmark = pytest.mark.slow

SHAPED = [(shape, TOP, VARIANTS[0]) for shape in SHAPES if shape != "flights"]


@cache
def made(shape: str, level: int, variant: str) -> Tree:
    """A project as `ladder new` leaves it on disk, read back."""
    planned = project(shape, level, variant, "late-flights")
    target = Path(mkdtemp()) / "late-flights"
    create(replace(planned, path=target), commit=False)
    source = DiskSource(target)
    return {path: File(source.read(path, 50_000_000) or b"") for path in source.paths()}


def unmet(result: Assessment, level: int) -> list[str]:
    return [f"{f.capability.id}: {f.note}" for f in result.missing(level)]


@pytest.mark.parametrize(("shape", "level", "variant"), [("flights", *case) for case in kinds()] + SHAPED)
def test_a_pristine_project_is_exactly_at_its_level(shape: str, level: int, variant: str) -> None:
    result = assess_tree(made(shape, level, variant))

    assert result.level == level
    assert result.tracks == {"mlops": level}
    assert [unmet(result, n) for n in range(1, level + 1)] == [[]] * level
    assert level == 5 or unmet(result, level + 1) != []


# Data of three shapes, and each variant with one of them.
CASES = list(zip(("flights", "regression-semicolon-time", "multiclass-parquet-time"), cycle(VARIANTS), strict=False))
CAPABILITIES = {c.id: c for level in LEVELS for c in of_level(level)}


@pytest.mark.parametrize(("shape", "variant"), CASES)
@pytest.mark.parametrize("capability", REMOVALS)
def test_without_a_capability_the_level_falls_and_the_findings_name_it(
    capability: str, shape: str, variant: str
) -> None:
    home, removal = CAPABILITIES[capability], REMOVALS[capability]
    for level in sorted({home.level, TOP}):
        result = assess_tree(removal.apply(made(shape, level, variant)))
        missing = {f.capability for f in result.findings if f.status == "missing" and f.capability.level <= home.level}

        assert capability in {c.id for c in missing}
        if home.required:
            assert {c.id for c in missing if c.required} == {capability} | removal.takes
            assert result.level == home.level - 1


def test_every_required_capability_of_a_generated_level_is_taken_away() -> None:
    required = {c.id for c in CAPABILITIES.values() if c.required and c.counts_for("mlops")}
    assert required <= set(REMOVALS)


def test_what_falls_together_is_said_to() -> None:
    for removal in REMOVALS.values():
        assert bool(removal.takes) == bool(removal.why)
        assert removal.takes <= set(CAPABILITIES)


def test_a_removal_that_takes_nothing_away_is_found() -> None:
    with pytest.raises(AssertionError, match="nothing was taken away"):
        Removal(gone("no/such/file")).apply({"a.py": File(b"")})


def test_every_variant_is_among_the_cases() -> None:
    assert {variant for _, variant in CASES} == set(VARIANTS)
