from __future__ import annotations

import pytest

from mlops_ladder.facts.triggers import Trigger
from support.facts import facts_of, marked


def triggers(texts: dict[str, str]) -> list[Trigger]:
    return facts_of(texts).triggers


CRON = """\
    # a CronJob
    apiVersion: batch/v1
    kind: CronJob  # HERE
    metadata: {name: nightly}
    spec:
      jobTemplate: {spec: {template: {spec: {containers: [{image: a, command: [python, train.py]}]}}}}
    """


def test_a_cron_job_and_what_it_runs() -> None:
    (found,) = triggers({"k8s/cron.yaml": CRON, "train.py": "fit()\n"})

    assert (found.kind, found.where) == ("schedule", f"k8s/cron.yaml:{marked(CRON)}")
    assert ("py", "train.py", "") in found.nodes


def test_a_suspended_cron_job_starts_nothing() -> None:
    assert triggers({"k8s/cron.yaml": CRON.replace("spec:\n", "spec:\n      suspend: true\n", 1)}) == []


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("from airflow import DAG\ndag = DAG('a', schedule='@daily')\n", "schedule", 2),
        ("from airflow import DAG\nEVERY = '@daily'\ndag = DAG('a', schedule=EVERY)\n", "schedule", 3),
        ("from airflow import DAG\ndag = DAG('a', schedule=[data])\n", "event", 2),
        ("from prefect import flow\nflow.serve(cron='0 0 * * *')\n", "schedule", 2),
        ("from dagster import sensor\n@sensor(job=a)\ndef s(): pass\n", "event", 2),
        ("import schedule\nschedule.every().day.do(train)\n", "schedule", 2),
    ],
)
def test_orchestrators(text: str, kind: str, line: int) -> None:
    assert (kind, f"flow.py:{line}") in {(found.kind, found.where) for found in triggers({"flow.py": text})}


@pytest.mark.parametrize(
    "text", ["from airflow import DAG\ndag = DAG('a', schedule=None)\n", "from prefect import flow\nflow.serve()\n"]
)
def test_what_a_person_starts(text: str) -> None:
    assert triggers({"flow.py": text}) == []


def test_jobs_that_start_by_themselves() -> None:
    text = "on:\n  schedule: [{cron: '0 0 * * *'}]\njobs:\n  train:  # HERE\n    steps:\n    - run: python train.py\n"
    (found,) = triggers({".github/workflows/a.yml": text, "train.py": "x = 1\n"})

    assert (found.kind, found.where) == ("schedule", f".github/workflows/a.yml:{marked(text)}")
    assert found.job is not None


def test_crontabs_timers_and_bundles() -> None:
    texts = {
        "crontab": "# m h\n\n0 3 * * * python train.py\n",
        "a.timer": "[Timer]\nOnCalendar=daily\n",
        "a.service": "[Service]\nExecStart=python train.py\n",
        "prefect.yaml": "deployments:\n- name: a\n  entrypoint: train.py:main\n  schedule:\n    cron: '0 0 * * *'\n",
        "train.py": "def main(): pass\n",
    }

    assert {found.where for found in triggers(texts)} == {"crontab:3", "a.timer:1", "prefect.yaml:4"}


def test_a_rule_of_a_cloud_that_starts_a_training() -> None:
    text = '# rules\nresource "aws_cloudwatch_event_rule" "x" {\n  schedule_expression = "rate(1 day)"\n}\n# train\n'

    assert [(found.kind, found.where) for found in triggers({"main.tf": text})] == [("schedule", "main.tf:2")]
