from __future__ import annotations

from support.facts import facts_of, marked

TEXT = """\
    # step
    pipelines:
      default:
        - step: {name: check, script: [pytest]}
      pull-requests:
        '**':
          - parallel:
              - step: {script: [lint]}
      branches:
        main:
          - step:
              name: ship
              deployment: production
              script: [make deploy]
              trigger: manual  # WAIT
      custom:
        nightly: [{step: {script: [x]}}]
    """


def test_pipelines_into_jobs() -> None:
    jobs = {(job.workflow, job.name): job for job in facts_of({"bitbucket-pipelines.yml": TEXT}).ci}
    check, lint = jobs["default", "check"], jobs["pull-requests", "step"]
    ship, nightly = jobs["branches", "ship"], jobs["custom", "step"]

    assert len(jobs) == 4
    assert (check.name, set(check.triggers), check.line) == ("check", {"push", "pull_request"}, 4)
    assert (set(lint.triggers), lint.steps[0].line) == ({"pull_request"}, 8)
    assert (set(nightly.triggers), set(ship.triggers)) == ({"manual"}, {"push"})
    assert (ship.branches, ship.environment) == (("main",), "production")
    assert ship.approval == f"bitbucket-pipelines.yml:{marked(TEXT, 'WAIT')}"
