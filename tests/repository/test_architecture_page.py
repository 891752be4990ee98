"""`docs/architecture.md` held against the code: the drawing is the table of arrows, the walks lead along imports."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mlops_ladder.cli import COMMANDS
from repository.test_architecture import PACKAGE, ROOMS, imported

PAGE = (Path(__file__).parents[2] / "docs/architecture.md").read_text("utf-8")
BELOW_ALL = {"errors", "atomic", "deadline", "legible", "progress"}
WALKS = {
    name: re.findall(r"^\d+\. `([\w/]+\.py): (\w+)`", part, re.MULTILINE)
    for name, part in re.findall(r"^### `ladder (\w+)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
}


def test_the_drawing_is_the_table_of_arrows() -> None:
    drawn = {tuple(arrow) for arrow in re.findall(r"^    (\w+) --> (\w+)$", PAGE, re.MULTILINE)}
    assert drawn == {(a, b) for a, below in ROOMS.items() for b in below - BELOW_ALL if a != "__main__"}


def test_every_room_has_its_line() -> None:
    rows = "\n".join(re.findall(r"^\| `.*$", PAGE, re.MULTILINE))
    told = set(re.findall(r"`(\w+)(?:/|\.py)`", rows.replace("`, `", "` `")))
    assert told == set(ROOMS) - BELOW_ALL - {"__main__"}


def test_the_walks_are_those_of_three_commands_and_short() -> None:
    assert set(WALKS) == {"new", "up", "assess"}
    assert all(2 < len(stops) <= 10 for stops in WALKS.values())


@pytest.mark.parametrize("walk", WALKS)
def test_each_stop_is_there_and_reached_from_one_before(walk: str) -> None:
    reached: set[str] = set()
    for place, (module, name) in enumerate(WALKS[walk]):
        tree = ast.parse((PACKAGE / module).read_text("utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        assert name in defined, f"{module} has no {name}"
        assert place == 0 or module in reached, f"no stop before {module} imports it"
        reached |= {module, *(path for full in imported(PACKAGE / module) for path in paths(full))}
        # Who imports from a room may mean what the room's own face imports.
        faces = [PACKAGE / path for path in reached if path.endswith("__init__.py") and (PACKAGE / path).is_file()]
        reached |= {path for face in faces for full in imported(face) for path in paths(full)}
        if module == "cli.py":  # it imports commands by their names
            reached |= {f"commands/{command}.py" for command in COMMANDS}


def paths(name: str) -> list[str]:
    """The modules that an imported name may be, or be in."""
    parts = name.split(".")[1:]
    folders = ["/".join(parts[:end]) for end in (len(parts), len(parts) - 1) if parts[:end]]
    return [name for folder in folders for name in (f"{folder}.py", f"{folder}/__init__.py")]
