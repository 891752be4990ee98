"""The labelled set: levels agree, and precision and recall of the findings are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.labelled import Case
from assess.labelled.all import CASES
from mlops_ladder.assess.assess import Assessment, assess, assess_tree
from mlops_ladder.assess.catalogue import catalogue

REQUIRED = {capability.id: capability for capability in catalogue() if capability.required}


def labels(case: Case, result: Assessment) -> dict[str, tuple[bool, bool]]:
    """Capability -> (label, finding), for everything that the case labels and that applies."""
    pairs = {}
    for finding in result.findings:
        name = finding.capability.id
        if finding.status == "not applicable":
            continue
        labelled = name in REQUIRED or name in case.also | case.lacks
        if labelled:
            pairs[name] = (name in case.met | case.also, finding.status == "met")
    return pairs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_level_is_the_one_that_a_person_would_give(case: Case) -> None:
    result = assess_tree(case.tree())
    shown = [f"{f.capability.id}: {f.note}" for f in result.findings if f.capability.required and f.status == "missing"]

    assert result.level == case.level, "\n".join(shown)


def test_precision_and_recall_of_the_findings() -> None:
    right = wrong = absent = 0
    misses = []
    for case in CASES:
        for name, (label, finding) in labels(case, assess_tree(case.tree())).items():
            right += label and finding
            wrong += finding and not label
            absent += label and not finding
            if label != finding:
                misses.append(f"{case.name}: {name} is {'met' if label else 'missing'}, found the contrary")
    precision, recall = right / (right + wrong), right / (right + absent)
    print(f"precision {precision:.3f}, recall {recall:.3f} over {right + wrong + absent} findings")

    assert precision > 0.95, "\n".join(misses)
    assert recall > 0.95, "\n".join(misses)


def test_the_set_is_large_and_covers_all_levels() -> None:
    assert len(CASES) >= 25
    assert {case.level for case in CASES} == {0, 1, 2, 3, 4, 5}


def test_our_own_repository_trains_nothing_and_is_tested() -> None:
    result = assess(Path(__file__).parents[2])
    statuses = {finding.capability.id: finding.status for finding in result.findings}

    assert (result.level, result.tracks) == (0, {"mlops": 0})
    assert (statuses["training"], statuses["unit-tests"]) == ("missing", "met")
