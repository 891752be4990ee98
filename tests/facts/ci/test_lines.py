"""Whatever the host, a job's command is cited by the line that holds it, not by the first place that has its words."""

from __future__ import annotations

import pytest

from support.facts import facts_of, marked

# In each, `pytest` stands in comments, names or other commands before the line that runs it.
CASES: dict[str, tuple[str, str]] = {
    "github": (
        ".github/workflows/ci.yml",
        """\
        # Runs pytest for every change
        name: lint and pytest
        on:
          pull_request:
        env:
          TOOL: pytest
        jobs:
          pytest:
            runs-on: ubuntu-latest
            steps:
            - uses: actions/checkout@v4
            - run: pip install pytest
            - name: run pytest
              run: echo about to test
            - run: pytest  # HERE
        """,
    ),
    "github, in a block": (
        ".github/workflows/ci.yml",
        """\
        on: push
        jobs:
          t:
            steps:
            - name: pytest
              run: |
                python - <<EOF
                print("pytest")
                EOF
                pip install \\
                  pytest
                # pytest
                cd src && pytest  # HERE
        """,
    ),
    "gitlab": (
        ".gitlab-ci.yml",
        """\
        stages: [pytest]  # pytest
        .base:
          before_script:
            - pip install pytest
        test:
          extends: .base
          stage: pytest
          script:
            - echo start
            - |
              echo more
              pytest  # HERE
        """,
    ),
    "circleci": (
        ".circleci/config.yml",
        """\
        version: 2.1
        commands:
          prepare:
            steps:
              - run: pip install pytest
        jobs:
          pytest:
            steps:
              - checkout
              - prepare
              - run:
                  name: pytest
                  command: pytest  # HERE
        workflows:
          main:
            jobs: [pytest]
        """,
    ),
    "azure": (
        "azure-pipelines.yml",
        """\
        # pytest
        trigger: [main]
        jobs:
        - job: pytest
          steps:
          - script: pip install pytest
          - task: UsePythonVersion@0
          - bash: |
              set -e
              pytest  # HERE
        """,
    ),
    "buildkite": (
        ".buildkite/pipeline.yml",
        """\
        steps:
          - label: pytest
            commands:
              - pip install pytest
              - pytest  # HERE
        """,
    ),
    "bitbucket": (
        "bitbucket-pipelines.yml",
        """\
        image: python:3.12
        pipelines:
          default:
            - step:
                name: pytest
                script:
                  - pip install pytest
                  - pytest  # HERE
        """,
    ),
    "travis": (
        ".travis.yml",
        """\
        language: python  # script: pytest
        install: pip install pytest
        script:
          - pytest  # HERE
        """,
    ),
    "cloudbuild": (
        "cloudbuild.yaml",
        """\
        steps:
        - name: python
          args: [pip, install, pytest]
        - name: python
          entrypoint: bash
          args:
            - -c
            - pytest  # HERE
        """,
    ),
    "jenkins": (
        "Jenkinsfile",
        """\
        /* pytest
           again */
        pipeline {
          stages {
            stage('pytest') {
              steps {
                sh 'pip install pytest'
                sh '''
                  set -e
                  pytest  # HERE
                '''
              }
            }
          }
        }
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_command_is_cited_by_its_own_line(case: str) -> None:
    path, text = CASES[case]
    facts = facts_of({path: text})
    cited = [
        step.line for job in facts.ci for command, step in facts.graph.job_commands(job) if command.program == "pytest"
    ]

    assert cited == [marked(text)]


def test_the_command_of_a_make_target_is_cited_where_the_job_calls_it() -> None:
    text = "on: push\njobs:\n  t:\n    steps:\n    - run: |\n        echo test\n        make test  # HERE\n"
    facts = facts_of({".github/workflows/ci.yml": text, "Makefile": "test:\n\techo\n\tpytest\n"})
    steps = [step.line for command, step in facts.graph.job_commands(facts.ci[0]) if command.program == "pytest"]

    assert steps == [marked(text)]
