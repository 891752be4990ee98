"""The labelled set: the level and every labelled finding agree. And the held-out set: what is wrong is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.held_out import HeldOut
from assess.held_out.cases import CASES as HELD_OUT
from assess.labelled import Case
from assess.labelled.all import CASES
from mlops_ladder.assess.assess import assess, assess_tree
from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.judge import Assessment

REQUIRED = {capability.id for capability in catalogue() if capability.required}


def name(case: Case | HeldOut) -> str:
    return case.name if isinstance(case, Case) else case.case.name


def disagreements(case: Case, result: Assessment) -> dict[str, str]:
    """Capability -> what was found instead, for everything that the case labels and that applies."""
    labelled = REQUIRED | case.also | case.lacks
    wrong = {}
    for finding in result.findings:
        capability = finding.capability.id
        if capability in labelled and finding.status != "not applicable":
            label = "met" if capability in case.met | case.also else "missing"
            if finding.status != label:
                wrong[capability] = f"{finding.status}, and not {label}: {finding.evidence} {finding.note}"
    return wrong


@pytest.mark.parametrize("case", CASES, ids=name)
def test_level_and_findings_are_those_that_a_person_would_give(case: Case) -> None:
    result = assess_tree(case.tree())

    assert disagreements(case, result) == {}
    assert result.level == case.level


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_finding_that_is_met_shows_why(case: Case) -> None:
    found = [finding for finding in assess_tree(case.tree()).findings if finding.status == "met"]

    assert found or case.level == 0
    assert [f.capability.id for f in found if not (all(f.evidence) and (f.evidence or f.note))] == []


@pytest.mark.parametrize("held", HELD_OUT, ids=name)
def test_what_is_wrong_about_a_held_out_case_is_known(held: HeldOut) -> None:
    result = assess_tree(held.case.tree())

    assert set(disagreements(held.case, result)) == held.misjudged, disagreements(held.case, result)
    assert held.misjudged or result.level == held.case.level


def test_labels_name_capabilities_that_there_are() -> None:
    known = {capability.id for capability in catalogue()}
    for case in [*CASES, *(held.case for held in HELD_OUT)]:
        assert case.met <= REQUIRED, case.name
        assert case.also | case.lacks <= known, case.name
        assert not (case.met | case.also) & case.lacks, case.name


def test_names_are_unique_and_all_levels_occur() -> None:
    names = [case.name for case in CASES] + [held.case.name for held in HELD_OUT]
    assert len(names) == len(set(names))
    assert {case.level for case in CASES} == {0, 1, 2, 3, 4, 5}


def test_our_own_repository_trains_nothing_and_is_tested() -> None:
    result = assess(Path(__file__).parents[2])
    statuses = {finding.capability.id: finding.status for finding in result.findings}

    assert (result.level, result.tracks) == (0, {"mlops": 0})
    assert (statuses["training"], statuses["unit-tests"]) == ("missing", "met")
