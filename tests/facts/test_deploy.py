from __future__ import annotations

import pytest

from mlops_ladder.facts.deploy import shell_deploys
from support.facts import facts_of, marked


@pytest.mark.parametrize(
    ("line", "deploys"),
    [
        ("kubectl apply -f k8s", True),
        ("kubectl -n prod set image deployment/a a=b", True),
        ("helm upgrade --install a chart", True),
        ("terraform apply -auto-approve", True),
        ("gcloud run deploy a", True),
        ("kubectl apply -f k8s --dry-run=client", False),
        ("kubectl get pods", False),
        ("terraform plan", False),
        ("echo kubectl apply", False),
    ],
)
def test_commands_that_put_something_into_an_environment(line: str, deploys: bool) -> None:
    assert shell_deploys(line) is deploys


WORKFLOW = """\
    # kubectl apply
    on: {push: {branches: [main]}}
    jobs:
      approve:
        steps:
        - uses: trstringer/manual-approval@v1
      ship:
        needs: approve
        steps:
        - run: |
            echo kubectl apply
            kubectl apply -k deploy/prod  # HERE
    """
TEXTS = {
    ".github/workflows/ship.yml": WORKFLOW,
    "deploy/prod/kustomization.yaml": "resources: [../base, service.yaml]\n",
    "deploy/prod/service.yaml": "kind: Service\n",
    "deploy/prod/unused.yaml": "kind: Service\n",
    "deploy/base/a.yaml": "kind: Service\n",
    "other/a.yaml": "kind: Service\n",
}


def test_a_release_is_cited_by_its_command() -> None:
    facts = facts_of(TEXTS)
    (release,) = facts.deploy.releases

    assert (release.job.name, release.line) == ("ship", marked(WORKFLOW))
    assert facts.deploy.waits_for_approval(release.job)


@pytest.mark.parametrize(
    ("path", "applied"),
    [
        ("deploy/prod/service.yaml", True),
        ("deploy/base/a.yaml", True),
        ("deploy/prod/unused.yaml", False),
        ("other/a.yaml", False),
    ],
)
def test_what_a_release_applies(path: str, applied: bool) -> None:
    assert facts_of(TEXTS).deploy.applies(path) is applied


def test_a_job_of_pull_requests_releases_nothing() -> None:
    text = "on: pull_request\njobs:\n  a:\n    steps:\n    - run: kubectl apply -f a\n"

    assert facts_of({".github/workflows/a.yml": text}).deploy.releases == []


def test_gitops_objects() -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: {path: deploy/prod}\n"
    by_hand = facts_of({"argo.yaml": text})
    automated = facts_of({"argo.yaml": f"{text}  syncPolicy: {{automated: {{}}}}\n", "deploy/prod/a.yaml": "a: 1"})

    assert [manifest.where for manifest in by_hand.deploy.synced_by_hand] == ["argo.yaml:2"]
    assert [manifest.where for manifest in automated.deploy.synced] == ["argo.yaml:2"]
    assert automated.deploy.applies("deploy/prod/a.yaml")
