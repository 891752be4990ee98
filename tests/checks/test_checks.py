"""Two tests per check: met where the capability is there, missing where it only looks so."""

from __future__ import annotations

import pytest

from checks.check_examples import EXAMPLES, Files
from mlops_ladder.checks import CHECKS, run
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.project.tree import File


def verdict(capability: str, files: Files) -> tuple[str, tuple[str, ...], str]:
    found = run(capability, Facts(TreeSource({path: File(text.encode()) for path, text in files.items()})))
    return found.status, found.evidence, found.note


def test_every_check_has_its_examples() -> None:
    assert set(EXAMPLES) == set(CHECKS)


@pytest.mark.parametrize("capability", EXAMPLES)
def test_met(capability: str) -> None:
    status, evidence, note = verdict(capability, EXAMPLES[capability][0])

    assert status == "met", note
    assert evidence or note


@pytest.mark.parametrize("capability", EXAMPLES)
def test_missing(capability: str) -> None:
    status, evidence, _ = verdict(capability, EXAMPLES[capability][1])

    assert status == "missing", evidence
    assert evidence == ()
