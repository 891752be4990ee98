"""Targets of make and recipes of just, each with the line that names it."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.tasks import Case, is_read, named

# In each, the task is called `train`, and its line is marked; its name stands in comments and descriptions before.
CASES: dict[str, Case] = {
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
}


@pytest.mark.parametrize("tool", CASES)
def test_a_task_and_its_line(tool: str) -> None:
    is_read(tool, CASES[tool])


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


def test_what_a_makefile_holds_besides_rules() -> None:
    text = """\
define HELP
no rule: neither this
\tnor that
endef
It's no name that make knows: it's prose, is it?
$(info a: b)
$(OBJECTS): %.o: %.c
A := $(shell date +%H:%M)
b := 1
a:: b ; echo a:b
t: X = 1
"""
    tasks = facts_of({"Makefile": text}).tasks

    assert [(task.name, task.line, task.script) for task in tasks] == [("a", 10, " echo a:b")]


def test_lines_that_variables_make_too_long_are_said() -> None:
    facts = facts_of({"Makefile": f"A={'xx ' * 3_000}\nrun:\n\techo $(A) $(A)\n"})

    assert len(facts.tasks[0].script) <= 10_000
    assert facts.files.unseen == {
        "Makefile": "has lines of more than 10,000 characters once its variables are filled in"
    }
