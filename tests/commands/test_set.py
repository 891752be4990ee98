"""`ladder set` as a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.ladder import new_trips
from support.ladder import started as ladder
from support.repos import git, isolate

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)
project = pytest.fixture(new_trips)


def test_set_changes_the_ci_host(project: Path) -> None:
    assert ladder(project, "up").returncode == 0
    done = ladder(project, "set", "ci=gitlab")
    assert done.returncode == 0, done.stderr
    assert 'ci = "gitlab"' in (project / ".ladder.toml").read_text()
    assert git(project, "branch", "--show-current") == "ladder/set-ci-gitlab\n"
    again = ladder(project, "set", "ci=gitlab", "--branch", "again")
    assert again.stdout == "Nothing to do.\n"


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["set", "ci"], "KEY=VALUE"),
        (["set", "x=1"], "cannot be set"),
    ],
)
def test_wrong_usage(project: Path, args: list[str], match: str) -> None:
    done = ladder(project, *args)
    assert done.returncode == 2
    assert match in done.stderr
