"""Whether what a job installs is there at all."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.installing import cannot_install
from support.facts import facts_of
from support.workflows import workflow

REQUIREMENTS = {"requirements.txt": "pytest==8.0\n"}
PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.12"\n'
OLD = (
    "on: pull_request\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n    - uses: actions/setup-python@v5\n"
)
OLD += "      with: {python-version: '3.9'}\n    - run: pip install .\n"


def why(text: str, more: dict[str, str] | None = None) -> str:
    facts = facts_of(REQUIREMENTS | {".github/workflows/ci.yml": text} | (more or {}))
    return cannot_install(facts.ci[0], facts.graph, facts.files)


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [
        (workflow("pip install -r requirements.txt"), {}, ""),
        (workflow("pip install -r other.txt"), {}, "installs from other.txt, which is not there"),
        (workflow("pip install ."), {}, "has neither pyproject.toml nor setup.py"),
        (workflow("pip install ."), {"pyproject.toml": PROJECT}, ""),
        (workflow("pip install ."), {"pyproject.toml": "[tool.ruff]\n"}, "which describes no project"),
        (workflow("pip install ."), {"pyproject.toml": "["}, "which is not valid TOML"),
        (OLD, {"pyproject.toml": PROJECT}, "installs on Python 3.9, and pyproject.toml wants 3.12 or newer"),
        (workflow("uv sync --frozen"), {"pyproject.toml": PROJECT}, "wants uv.lock, which is not there"),
        (workflow("uv sync --frozen"), {"pyproject.toml": PROJECT, "uv.lock": "a"}, ""),
        (workflow("pipenv install"), {}, "wants a Pipfile, which is not there"),
        (workflow("conda env create -f env.yml"), {}, "wants env.yml, which is not there"),
        (workflow("make setup"), {}, "runs `make setup`, which no Makefile knows"),
        (workflow("make setup"), {"Makefile": "setup:\n\ttrue\n"}, ""),
        (
            workflow("pip install -r requirements.txt"),
            {"requirements.txt": "a==1\na==2\n"},
            "which pins a to 1 and 2",
        ),
        (workflow("pip install -r requirements.txt || true"), {"requirements.txt": "a==1\na==2\n"}, ""),
    ],
)
def test_why_a_job_cannot_install(text: str, more: dict[str, str], reason: str) -> None:
    said = why(text, more)

    assert reason in said
    assert bool(said) is bool(reason)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("-e lib\n", "names lib, and that is not there"),
        ("-e app\n", ""),
        ("-r more/base.txt\n", "names more/base.txt, and that is not there"),
        ("-e ../lib\n", "names ../lib, and that is not there"),
        ("a==1\nA==1\n", ""),
        ("a==1; python_version < '3'\na==2\n", ""),
        ("a==1.*\na>=2\n", ""),
    ],
)
def test_requirements_that_point_to_nothing_or_contradict_themselves(lines: str, reason: str) -> None:
    said = why(workflow("pip install -r requirements.txt"), {"requirements.txt": lines, "app/setup.py": ""})

    assert reason in said
    assert bool(said) is bool(reason)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("pip install ./app", ""),
        ("pip install './app[dev]'", ""),
        ("pip install ./lib", "installs lib, which has neither pyproject.toml nor setup.py"),
        ("pip install -c limits.txt pandas", "installs from limits.txt, which is not there"),
        ("pip install -r https://example.com/x.txt", ""),
        ("pip install -r $NAME.txt", ""),
        ("poetry install", "installs the project, which has neither pyproject.toml nor setup.py"),
        ("mamba env update -n a -f env.yml", "wants env.yml, which is not there"),
        ("make -C app setup", ""),
    ],
)
def test_other_ways_to_install(command: str, reason: str) -> None:
    said = why(workflow(command), {"app/setup.py": ""})

    assert reason in said
    assert bool(said) is bool(reason)


@pytest.mark.parametrize(("folder", "reason"), [("lib", "works in lib, which is not there"), ("app", "")])
def test_a_step_works_where_there_is_a_folder(folder: str, reason: str) -> None:
    text = workflow("python a.py") + f"      working-directory: {folder}\n"

    assert why(text, {"app/a.py": "x = 1\n"}) == (reason and f".github/workflows/ci.yml:6 {reason}")
