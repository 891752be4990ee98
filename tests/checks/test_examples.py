"""Two tests per check: met where the capability is there, missing where it only looks so."""

from __future__ import annotations

from importlib import import_module

import pytest

from checks.examples import ROWS, Example, Files, pushed
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


@pytest.mark.parametrize(
    ("rest", "status"), [("", "met"), (" 2>/dev/null", "met"), ("", "missing"), (" 2>/dev/null", "missing")]
)
def test_what_is_thrown_away_is_no_environment(rest: str, status: str) -> None:
    where = "k8s/dev" if status == "met" else "k8s/live"
    files = ROWS | {".github/workflows/d.yml": pushed(f"kubectl apply -f {where}{rest}")}
    assert verdict("staging-deploy", files).status == status


@pytest.mark.parametrize("folder", ["k8s", "deploy/kubernetes", "kustomize"])
def test_environments_lie_beside_their_base(folder: str) -> None:
    files = ROWS | {f"{folder}/{name}/kustomization.yaml": "a: 1\n" for name in ("base", "staging", "production")}
    assert verdict("environments-by-config", files).status == "met"
