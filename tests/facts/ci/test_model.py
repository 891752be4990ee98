from __future__ import annotations

import pytest

from mlops_ladder.facts.ci.model import Job, Step, shell_step
from mlops_ladder.facts.read.yaml import Script


def job(*triggers: str, branches: tuple[str, ...] = (), approval: str = "") -> Job:
    return Job("github", "a.yml", "a", "", frozenset(triggers), (), branches=branches, approval=approval)


@pytest.mark.parametrize(
    ("found", "on_pull_request", "unattended"),
    [
        (job("pull_request"), True, False),
        (job("push"), True, True),
        (job("push", branches=("main",)), False, True),
        (job("push", "pull_request"), True, False),
        (job("schedule"), False, True),
        (job("event", approval="a.yml:1"), False, False),
        (job("manual"), False, False),
        (job("tag"), False, True),
    ],
)
def test_who_starts_it(found: Job, on_pull_request: bool, unattended: bool) -> None:
    assert (found.on_pull_request(), found.unattended()) == (on_pull_request, unattended)


def test_lines_of_a_step() -> None:
    step = shell_step(Script("\na\nb", (4, 5, 6)))

    assert (step.line, step.at(2), step.at(9)) == (5, 6, 5)
    assert Step("a", line=3).at(1) == 3
    assert shell_step(Script("a", (0,))).line == 1
