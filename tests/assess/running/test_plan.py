"""What a person agrees to."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.assess.running.commands import Planned
from mlops_ladder.assess.running.origin import Origin
from mlops_ladder.assess.running.plan import Plan, named

COMMANDS = (Planned("make setup", "", "Makefile:3"), Planned("pytest", "ci-tests", ".gitlab-ci.yml:7"))


def test_each_command_is_there_with_its_reason_and_its_place() -> None:
    plan = Plan(COMMANDS, Origin(Path("/r"), "", "0123456789abcdef", ("a.py", "b.py")))

    assert plan.text.splitlines() == [
        "--run executes these commands as you, in a copy of commit 0123456789. It is no sandbox.",
        "  make setup  set-up    (Makefile:3)",
        "  pytest      ci-tests  (.gitlab-ci.yml:7)",
        "Not committed, and so not in the copy: a.py, b.py",
    ]


def test_a_command_that_serves_two_is_there_once() -> None:
    both = [Planned("make test", "ci-tests", "a.yml:5"), Planned("make test", "unit-tests", "Makefile:1")]

    assert Plan(both, Origin(Path("/r"), "")).text.splitlines()[1:] == [
        "  make test  ci-tests, unit-tests  (a.yml:5, Makefile:1)"
    ]


def test_without_git_the_folder_is_named() -> None:
    text = Plan(COMMANDS, Origin(Path("/r"), "")).text

    assert "in a copy of the files in /r." in text
    assert "Not committed" not in text


def test_a_name_with_a_line_end_stays_on_its_line() -> None:
    plan = Plan(
        (Planned("pytest", "ci-tests", "a\n::error::b:1"),), Origin(Path("/r"), "", "0" * 40, ("c\n##[group]d",))
    )

    assert len(plan.text.splitlines()) == 3
    assert "##[" not in plan.text


@pytest.mark.parametrize(
    ("paths", "text"),
    [(["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d", "e"], "a, b, c and 2 more")],
)
def test_a_few_names_stand_for_many(paths: list[str], text: str) -> None:
    assert named(paths) == text
