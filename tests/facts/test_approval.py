"""What a release to production waits for."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.releases import APPLY, job, rollout


@pytest.mark.parametrize(
    ("texts", "counts"),
    [
        (job("kubectl apply -f k8s/prod", more="    environment: production\n"), True),
        (job("kubectl apply -f k8s/prod", on="workflow_dispatch"), True),
        (job("kubectl apply -f k8s/prod"), False),
        (job("kubectl apply -f k8s/staging", more="    environment: staging\n"), False),
        (rollout(steps="{pause: {}}") | APPLY, True),
        (rollout(steps="{pause: {duration: 60}}") | APPLY, False),
        ({"clouddeploy.yaml": "a: 1\nrequireApproval: true\n"}, True),
        ({"clouddeploy.yaml": "a: 1\nrequireApproval: false\n"}, False),
    ],
)
def test_production_waits_for_somebody(texts: dict[str, str], counts: bool) -> None:
    assert bool(facts_of(texts).approval) is counts


def test_why_there_is_no_approval() -> None:
    assert facts_of(APPLY).approval.note == "production is reached without anybody's approval"
    speaks = facts_of(APPLY | {"a.py": "x = 'requires_approval'\n"}).approval.note
    assert speaks == "a.py:1 speaks of an approval, and nothing waits for it"
