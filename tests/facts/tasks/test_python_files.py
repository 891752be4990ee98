"""Tasks of the tools of Python, each with the line that names it."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.tasks import Case, is_read, named

# In each, the task is called `train`, and its line is marked; its name stands in comments and descriptions before.
CASES: dict[str, Case] = {
    "tox": (
        "tox.ini",
        """\
        # [testenv:train]
        [testenv]
        description = [testenv:train]
        [testenv:train]  ; HERE
        commands = python train.py
        """,
        "python train.py",
    ),
    "nox": (
        "noxfile.py",
        """\
        import nox

        # def train(session):
        @nox.session
        def train(session):  # HERE
            session.install("x")
            session.run("python", "train.py")
        """,
        "python train.py",
    ),
    "poe": (
        "pyproject.toml",
        """\
        [project]
        name = "x"
        description = "train a model"
        # train = 1
        [tool.poe.tasks]
        train = {cmd = "python train.py"}  # HERE
        """,
        "python train.py",
    ),
    "pdm": (
        "pyproject.toml",
        """\
        [tool.other]
        train = 1
        [tool.pdm.scripts]
        "train" = "python train.py"  # HERE
        """,
        "python train.py",
    ),
    "pixi": (
        "pyproject.toml",
        """\
        [tool.pixi]
        name = "train"
        [tool.pixi.tasks.train]  # HERE
        cmd = "python train.py"
        """,
        "python train.py",
    ),
    "hatch": (
        "pyproject.toml",
        """\
        [tool.hatch.envs.a]
        dependencies = ["train"]
        [tool.hatch.envs.a.scripts]
        train = ["python train.py", "ls"]  # HERE
        """,
        "python train.py\nls",
    ),
    "script": (
        "pyproject.toml",
        """\
        [project]
        keywords = ["train"]
        scripts.x = "p:x"
        scripts.train = "pkg.train:main"  # HERE
        """,
        "pkg.train:main",
    ),
}


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    is_read(tool, CASES[tool])


def test_scripts_of_setuptools_and_poetry() -> None:
    setup = "setup(\n  entry_points={'console_scripts': [\n    'train=pkg.train:main',\n  ]},\n)\n"
    poetry = "[tool.poetry.scripts]\nserve = 'pkg.serve:main'\n"
    tasks = facts_of({"setup.py": setup, "pyproject.toml": poetry}).tasks

    assert [(task.name, task.script, task.where) for task in tasks] == [
        ("serve", "pkg.serve:main", "pyproject.toml:2"),
        ("train", "pkg.train:main", "setup.py:3"),
    ]


def test_the_name_that_a_nox_session_is_given() -> None:
    text = "from nox import session\n@session(name='unit-tests')\ndef tests(s):\n    s.run('pytest', '-q', env={})\n"

    assert named("unit-tests", {"noxfile.py": text}).script == "pytest -q"


def test_a_nox_session_is_opened_up() -> None:
    texts = {"noxfile.py": CASES["nox"][1], "train.py": "def fit():\n    pass\n"}
    graph = facts_of(texts).graph

    assert [command.line for command in graph.commands("nox -s train")] == ["nox -s train", "python train.py"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "no section"), ("noxfile.py", "def ("), ("pyproject.toml", "tool = 3"),
        ("pyproject.toml", "[tool]\npoe = 3\nhatch = {envs = 1}"),
    ],
)  # fmt: skip
def test_what_is_malformed_holds_no_task(path: str, text: str) -> None:
    assert facts_of({path: text}).tasks == []
