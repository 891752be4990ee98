"""Repositories that release: a job that runs one command, a rollout in Kubernetes."""

from __future__ import annotations

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
    """A workflow of one job that runs a command."""
    return {
        ".github/workflows/d.yml": f"on: {on}\njobs:\n  deploy:\n{more}    steps:\n"
        f"    - uses: actions/checkout@v4\n    - run: {command}\n"
    }


def rollout(steps: str = WEIGHTS, analysis: str = "") -> dict[str, str]:
    """A Rollout of Argo."""
    return {"k8s/prod/a.yaml": ROLLOUT.format(steps=steps, analysis=analysis)}


APPLY = job("kubectl apply -f k8s/prod")
