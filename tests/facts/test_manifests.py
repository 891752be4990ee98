from __future__ import annotations

import pytest

from mlops_ladder.facts.manifests import containers, image_command
from support.facts import facts_of, marked

JOB = """\
    # kind: CronJob
    apiVersion: v1
    kind: List
    items:
    - apiVersion: batch/v1
      kind: CronJob  # HERE
      metadata: {name: nightly}
    ---
    apiVersion: v1
    kind: Service
    """


def test_each_object_with_the_line_of_its_kind() -> None:
    manifests = facts_of({"k8s/a.yaml": JOB}).manifests

    assert [(found.kind, found.name, found.line) for found in manifests.all] == [
        ("CronJob", "nightly", marked(JOB)), ("Service", "", 10),
    ]  # fmt: skip
    assert manifests.of("Service")[0].where == "k8s/a.yaml:10"


def test_a_chart_keeps_its_lines() -> None:
    text = """\
        {{- if .Values.enabled }}
        {{/* a comment
             of two lines */}}
        apiVersion: apps/v1
        kind: Deployment  # HERE
        metadata:
          name: {{ .Values.name }}
        {{- end }}
        """
    (found,) = facts_of({"chart/templates/a.yaml": text}).manifests.all

    assert (found.kind, found.name, found.line) == ("Deployment", "x", marked(text))


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("compose.yaml", "services: {}", "compose"),
        ("a/docker-compose.dev.yml", "# x\nservices: {}", "compose"),
        ("prometheus.yml", "scrape_configs: []", "prometheus"),
        ("rules.yml", "groups:\n- rules:\n  - alert: x\n", "rules"),
        ("alertmanager.yml", "route: {}\nreceivers: []\n", "alertmanager"),
        ("grafana.yaml", "groups:\n- condition: A\n", "grafana-alerts"),
        ("prefect.yaml", "deployments: []", "prefect"),
        ("x.yml", "resources:\n  jobs: {}\n", "databricks"),
        ("x.yml", "$schema: https://azuremlschemas.azureedge.net/x\n", "azureml"),
        ("x.yml", "Resources: {}", "cloudformation"),
        ("promptfooconfig.yaml", "prompts: []", "promptfoo"),
        ("otel-collector.yaml", "receivers: {}\nexporters: {}\n", "otel"),
    ],
)
def test_files_of_known_tools(path: str, text: str, kind: str) -> None:
    (found,) = facts_of({path: text}).manifests.all

    assert (found.kind, found.line) == (kind, 2 if text.startswith("#") else 1)


@pytest.mark.parametrize("path", [".github/a.yml", "tests/a.yaml", ".gitlab-ci.yml", "mkdocs.yml", "a.json"])
def test_what_describes_nothing_that_runs(path: str) -> None:
    assert facts_of({path: "apiVersion: v1\nkind: Service\n"}).manifests.all == []


def test_the_command_of_each_container() -> None:
    body = {
        "spec": [
            {"image": "a", "command": ["python", "x.py"], "args": ["--fast"]},
            {"image": "b", "command": ["/bin/sh", "-c", "make all"]},
            {"image": "c"},
            {"image": "d", "args": "serve"},
        ]
    }

    assert sorted(containers(body)) == ["make all", "python x.py --fast", "serve"]


def test_what_an_image_runs() -> None:
    text = 'FROM x\nRUN y\nENTRYPOINT ["uvicorn", "app:app"]\ncmd --port 80\n'

    assert image_command(text) == "uvicorn app:app\n--port 80"


def test_images_and_terraform() -> None:
    manifests = facts_of({"Dockerfile": "", "a/Dockerfile.gpu": "", "b.dockerfile": "", "c.tf": ""}).manifests

    assert manifests.dockerfiles == ["Dockerfile", "a/Dockerfile.gpu", "b.dockerfile"]
    assert manifests.terraform == ["c.tf"]
