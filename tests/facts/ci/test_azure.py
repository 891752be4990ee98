from __future__ import annotations

import pytest

from support.facts import facts_of, marked

STAGED = """\
    # Deploy
    trigger: {branches: {include: [main]}}
    pr: none
    schedules: [{cron: "0 0 * * *"}]
    resources: {pipelines: [{pipeline: x}]}
    stages:
    - stage: Build
      jobs:
      - job: build
        steps: [{script: make, continueOnError: true}]
    - stage: Deploy
      dependsOn: Build
      jobs:
      - deployment: ship  # JOB
        environment: {name: production}
        strategy:
          runOnce:
            deploy:
              steps:
              - task: ManualValidation@0  # WAIT
              - task: AzureCLI@2
                inputs: {inlineScript: az ml deploy}
                workingDirectory: $(System.DefaultWorkingDirectory)/app
    """


def test_stages_jobs_and_deployments() -> None:
    build, ship = facts_of({"ci/azure-pipelines-main.yml": STAGED}).ci

    assert set(ship.triggers) == {"push", "schedule", "chain"}
    assert (ship.name, ship.workflow, ship.needs, ship.environment, ship.branches) == (
        "ship", "Deploy", ("Build",), "production", ("main",),
    )  # fmt: skip
    assert ship.line == marked(STAGED, "JOB")
    assert ship.approval == f"ci/azure-pipelines-main.yml:{marked(STAGED, 'WAIT')}"
    assert [(step.run, step.folder, step.line) for step in ship.steps] == [("", "", 20), ("az ml deploy", "app", 22)]
    assert build.steps[0].lenient


@pytest.mark.parametrize(
    ("head", "triggers"),
    [
        ("", {"push", "pull_request"}),
        ("trigger: none\n", set()),
        ("trigger: none\npr: [main]\n", {"pull_request"}),
        ("pr: none\n", {"push"}),
    ],
)
def test_what_starts_it(head: str, triggers: set[str]) -> None:
    (job,) = facts_of({".azure/x.yml": f"{head}steps:\n- script: pytest\n"}).ci

    assert set(job.triggers) == triggers
    assert job.line == head.count("\n") + 1


def test_a_condition_keeps_pull_requests_out() -> None:
    text = (
        "jobs:\n- job: a\n  condition: eq(variables['Build.SourceBranch'], 'refs/heads/main')\n  steps: [{script: x}]\n"
    )
    (job,) = facts_of({"azure-pipelines.yml": text}).ci

    assert (set(job.triggers), job.branches) == ({"push"}, ("main",))
