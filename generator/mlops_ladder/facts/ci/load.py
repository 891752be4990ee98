"""All CI jobs of a repository, whatever its host."""

from __future__ import annotations

from mlops_ladder.facts.ci import others
from mlops_ladder.facts.ci.circle import circle_jobs
from mlops_ladder.facts.ci.github import WORKFLOW, Reader, github_jobs
from mlops_ladder.facts.ci.gitlab import gitlab_jobs
from mlops_ladder.facts.ci.jenkins import jenkins_jobs
from mlops_ladder.facts.ci.model import Job


def load_jobs(paths: list[str], read: Reader) -> list[Job]:
    """Every job that some CI host would load, given the repository's paths and a YAML reader."""
    jobs = github_jobs([path for path in paths if WORKFLOW.match(path)], read)
    for path in paths:
        name = path.rpartition("/")[2]
        if path in (".gitlab-ci.yml", ".gitlab-ci.yaml"):
            jobs += gitlab_jobs(path, paths, read)
        elif (name.startswith("azure-pipelines") and name.endswith((".yml", ".yaml"))) or (
            path.startswith((".azure/", ".azuredevops/", ".pipelines/")) and name.endswith((".yml", ".yaml"))
        ):
            jobs += others.azure_jobs(path, *read(path))
        elif path in (".circleci/config.yml", ".circleci/config.yaml"):
            jobs += circle_jobs(path, *read(path))
        elif path in (".buildkite/pipeline.yml", ".buildkite/pipeline.yaml", "buildkite.yml"):
            jobs += others.buildkite_jobs(path, *read(path))
        elif path == "bitbucket-pipelines.yml":
            jobs += others.bitbucket_jobs(path, *read(path))
        elif path == ".travis.yml":
            jobs += others.simple_jobs("travis", path, *read(path))
        elif name in ("cloudbuild.yaml", "cloudbuild.yml"):
            jobs += others.simple_jobs("cloudbuild", path, *read(path))
        elif name == "Jenkinsfile" or name.startswith("Jenkinsfile."):
            jobs += jenkins_jobs(path, read(path)[1])
    return jobs
