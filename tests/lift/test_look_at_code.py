"""The modules of a package, and imports of it that nothing answers."""

from __future__ import annotations

import pytest

from mlops_ladder.lift.look_at_code import Modules

TEXTS = {
    "src/trips/__init__.py": "VERSION = 1\n",
    "src/trips/core/model.py": "import json as j\n\n\nclass Model: ...\n",
    "src/trips/late.py": "def __getattr__(name: str) -> int: ...\n",
}
PATHS = frozenset({*TEXTS, "src/trips/unread.py"})


@pytest.mark.parametrize("name", ["trips", "trips.core", "trips.core.model"])
def test_modules_and_packages_that_are_there(name: str) -> None:
    assert Modules(PATHS, TEXTS, "trips").has(name)


@pytest.mark.parametrize("name", ["trips.cor", "trips.model", "core"])
def test_modules_that_are_not(name: str) -> None:
    assert not Modules(PATHS, TEXTS, "trips").has(name)


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("from trips import VERSION, core, late", ""),
        ("from trips.core.model import Model, j", ""),
        ("from trips.late import anything", ""),
        ("from trips.unread import anything", ""),
        ("from trips.core import model", ""),
        ("from trips import model", "trips.model"),
        ("import trips.model as m", "trips.model"),
        ("from trips.core.model import Other", "trips.core.model.Other"),
        ("from trips.model import Model", "trips.model"),
        ("from . import trips", ""),
    ],
)
def test_what_imports_ask_for(line: str, missing: str) -> None:
    texts = {**TEXTS, "src/trips/new.py": f"{line}\n"}
    found = list(Modules(PATHS | {"src/trips/new.py"}, texts, "trips").missing())
    assert found == (
        [("src/trips/new.py", 1, f"imports {missing}, which the project does not have")] if missing else []
    )
