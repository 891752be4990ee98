"""The first law of `ladder up`: lifted from level N, a pristine project is what `ladder new` makes at N + 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan
from support.cases import VARIANTS, lifts
from support.repos import climb, git, isolate
from support.shapes import choices_of

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)


def made(folder: Path, level: int, variant: str, data: Path | None) -> Path:
    own = {"data": data, "target": "price"} if data else {}
    request = Request(folder / "homes", level=level, choices=choices_of(variant), id="0a1b2c", **own)  # type: ignore[arg-type]
    create(plan(request))
    return folder / "homes"


def on_disk(project: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its mode, the cache of DVC too."""
    return {
        path.relative_to(project).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in project.rglob("*")
        if path.is_file() and path.relative_to(project).parts[0] != ".git"
    }


@pytest.mark.parametrize("own", [False, True], ids=["sample", "own data"])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("low", "high"), lifts())
def test_up_of_new_is_new(tmp_path: Path, low: int, high: int, variant: str, own: bool) -> None:
    data = None
    if own:
        data = tmp_path / "my homes.csv"
        rows = [f"{n % 7};{'abc'[n % 3]};{n * 37 % 100}" for n in range(300)]
        data.write_text("rooms;town;price\n" + "\n".join(rows) + "\n")
    project = made(tmp_path / "low", low, variant, data)
    expected = made(tmp_path / "high", high, variant, data)
    found, outcome = climb(project, None, high)
    assert not outcome.in_progress
    assert not any(step.aside for step in found.steps)
    assert git(project, "ls-tree", "-r", "HEAD") == git(expected, "ls-tree", "-r", "HEAD")
    assert on_disk(project) == on_disk(expected)
    assert git(project, "status", "--porcelain") == ""
