"""What takes a bad release back by itself."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.releases import APPLY, JUDGED, job, rollout


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (rollout(analysis=JUDGED) | APPLY, ""),
        (rollout(analysis=JUDGED), "is not judged by any analysis that is applied"),
        (rollout() | APPLY, "is not judged by any analysis that is applied"),
        (job("helm upgrade a ./chart --atomic"), ""),
        (job("helm upgrade a ./chart"), "-"),
        (job("kubectl rollout undo deployment/a || true"), ""),
        (job("kubectl rollout undo deployment/a"), "-"),
        (job("echo rollback || true"), "-"),
        (job("kubectl rollout undo deployment/a", more="    if: failure()\n"), ""),
        (job("kubectl rollout undo deployment/a", on="workflow_dispatch", more="    name: rollback\n"), "-"),
    ],
)
def test_a_bad_release_is_taken_back_by_itself(texts: dict[str, str], note: str) -> None:
    found = facts_of(texts).rollback
    assert bool(found) is not bool(note)
    assert note in ("", "-") or note in found.note


def test_a_rollback_in_code_stands_under_a_condition_and_runs_unattended() -> None:
    code = "def roll_back():\n    return 1\n\n\n{}\n"
    checked = code.format("if roll_back.__doc__ is None:\n    roll_back()")
    assert facts_of({"r.py": checked} | job("python r.py")).rollback.places == ("r.py:6",)
    assert not facts_of({"r.py": code.format("roll_back()")} | job("python r.py")).rollback
    assert facts_of({"r.py": checked}).rollback.note == "r.py:6 rolls back, but nothing unattended reaches it"
