"""The generated pages say what the catalogue says, and the catalogue and the checks name the same capabilities."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.reports.reference import capabilities_page
from mlops_ladder.checks import CHECKS, advice

ROOT = Path(__file__).parents[2]


def test_every_capability_has_a_check_and_every_check_a_capability() -> None:
    assert {capability.id for capability in catalogue()} == set(CHECKS)


def test_the_catalogue_is_complete_in_itself() -> None:
    known = {capability.id: capability for capability in catalogue()}
    for capability in catalogue():
        assert capability.title
        assert capability.sources
        assert capability.tools
        assert capability.roles
        assert capability.costs
        assert 0 < capability.effort_days[0] < capability.effort_days[1]
        assert all(known[need].level <= capability.level for need in capability.needs)
        assert advice(capability.id).endswith((".", ")."))


def test_generated_pages_are_not_stale() -> None:
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert (ROOT / "docs/reference/capabilities.md").read_text("utf-8") == capabilities_page(
        {c.id: advice(c.id) for c in catalogue()}
    )
