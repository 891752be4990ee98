"""Stages of DVC, tasks of a Taskfile and entry points of MLflow, each with the line that names it."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.tasks import Case, is_read, named

# In each, the task is called `train`, and its line is marked; its name stands in comments and descriptions before.
CASES: dict[str, Case] = {
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
}


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    is_read(tool, CASES[tool])


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


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dvc.yaml", "stages: [a]"), ("dvc.yaml", "stages: {a: 3}"), ("Taskfile.yml", "tasks: {a: 3}"),
        ("MLproject", "[]"),
    ],
)  # fmt: skip
def test_what_is_malformed_holds_no_task(path: str, text: str) -> None:
    assert facts_of({path: text}).tasks == []
