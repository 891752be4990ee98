"""A share of the traffic for a new version: applied, or only described."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.releases import APPLY, job, rollout


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (rollout() | APPLY, ""),
        (rollout(), "describes a canary, and nothing applies it"),
        (rollout() | job("kubectl apply -f k8s/other"), "describes a canary, and nothing applies it"),
        (job("gcloud run services update-traffic a --to-revisions b=10"), ""),
        (job("gcloud run deploy a --no-traffic"), ""),
        (job("gcloud run deploy a"), "-"),
        (job("kubectl apply -f k8s/prod") | {"k8s/prod/a.yaml": "kind: Ingress\nmetadata: {name: a}\n"}, "-"),
    ],
)
def test_a_canary_is_applied(texts: dict[str, str], note: str) -> None:
    found = facts_of(texts).canary
    assert bool(found) is not bool(note)
    assert note in ("", "-") or note in found.note


def test_code_about_a_canary_that_only_a_person_runs_does_not_count() -> None:
    code = "def start_canary(share):\n    return share\n\n\nstart_canary(10)\n"
    assert facts_of({"release.py": code}).canary.note == (
        "release.py:5 is about a canary, but nothing unattended reaches it"
    )
    assert facts_of({"release.py": code} | job("python release.py")).canary.places == ("release.py:5",)
