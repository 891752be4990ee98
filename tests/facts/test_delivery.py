"""Canary, approval and rollback of a release: what is applied, waited for, taken back."""

from __future__ import annotations

import pytest

from support.facts import facts_of

ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: a}}
spec:
  strategy:
    canary: {{steps: [{steps}]{analysis}}}
"""
WEIGHTS = "{setWeight: 10}"
JUDGED = ", analysis: {templates: [{templateName: e}]}"


def job(command: str, on: str = "{push: {branches: [main]}}", more: str = "") -> dict[str, str]:
    return {
        ".github/workflows/d.yml": f"on: {on}\njobs:\n  deploy:\n{more}    steps:\n"
        f"    - uses: actions/checkout@v4\n    - run: {command}\n"
    }


def rollout(steps: str = WEIGHTS, analysis: str = "") -> dict[str, str]:
    return {"k8s/prod/a.yaml": ROLLOUT.format(steps=steps, analysis=analysis)}


APPLY = job("kubectl apply -f k8s/prod")


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
