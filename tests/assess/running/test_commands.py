"""What would be executed, and which evidence it stands for."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.running.commands import Planned, promised, set_up, uses_pip
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.project.tree import File
from support.facts import facts_of

TRAIN = "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"
WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n    - run: {}\n"
CI = ".github/workflows/a.yml"


@pytest.mark.parametrize(
    ("texts", "commands"),
    [
        (
            {"Makefile": "test:\n\tpytest\nrun:\n\tpython train.py\n"},
            {"unit-tests": "make test", "one-command": "make run"},
        ),
        ({"justfile": "train:\n  python train.py\n"}, {"one-command": "just train"}),
        ({"dvc.yaml": "stages:\n  fit:\n    cmd: python train.py\n"}, {"one-command": "dvc repro"}),
        ({"dvc.yaml": "stages:\n  test:\n    cmd: pytest\n"}, {}),
        ({CI: WORKFLOW.format("cd back && pytest -q")}, {"ci-tests": "cd back && pytest -q"}),
        ({CI: WORKFLOW.format("pytest -m 'not slow'")}, {"ci-tests": "pytest -m 'not slow'"}),
        ({CI: WORKFLOW.format("pytest $WHERE")}, {}),
        ({CI: WORKFLOW.format("ssh prod pytest")}, {}),
        ({CI: WORKFLOW.format("docker run -v /:/h img pytest")}, {}),
        ({CI: WORKFLOW.format("make test")}, {}),  # nobody knows what it would do
        ({CI: WORKFLOW.format("make ship"), "Makefile": "ship:\n\ttwine upload\n"}, {}),
        (
            {CI: WORKFLOW.format("make test"), "Makefile": "test:\n\tpytest\n"},
            {"ci-tests": "make test", "unit-tests": "make test"},
        ),
        ({"Makefile": "notes:\n\tpython train.py\n", "sub/Makefile": "run:\n\tpython ../train.py\n"}, {}),
        ({"tox.ini": "[testenv:run]\ncommands = python train.py\n"}, {}),
    ],
)
def test_which_commands_the_evidence_promises(texts: dict[str, str], commands: dict[str, str]) -> None:
    assert {p.capability: p.command for p in promised(facts_of({"train.py": TRAIN} | texts))} == commands


def test_a_command_names_the_place_that_it_comes_from() -> None:
    texts = {"train.py": TRAIN, "Makefile": "setup:\n\tls\nrun:\n\tpython train.py\n", CI: WORKFLOW.format("pytest")}
    facts = facts_of(texts)

    assert [*set_up(facts), *promised(facts)] == [
        Planned("make setup", "", "Makefile:1"),
        Planned("pytest", "ci-tests", f"{CI}:5"),
        Planned("make run", "one-command", "Makefile:3"),
    ]


@pytest.mark.parametrize(
    ("texts", "commands"),
    [
        ({"Makefile": "all:\n\tls\ninstall:\n\tls\n"}, ["make install"]),
        ({"justfile": "deps:\n  ls\n"}, ["just deps"]),
        ({"justfile": "deps:\n  ls\n", "Makefile": "setup:\n\tls\n"}, ["make setup"]),
        ({"sub/Makefile": "setup:\n\tls\n"}, []),
        ({"Makefile": "all:\n\tls\n"}, []),
    ],
)
def test_what_sets_a_project_up(texts: dict[str, str], commands: list[str]) -> None:
    assert [planned.command for planned in set_up(facts_of(texts))] == commands


@pytest.mark.parametrize(
    ("files", "uses"),
    [
        ({"Makefile": "setup:\n\tpip install -r requirements.txt\n"}, True),
        ({"Makefile": "setup:\n\tpython3 -m pip install .\n"}, True),
        ({"Makefile": "setup: deps\ndeps:\n\tsh install.sh\n", "install.sh": "pip3 install .\n"}, True),
        ({"justfile": "setup:\n  poetry install\n"}, True),
        ({"Makefile": "setup:\n\tuv pip install .\n"}, True),
        ({"Makefile": "setup:\n\tuv sync\n"}, False),
        ({"Makefile": "setup:\n\tcat pipeline.txt\n"}, False),
    ],
)
def test_whether_set_up_uses_pip(files: dict[str, str], uses: bool) -> None:
    facts = facts_of(files)

    assert uses_pip(facts, set_up(facts)) is uses


def test_in_a_folder_of_a_repository_its_own_tasks_count_and_ci_is_followed_from_there() -> None:
    source = TreeSource(
        {
            "svc/train.py": File(TRAIN.encode()),
            "svc/Makefile": File(b"setup:\n\tls\nrun:\n\tpython train.py\n"),
            CI: File(WORKFLOW.format("cd svc && pytest").encode()),
            ".github/workflows/b.yml": File(WORKFLOW.format("tox").encode()),
        }
    )
    source.base = "svc"
    facts = Facts(source)

    assert [planned.command for planned in set_up(facts)] == ["make setup"]
    assert {planned.command for planned in promised(facts)} == {"pytest", "make run"}
