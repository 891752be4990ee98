"""All tasks of a repository, whatever tool runs them."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks import make, npm, python_files, snakemake, yaml_files
from mlops_ladder.facts.tasks.model import Task

# Which files hold tasks, and who reads them.
READERS: tuple[tuple[re.Pattern[str], Callable[[str, Files], list[Task]]], ...] = (
    (make.FILES, make.tasks_of),
    (yaml_files.DVC, yaml_files.dvc_stages),
    (yaml_files.TASKFILE, yaml_files.taskfile_tasks),
    (yaml_files.MLPROJECT, yaml_files.mlproject_entries),
    (python_files.PYPROJECT, python_files.pyproject_tasks),
    (python_files.TOX, python_files.tox_environments),
    (python_files.NOX, python_files.nox_sessions),
    (python_files.SETUP, python_files.setup_scripts),
    (npm.FILES, npm.tasks_of),
    (snakemake.FILES, snakemake.tasks_of),
)

TASKS = 3_000
"""Tasks that are looked at: ten times what a large repository has, and the chains that they can form stay short."""


def load_tasks(files: Files) -> list[Task]:
    """Every task of the repository, the default of each file first."""
    found = [
        task for path in files.paths for names, read in READERS if names.search(path) for task in read(path, files)
    ]
    return files.some(found, TASKS, "tasks")
