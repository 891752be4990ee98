"""Two tests per check: met where the capability is there, missing where it only looks so."""

from __future__ import annotations

from importlib import import_module

import pytest

from checks.examples import Example, Files
from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.checks import Verdict, run
from support.facts import facts_of

BY_AREA: dict[str, dict[str, Example]] = {area: import_module(f"checks.examples.{area}").EXAMPLES for area in AREAS}
EXAMPLES = {capability: example for examples in BY_AREA.values() for capability, example in examples.items()}


def verdict(capability: str, files: Files) -> Verdict:
    return run(capability, facts_of(files))


@pytest.mark.parametrize("area", AREAS)
def test_every_capability_of_an_area_has_its_examples(area: str) -> None:
    assert set(BY_AREA[area]) == {c.id for c in catalogue() if c.area == area}, f"tests/checks/examples/{area}.py"


@pytest.mark.parametrize("capability", EXAMPLES)
def test_met_and_shown(capability: str) -> None:
    found = verdict(capability, EXAMPLES[capability].met)

    assert found.status == "met", found.note
    assert found.evidence or found.note


@pytest.mark.parametrize("capability", EXAMPLES)
def test_missing(capability: str) -> None:
    found = verdict(capability, EXAMPLES[capability].missing)

    assert found.status == "missing", found.evidence
