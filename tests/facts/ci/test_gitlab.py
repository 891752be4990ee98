from __future__ import annotations

import pytest

from mlops_ladder.facts.ci.model import Job
from support.facts import facts_of, marked


def jobs(text: str, **more: str) -> dict[str, Job]:
    return {job.name: job for job in facts_of({".gitlab-ci.yml": text} | more).ci}


@pytest.mark.parametrize(
    ("body", "triggers"),
    [
        ("rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]", {"pull_request"}),
        ("rules: [{if: '$CI_PIPELINE_SOURCE =~ /schedule|api/'}]", {"schedule", "event"}),
        ("rules: [{if: $CI_COMMIT_TAG}]", {"tag"}),
        ("rules: [{if: $CI_COMMIT_BRANCH == 'main'}]", {"push"}),
        ("rules: [{if: $CI_PIPELINE_SOURCE == 'schedule', when: never}, {when: always}]",
         {"pull_request", "push", "event", "manual", "tag"}),
        ("only: [merge_requests, schedules]", {"pull_request", "schedule"}),
        ("only: [main]", {"push"}),
        ("except: [schedules, tags]", {"pull_request", "push", "event", "manual"}),
        ("when: manual", {"manual"}),
        ("when: never", set()),
    ],
)  # fmt: skip
def test_what_starts_a_job(body: str, triggers: set[str]) -> None:
    assert set(jobs(f"a:\n  script: x\n  {body}\n")["a"].triggers) == triggers


def test_a_workflow_restricts_its_jobs() -> None:
    text = "workflow:\n  rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]\na: {script: x}\n"

    assert set(jobs(text)["a"].triggers) == {"pull_request"}


def test_fields_of_a_job() -> None:
    text = """\
        default:
          before_script: [prepare]
        .deploy:
          script: [[a, b], c]
          environment: {name: production}
        build: {script: build}
        deploy:  # HERE
          extends: .deploy
          stage: ship
          when: manual
          allow_failure: true
          needs: [{job: build}, lint]
        .hidden: {script: x}
        variables: {script: x}
        """
    found = jobs(text)
    job = found["deploy"]

    assert found.keys() == {"build", "deploy"}
    assert job.steps[0].run == "prepare\na\nb\nc"
    assert job.steps[0].lines == (2, 4, 4, 4)
    assert (job.environment, job.workflow, job.needs, job.lenient) == ("production", "ship", ("build", "lint"), True)
    assert job.approval == f".gitlab-ci.yml:{marked(text)}" == job.where


def test_local_includes_bring_jobs_and_templates() -> None:
    text = "include: [{local: /ci/*.yml}, {remote: 'https://example.com/x.yml'}]\na: {extends: .t}\n"
    found = jobs(text, **{"ci/one.yml": "\nb:\n  script: y\n.t: {script: z}\n", "other/one.yml": "c: {script: x}\n"})

    assert {name: job.text for name, job in found.items()} == {"a": "z", "b": "y"}
    assert found["b"].where == "ci/one.yml:2"


def test_a_job_without_a_script_of_its_own() -> None:
    found = jobs("a:\n  trigger: other/project\nb:\n  image: x\n")

    assert found.keys() == {"a"}
    assert found["a"].steps[0].line == 1


def test_templates_that_extend_many_others_and_files_that_include_each_other() -> None:
    layers = "".join(f".t{i}: {{extends: [.t{i + 1}, .t{i + 1}, .t{i + 1}], stage: s{i}}}\n" for i in range(9))
    text = f"include: [other.yml, .gitlab-ci.yml]\n{layers}.t9: {{script: [make]}}\na: {{extends: .t0}}\n"
    jobs = facts_of({".gitlab-ci.yml": text, "other.yml": "include: .gitlab-ci.yml\nb: {script: [ls]}\n"}).ci

    assert [(job.name, job.workflow, job.steps[0].run) for job in jobs] == [("b", "", "ls"), ("a", "s0", "make")]


def test_a_chain_of_includes_that_is_cut_is_said() -> None:
    chain = {f"ci/{n}.yml": f"include: ci/{n + 1}.yml\nj{n}: {{script: x}}\n" for n in range(150)}
    facts = facts_of({".gitlab-ci.yml": "include: ci/0.yml\n"} | chain)

    assert len(facts.ci) == 100
    assert facts.files.unseen == {"included files": "are followed up to the first 100"}
    assert facts_of({".gitlab-ci.yml": "include: ['ci/*.yml', ci/none.yml]\n"} | {"ci/a.yml": "a: {script: x}\n"}).ci
