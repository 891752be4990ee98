from __future__ import annotations

from mlops_ladder.facts.ci.model import Job
from support.facts import facts_of, marked

TEXT = """\
    # deploy: here is none
    version: 2.1
    jobs:
      test: {steps: [checkout, {run: pytest}]}
      deploy:  # JOB
        steps:
          - run: {command: make deploy, working_directory: ./app}
    workflows:
      main:
        jobs:
          - test
          - hold:  # WAIT
              type: approval
              requires: [test]
          - deploy:
              requires: [hold]
              filters: {branches: {only: main}}
      nightly:
        triggers: [{schedule: {cron: "0 0 * * *"}}]
        jobs: [test]
    """


def jobs() -> list[Job]:
    return facts_of({".circleci/config.yml": TEXT}).ci


def test_jobs_are_those_that_workflows_start() -> None:
    assert [(job.name, job.workflow, set(job.triggers)) for job in jobs()] == [
        ("test", "main", {"push", "pull_request"}),
        ("deploy", "main", {"push"}),
        ("test", "nightly", {"schedule"}),
    ]


def test_an_approval_is_cited_where_the_workflow_asks_for_it() -> None:
    deploy = jobs()[1]

    assert deploy.approval == f".circleci/config.yml:{marked(TEXT, 'WAIT')}"
    assert deploy.line == marked(TEXT, "JOB")
    assert (deploy.branches, deploy.needs, deploy.steps[0].folder) == (("main",), ("hold",), "app")
    assert [job.checks_out for job in jobs()] == [True, False, True]


def test_without_workflows_every_job_runs() -> None:
    facts = facts_of({".circleci/config.yml": "jobs:\n  a:\n    steps: [checkout]\n"})

    assert [(job.name, job.workflow) for job in facts.ci] == [("a", "build")]
    assert facts_of({".circleci/config.yml": "jobs: [x]\n"}).ci == []


def test_commands_that_use_others_many_times_over() -> None:
    commands = "".join(f"  {a}: {{steps: [{', '.join([b] * 200)}]}}\n" for a, b in (("a", "b"), ("b", "c"), ("c", "d")))
    text = f"commands:\n{commands}jobs:\n  x: {{steps: [a, a, a]}}\n"
    facts = facts_of({".circleci/config.yml": text})

    assert len(facts.ci[0].steps) == 2_000
    assert set(facts.files.unseen) == {"the steps of a job"}
