"""Rules of a Snakefile, each with the line that names it."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.tasks import Case, is_read, words

# In each, the task is called `train`, and its line is marked; its name stands in comments and descriptions before.
CASES: dict[str, Case] = {
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


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    is_read(tool, CASES[tool])


def test_a_rule_has_every_script_that_it_names_and_one_without_has_none() -> None:
    text = """
        rule all:
          input: 'x'
        rule fit:
          shell: \"""
          python a.py
          ls\"""
        rule show:
          notebook: 'n.ipynb'
        """
    tasks = facts_of({"flow/Snakefile": text, "rules.smk": "rule lost:\n  shell: 'ls'\n"}).tasks

    assert [(task.name, words(task.script), task.folder) for task in tasks] == [
        ("all", [[]], "flow"),
        ("fit", [["python", "a.py"], ["ls"]], "flow"),
        ("show", [["n.ipynb"]], "flow"),
    ]


def test_a_script_in_three_quotes_and_one_that_is_not_closed() -> None:
    text = "rule a:\n  shell:\n    '''\n    make a\n    '''\nrule b:\n  shell: \"\"\"make b\n"
    tasks = facts_of({"Snakefile": text}).tasks

    assert [(task.name, task.script.strip()) for task in tasks] == [("a", "make a"), ("b", "")]
