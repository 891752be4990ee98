"""`ladder update` as a command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.ladder import new_trips
from support.ladder import started as ladder
from support.repos import isolate, state

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)
project = pytest.fixture(new_trips)


def test_update_of_a_project_that_is_up_to_date_is_nothing(project: Path) -> None:
    before = state(project)
    done = ladder(project, "update")
    assert (done.returncode, done.stdout) == (0, "Nothing to do.\n")
    assert json.loads(ladder(project, "update", "--json").stdout)["steps"] == []
    assert state(project) == before
