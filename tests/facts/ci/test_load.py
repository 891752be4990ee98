"""Which files each CI host loads, and that all of them are read."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.ci.load import HOSTS, load_jobs
from support.facts import files_of

GITHUB = "on: push\njobs:\n  a:\n    steps:\n    - run: ls\n"
STEP = "steps:\n- script: ls\n"

# host -> a file that it loads, its text, and a path where the same text is nothing to it.
CASES = {
    "github": (".github/workflows/ci.yaml", GITHUB, ".github/ci.yml"),
    "gitlab": (".gitlab-ci.yml", "a:\n  script: ls\n", "ci/.gitlab-ci.yml"),
    "azure": ("build/azure-pipelines.release.yml", STEP, "pipelines.yml"),
    "circleci": (".circleci/config.yml", "jobs:\n  a:\n    steps: [{run: ls}]\n", "circleci/config.yml"),
    "buildkite": (".buildkite/pipeline.yml", "steps:\n- command: ls\n", "pipeline.yml"),
    "bitbucket": (
        "bitbucket-pipelines.yml", "pipelines:\n  default:\n  - step: {script: [ls]}\n", "x/bitbucket-pipelines.yml",
    ),
    "travis": (".travis.yml", "script: ls\n", "travis.yml"),
    "cloudbuild": ("deploy/cloudbuild.yaml", "steps:\n- name: a\n  args: [ls]\n", "deploy/build.yaml"),
    "jenkins": (
        "ci/Jenkinsfile", "pipeline { stages { stage('a') { steps { sh 'ls' } } } }\n", "Jenkinsfiles/release.groovy",
    ),
}  # fmt: skip


@pytest.mark.parametrize("host", CASES)
def test_the_files_of_each_host(host: str) -> None:
    path, text, elsewhere = CASES[host]

    assert [(job.host, job.file) for job in load_jobs(files_of({path: text}))] == [(host, path)]
    assert load_jobs(files_of({elsewhere: text})) == []


def test_every_host_has_its_case() -> None:
    assert len(CASES) == len(HOSTS)
    assert {case[0] for case in CASES.values() for host in HOSTS if host.FILES.search(case[0])} == {
        case[0] for case in CASES.values()
    }


def test_jobs_of_several_hosts_stand_together() -> None:
    texts = {path: text for path, text, _ in CASES.values()}

    assert sorted(job.host for job in load_jobs(files_of(texts))) == sorted(CASES)
    assert load_jobs(files_of({"train.py": "x = 1\n"})) == []
