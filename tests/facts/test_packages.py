from __future__ import annotations

import pytest

from mlops_ladder.facts.packages import Packages
from support.facts import facts_of


def packages(path: str, text: str) -> Packages:
    return facts_of({path: text}).packages


def declared(path: str, text: str) -> dict[str, str]:
    return {package.name: package.spec for package in packages(path, text).declared}


@pytest.mark.parametrize(
    "path", ["requirements.txt", "dev-requirements.in", "requirements/base.txt", "constraints.txt"]
)
def test_requirements_files(path: str) -> None:
    assert declared(path, "-r x.txt\nNumpy>=1,<2  # why\n\npandas\n") == {"numpy": "<2,>=1", "pandas": ""}


def test_a_pyproject_with_groups_and_extras() -> None:
    text = """\
        [project]
        dependencies = ["a>=1,<2", 3]
        [project.optional-dependencies]
        x = ["b[y]~=1.0"]
        [dependency-groups]
        dev = ["c", {include-group = "x"}]
        """

    assert declared("pyproject.toml", text) == {"a": "<2,>=1", "b": "~=1.0", "c": ""}


def test_poetry_and_pipenv() -> None:
    poetry = """\
        [tool.poetry.dependencies]
        python = "^3.11"
        a = "^1.2"
        b = {version = "1.3", extras = ["x"]}
        c = "*"
        d = {git = "https://example.com"}
        [tool.poetry.group.dev.dependencies]
        e = "~1.4"
        """

    assert declared("pyproject.toml", poetry) == {
        "a": ">=1.2,<next",
        "b": "==1.3",
        "c": "",
        "d": "",
        "e": ">=1.4,<next",
    }
    assert declared("Pipfile", '[packages]\nA_b = "==1"\n[dev-packages]\nc = "*"\n') == {"a-b": "==1", "c": ""}


def test_conda() -> None:
    text = "dependencies: [python=3.11, conda-forge::numpy>=1, scipy, pandas=2.0, {pip: [a==1, '-r x']}]\n"

    assert declared("environment.yml", text) == {
        "python": "==3.11", "numpy": ">=1", "scipy": "", "pandas": "==2.0", "a": "==1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "from setuptools import setup\nsetup(install_requires=['a>=1', 'b', x], name='c')\n",
        "needs = ['a>=1', 'b']\nsetup(\n    install_requires=needs,\n)\n",
    ],
)
def test_a_setup_script(text: str) -> None:
    assert declared("setup.py", text) == {"a": ">=1", "b": ""}
    assert declared("setup.py", "setup(install_requires=read())") == declared("setup.py", "setup(") == {}


def test_setup_and_other_languages() -> None:
    assert declared("setup.cfg", "no section") == {}
    assert declared("setup.cfg", "[options]\ninstall_requires =\n  a>=1\n  b\n") == {"a": ">=1", "b": ""}
    assert packages("DESCRIPTION", "Imports: x").files == ("DESCRIPTION",)


def test_lock_files_and_the_files_that_declare() -> None:
    found = facts_of({"uv.lock": "", "a/poetry.lock": "", "b/requirements.txt": "# none\n", "requirements.txt": "x"})

    assert found.packages.locks == ("a/poetry.lock", "uv.lock")
    assert found.packages.files == ("requirements.txt",)


@pytest.mark.parametrize("text", ["project = 3", "[project]\ndependencies = 'x'", "[tool]\npoetry = {group = {a = 1}}"])
def test_tables_of_another_shape(text: str) -> None:
    assert packages("pyproject.toml", text).declared == ()
