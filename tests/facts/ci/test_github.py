from __future__ import annotations

import pytest

from mlops_ladder.facts.ci.model import Job
from support.facts import facts_of, marked


def jobs(text: str, **more: str) -> dict[str, Job]:
    texts = {".github/workflows/a.yml": text} | more
    return {job.name: job for job in facts_of(texts).ci}


def started_by(on: str, condition: str = "") -> Job:
    line = f"    if: {condition}\n" if condition else ""
    return jobs(f"on: {on}\njobs:\n  a:\n{line}    steps:\n    - uses: actions/checkout@v4\n")["a"]


@pytest.mark.parametrize(
    ("on", "triggers", "branches"),
    [
        ("push", {"push"}, ()),
        ("[push, pull_request]", {"push", "pull_request"}, ()),
        ("{push: {branches: [main]}, schedule: [{cron: '0 0 * * *'}]}", {"push", "schedule"}, ("main",)),
        ("{push: {branches: ['**']}}", {"push"}, ()),
        ("{push: {tags: ['v*']}}", {"tag"}, ()),
        ("{pull_request: {types: [labeled]}}", set(), ()),
        ("{pull_request: {types: [synchronize]}}", {"pull_request"}, ()),
        ("{schedule: }", set(), ()),
        ("{repository_dispatch: {types: [drift]}}", {"event"}, ()),
        ("{workflow_run: {workflows: [x]}}", {"chain"}, ()),
        ("pull_request_target", {"target"}, ()),
        ("nonsense", set(), ()),
    ],
)
def test_what_starts_a_job(on: str, triggers: set[str], branches: tuple[str, ...]) -> None:
    job = started_by(on)

    assert (set(job.triggers), job.branches) == (triggers, branches)


@pytest.mark.parametrize(
    ("condition", "triggers"),
    [
        ("github.event_name == 'push'", {"push"}),
        ("github.event_name != 'push'", {"pull_request"}),
        ("github.ref == 'refs/heads/main'", {"push"}),
        ("startsWith(github.ref, 'refs/tags/v')", {"tag"}),
        ("${{ github.actor == 'x' || github.event_name == 'push' }}", {"push", "pull_request"}),
    ],
)
def test_a_condition_restricts_what_starts_a_job(condition: str, triggers: set[str]) -> None:
    assert set(started_by("[push, pull_request]", condition).triggers) == triggers


def test_a_job_that_never_runs_is_none() -> None:
    found = jobs("on: push\njobs:\n  a: {if: false, steps: []}\n  b: {steps: [{if: false, run: x}, {run: y}]}\n")

    assert {name: job.text for name, job in found.items()} == {"b": "y"}


def test_fields_of_a_job() -> None:
    text = """\
        name: All
        on: push
        defaults: {run: {working-directory: src}}
        jobs:
          # deploy: not here
          "deploy":  # HERE
            needs: build
            environment: {name: production}
            continue-on-error: true
            steps:
            - uses: actions/checkout@v4
            - run: make
              continue-on-error: true
              working-directory: ./lib/../app
            - run: make
        """
    job = jobs(text)["deploy"]

    assert (job.workflow, job.needs, job.environment, job.lenient) == ("All", ("build",), "production", True)
    assert (job.line, job.where) == (marked(text), f".github/workflows/a.yml:{marked(text)}")
    assert [(step.folder, step.lenient, step.line) for step in job.steps] == [
        ("src", False, 11), ("app", True, 12), ("src", False, 15),
    ]  # fmt: skip
    assert job.checks_out


def test_a_reusable_workflow_is_started_by_its_callers() -> None:
    called = "on: workflow_call\njobs:\n  test:\n    steps:\n    - run: pytest\n"
    caller = "on: pull_request\njobs:\n  call:\n    needs: lint\n    uses: ./.github/workflows/b.yml\n"
    found = jobs(caller, **{".github/workflows/b.yml": called})

    assert set(found["test"].triggers) == {"pull_request"}
    assert found["test"].needs == ("lint",)
    assert found["call"].steps[0].line == 5


def test_a_composite_action_is_opened_where_it_is_used() -> None:
    action = "runs:\n  using: composite\n  steps:\n  - run: pytest\n    shell: bash\n"
    text = "on: push\njobs:\n  a:\n    steps:\n    - uses: ./.github/actions/t\n      continue-on-error: true\n"
    steps = jobs(text, **{".github/actions/t/action.yml": action})["a"].steps

    assert [(step.run, step.uses, step.line, step.lenient) for step in steps] == [
        ("", "./.github/actions/t", 5, True), ("pytest", "", 5, True),
    ]  # fmt: skip


def test_only_workflows_that_github_loads_count() -> None:
    text = "on: push\njobs: {a: {steps: [{run: x}]}}\n"

    for path in (
        ".github/workflows/sub/a.yml",
        "workflows/a.yml",
        ".github/workflows/a.txt",
        "x/.github/workflows/a.yml",
    ):
        assert facts_of({path: text}).ci == []


def test_actions_that_use_others_many_times_over() -> None:
    texts = {
        f"{name}/action.yml": "runs: {steps: [" + ", ".join([f"{{uses: ./{uses}}}"] * 200) + "]}\n"
        for name, uses in (("a", "b"), ("b", "c"), ("c", "d"))
    }
    facts = facts_of(
        texts
        | {".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps: [{uses: ./a}, {uses: ./a}, {uses: ./a}]\n"}
    )

    assert len(facts.ci[0].steps) == 2_000
    assert facts.files.unseen == {"the steps of a job": "are looked at up to the first 2,000"}
