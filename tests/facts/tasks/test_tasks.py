"""Named tasks, each with the line that names it: the same words stand in comments and descriptions before."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.tasks.model import Task
from support.facts import facts_of, marked

# tool -> (file, text, the task's script); the task is called `train`, its line is marked.
CASES: dict[str, tuple[str, str, str]] = {
    "make": (
        "Makefile",
        """\
        # train: how it was
        NAMES = train \\
          test
        .PHONY: train
        all: train ; echo all
        train: data.csv | out  # HERE
        \t@python train.py \\
        \t  --fast
        \t-rm $(NAMES)
        """,
        "python train.py --fast\nrm train test || true",
    ),
    "just": (
        "justfile",
        """\
        # train:
        args := '--fast'

        train flag='1': lint # HERE
            python train.py {{args}}
        """,
        "python train.py '--fast'",
    ),
    "task": (
        "Taskfile.yml",
        """\
        # train:
        tasks:
          all: {deps: [train]}
          train:  # HERE
            cmds: [python train.py, {cmd: ls}]
        """,
        "python train.py\nls",
    ),
    "dvc": (
        "dvc.yaml",
        """\
        # train:
        stages:
          prepare:
            cmd: "echo train:"
          train:  # HERE
            cmd: [python train.py, ls]
        """,
        "python train.py\nls",
    ),
    "mlproject": (
        "MLproject",
        """\
        name: train
        # train:
        entry_points:
          main: {command: x}
          train:  # HERE
            command: python train.py
        """,
        "python train.py",
    ),
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
    "npm": (
        "package.json",
        """\
        {
        \t"name": "train",
        \t"config": {"train": 1},
        \t"scripts": {
        \t\t"train": "python train.py HERE"
        \t}
        }
        """,
        "python train.py HERE",
    ),
    "snakemake": (
        "Snakefile",
        """\
        # rule train:
        rule all:
          input: 'train'
        rule train:  # HERE
          shell: 'python train.py'
        """,
        "python train.py",
    ),
}


def named(name: str, texts: dict[str, str]) -> Task:
    (task,) = [task for task in facts_of(texts).tasks if task.name == name]
    return task


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    path, text, script = CASES[tool]
    task = named("train", {path: text})

    assert (task.tool, [line.split() for line in task.script.strip().split("\n")]) == (
        tool, [line.split() for line in script.split("\n")],
    )  # fmt: skip
    assert task.where == f"{path}:{marked(text)}"


def test_scripts_of_setuptools_and_poetry() -> None:
    setup = "setup(\n  entry_points={'console_scripts': [\n    'train=pkg.train:main',\n  ]},\n)\n"
    poetry = "[tool.poetry.scripts]\nserve = 'pkg.serve:main'\n"
    tasks = facts_of({"setup.py": setup, "pyproject.toml": poetry}).tasks

    assert [(task.name, task.script, task.where) for task in tasks] == [
        ("serve", "pkg.serve:main", "pyproject.toml:2"),
        ("train", "pkg.train:main", "setup.py:3"),
    ]


def test_what_a_make_target_needs_and_where_it_runs() -> None:
    texts = {
        "app/Makefile": "include make/x.mk\na b: c $(D) | e\nD := d\nf:: ; ls\nx = y\n",
        "app/make/x.mk": "g:\n\tls\n",
        "app/lib/y.mk": "h:\n\tls\n",
    }
    tasks = {task.name: task for task in facts_of(texts).tasks}

    assert tasks.keys() == {"a", "b", "f", "g", "h"}
    assert tasks["a"].needs == tasks["b"].needs == ("c", "d", "e")
    assert tasks["f"].script.strip() == "ls"
    assert [tasks[name].folder for name in "agh"] == ["app", "app", "app/lib"]


def test_the_help_of_a_make_target_is_what_follows_two_hashes() -> None:
    text = "train: data ## fit the model\n\tpython train.py\nclean: # only for us\n\trm -r out\n"
    assert named("train", {"Makefile": text}).help == "fit the model"
    assert named("clean", {"Makefile": text}).help == ""


def test_recipes_of_a_justfile() -> None:
    text = "set shell := ['bash']\n@all *args: (lint 'x')\n  ls\ntwo a b='1' +c:\n  ls {{a}}\nalias x := two\n"
    tasks = facts_of({".justfile": text}).tasks

    assert [(task.tool, task.name, task.line) for task in tasks] == [("just", "all", 2), ("just", "two", 4)]


def test_lines_of_a_makefile_with_carriage_returns_and_continued_lines() -> None:
    task = named("b", {"Makefile": "A = 1 \\\r\n 2 \\\r\n 3\r\nb:\r\n\tls \\\r\n\t-l\r\n"})

    assert (task.line, task.script.split()) == (4, ["ls", "-l"])


def test_inputs_and_outputs_of_a_stage() -> None:
    text = """\
        stages:
          train:
            foreach: [a, b]
            do:
              cmd: python train.py
              wdir: src
              deps: [train.py, {data.csv: {hash: md5}}]
              outs: [model.pkl]
              metrics: [{m.json: {cache: false}}]
        """
    task = named("train", {"ml/dvc.yaml": text})

    assert task.folder == "ml/src"
    assert task.ins == ("train.py", "data.csv")
    assert task.outs == ("model.pkl", "m.json")


def test_what_dvc_keeps_of_the_outputs_of_a_stage() -> None:
    text = """\
stages:
  train:
    cmd: python train.py
    outs: [models, {kept.txt: {cache: false}}, {big.bin: {persist: true}}]
    metrics: [{metrics.json: {cache: false}}]
    plots: [{plot.csv: {x: n}}]
"""
    task = named("train", {"dvc.yaml": text})
    assert task.outs == ("models", "kept.txt", "big.bin", "metrics.json", "plot.csv")
    assert task.held == ("models", "big.bin", "plot.csv")


def test_the_name_that_a_nox_session_is_given() -> None:
    text = "from nox import session\n@session(name='unit-tests')\ndef tests(s):\n    s.run('pytest', '-q', env={})\n"

    assert named("unit-tests", {"noxfile.py": text}).script == "pytest -q"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dvc.yaml", "stages: [a]"), ("dvc.yaml", "stages: {a: 3}"), ("Taskfile.yml", "tasks: {a: 3}"),
        ("MLproject", "[]"),
        ("tox.ini", "no section"), ("noxfile.py", "def ("), ("pyproject.toml", "tool = 3"), ("package.json", "[]"),
        ("pyproject.toml", "[tool]\npoe = 3\nhatch = {envs = 1}"), ("package.json", '{"scripts": ["a"]}'),
    ],
)  # fmt: skip
def test_what_is_malformed_holds_no_task(path: str, text: str) -> None:
    assert facts_of({path: text}).tasks == []


def test_a_nox_session_is_opened_up() -> None:
    texts = {"noxfile.py": CASES["nox"][1], "train.py": "def fit():\n    pass\n"}
    graph = facts_of(texts).graph

    assert [command.line for command in graph.commands("nox -s train")] == ["nox -s train", "python train.py"]
