from __future__ import annotations

import pytest

from support.facts import facts_of


@pytest.mark.parametrize(
    ("step", "run"),
    [
        ("{name: gcr.io/cloud-builders/docker, args: [build, .]}", "docker build ."),
        ("{name: gcr.io/google.com/cloudsdktool/cloud-sdk, entrypoint: gcloud, args: [run, deploy]}",
         "gcloud run deploy"),
        ("{name: gcr.io/cloud-builders/gcloud, args: [run, deploy]}", "gcloud run deploy"),
        ("{name: python, entrypoint: pytest}", "pytest"),
        ("{name: python, entrypoint: bash, args: [-c, make test]}", "make test"),
        ("{name: python, script: make test}", "make test"),
    ],
)  # fmt: skip
def test_what_a_step_runs(step: str, run: str) -> None:
    (job,) = facts_of({"deploy/cloudbuild.yaml": f"substitutions: {{a: b}}\nsteps:\n- {step}\n"}).ci

    assert (job.line, set(job.triggers)) == (2, {"push"})
    assert [(part.run, part.line) for part in job.steps] == [(run, 3)]


def test_a_build_without_steps_is_no_job() -> None:
    assert facts_of({"cloudbuild.yaml": "steps: x\n"}).ci == []
