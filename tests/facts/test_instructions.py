"""Where it is said how a project is run."""

from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = {"train.py": "from sklearn.svm import SVC\n\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"}


@pytest.mark.parametrize(
    ("more", "places", "note"),
    [
        ({"README.md": "# A\n\nRun `python train.py`.\n"}, ("README.md:3",), ""),
        ({"README.md": "Run train.py with python.\n"}, ("README.md",), ""),
        ({"README.md": "Run `python fit.py`.\n"}, (), "README.md:1 names fit.py, which is not there"),
        ({"README.md": "A project.\n"}, (), "no document names a command or file that trains the model"),
        ({"README.md": "A project.\n", "Makefile": "run:\n\tpython train.py\n"}, ("Makefile:1",), ""),
    ],
)
def test_where_it_is_said_how_to_run(more: dict[str, str], places: tuple[str, ...], note: str) -> None:
    found = facts_of(TRAIN | more).instructions.runbook
    assert (found.places, found.note) == (places, note)


def test_where_nothing_trains_there_is_nothing_to_run() -> None:
    assert facts_of({"README.md": "Run `python train.py`.\n"}).instructions.runbook.note == "there is nothing to run"
