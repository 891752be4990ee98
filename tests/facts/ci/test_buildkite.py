from __future__ import annotations

from support.facts import facts_of, marked

TEXT = """\
    # block
    steps:
      - label: test
        command: pytest
        soft_fail: true
      - label: nightly
        if: build.source == "schedule"
        command: make nightly
      - wait
      - key: block
        block: "Deploy?"  # WAIT
      - command:
          - echo
          - make deploy
        branches: main release
    """


def test_commands_blocks_and_branches() -> None:
    test, nightly, deploy = facts_of({".buildkite/pipeline.yml": TEXT}).ci

    assert (test.name, test.lenient, test.approval, set(test.triggers)) == ("test", True, "", {"push", "pull_request"})
    assert set(nightly.triggers) == {"schedule"}
    assert (set(deploy.triggers), deploy.branches) == ({"push"}, ("main", "release"))
    assert deploy.approval == f".buildkite/pipeline.yml:{marked(TEXT, 'WAIT')}"
    assert deploy.steps[0].lines == (13, 14)


def test_a_list_of_steps_alone() -> None:
    assert [job.line for job in facts_of({"buildkite.yml": "- command: pytest\n- 3\n"}).ci] == [1]
