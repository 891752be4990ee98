"""All CI jobs of a repository, whatever its host."""

from __future__ import annotations

import re
from typing import Protocol

from mlops_ladder.facts.ci import azure, bitbucket, buildkite, circle, cloudbuild, github, gitlab, jenkins, travis
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.read.files import Files


class Host(Protocol):
    """A module that reads one host: `FILES` are the paths that the host loads, `jobs_of` the jobs in them."""

    FILES: re.Pattern[str]

    def jobs_of(self, paths: list[str], files: Files) -> list[Job]:
        """The jobs in some of the host's files."""


HOSTS: tuple[Host, ...] = (github, gitlab, azure, circle, buildkite, bitbucket, travis, cloudbuild, jenkins)


def load_jobs(files: Files) -> list[Job]:
    """Every job that some CI host would load."""
    jobs: list[Job] = []
    for host in HOSTS:
        paths = [path for path in files.paths if host.FILES.search(path)]
        jobs += host.jobs_of(paths, files) if paths else []
    return jobs
