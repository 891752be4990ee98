"""What a proposed change starts: jobs, their tests, whether they can install."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.pull_request import PullRequest
from support.facts import facts_of, marked

TESTS = {
    "split.py": "def half(x):\n    return x / 2\n",
    "tests/test_split.py": "from split import half\n\n\ndef test_half():\n    assert half(2) == 1\n",
    "requirements.txt": "pytest==8.0\n",
}


def workflow(*commands: str, on: str = "pull_request", checkout: str = "actions/checkout@v4") -> str:
    steps = "".join(f"    - run: {command}\n" for command in commands)
    return f"on: {on}\njobs:\n  a:\n    steps:\n    - uses: {checkout}\n{steps}"


def asked(text: str, more: dict[str, str] | None = None) -> PullRequest:
    return facts_of(TESTS | {".github/workflows/ci.yml": text} | (more or {})).pull_request


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        (workflow("pytest"), 1),
        (workflow("pytest", on="{pull_request: {paths: ['**/*.py']}}"), 1),
        (workflow("pytest", on="{pull_request: {paths: ['docs/**']}}"), 0),
        (workflow("pytest", on="workflow_dispatch"), 0),
        (workflow("pytest", on="{push: {branches: [main]}}"), 0),
        (workflow("pytest", checkout="actions/labeler@v5"), 0),
    ],
)
def test_jobs_that_a_change_of_code_starts(text: str, jobs: int) -> None:
    assert len(asked(text).jobs) == jobs


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("pytest -q", True),
        ("python -m pytest", True),
        ("uv run pytest", True),
        ("hatch test", True),
        ("tox", True),
        ("go test ./...", True),
        ("pytest --collect-only", False),
        ("pytest --version", False),
        ("echo pytest", False),
        ("pip install pytest", False),
    ],
)
def test_commands_that_run_tests(command: str, runs: bool) -> None:
    found = asked(workflow(command))
    assert bool(found.test_commands(found.jobs[0])) is runs


def test_a_command_of_tests_has_its_line() -> None:
    text = workflow("pytest # HERE").replace("    - run", "    # pytest\n    - run")
    found = asked(text)
    assert [line for _, line in found.test_commands(found.jobs[0])] == [marked(text)]


@pytest.mark.parametrize(
    ("command", "tests"),
    [
        ("pytest", ["tests/test_split.py:4"]),
        ("pytest tests", ["tests/test_split.py:4"]),
        ("pytest tests/test_split.py::test_half", ["tests/test_split.py:4"]),
        ("pytest -n 2 tests", ["tests/test_split.py:4"]),
        ("pytest other", ["tests/test_split.py:4"]),
        ("pytest other/", []),
        ("pytest tests/test_gone.py", []),
        ("tox", ["tests/test_split.py:4"]),
    ],
)
def test_which_tests_a_command_runs(command: str, tests: list[str]) -> None:
    found = asked(workflow(command))
    ((run, _),) = found.test_commands(found.jobs[0])
    assert found.tests_of(run) == tests


PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.12"\n'
OLD = (
    "on: pull_request\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n    - uses: actions/setup-python@v5\n"
)
OLD += "      with: {python-version: '3.9'}\n    - run: pip install .\n"


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
    found = asked(text, more)
    said = found.cannot_install(found.jobs[0])

    assert reason in said
    assert bool(said) is bool(reason)
