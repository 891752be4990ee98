"""What a proposed change starts: jobs, their tests, whether they can install."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.pull_request import PullRequest
from support.facts import facts_of, marked
from support.workflows import workflow

TESTS = {
    "split.py": "def half(x):\n    return x / 2\n",
    "tests/test_split.py": "from split import half\n\n\ndef test_half():\n    assert half(2) == 1\n",
    "requirements.txt": "pytest==8.0\n",
}


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


def test_a_job_that_cannot_install_says_why() -> None:
    found = asked(workflow("pip install -r other.txt"))
    assert found.cannot_install(found.jobs[0]).endswith("installs from other.txt, which is not there")
    found = asked(workflow("pip install -r requirements.txt"))
    assert found.cannot_install(found.jobs[0]) == ""
