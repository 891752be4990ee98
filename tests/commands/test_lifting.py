"""What `up`, `update` and `set` have in common: what is printed when, the exit code, and what a dry run leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.commands._lifting import lift
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.lift import requests
from support.repos import git, isolate, new, save, state, templates, under_way

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return templates(tmp_path / "templates")


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    return new(tmp_path / "trips", root, 1)


@pytest.fixture
def run(project: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Lift the project to a level; the exit code and what was printed."""

    def run(to: int = 2, *, dry_run: bool = False, as_json: bool = False) -> tuple[int, str]:
        code: Any = 0
        try:
            lift(
                project,
                lambda lock: requests.climb(lock, to, root) if lock.level < to else [],
                lambda lock: f"from-{lock.level}",
                dry_run=dry_run,
                as_json=as_json,
            )
        except SystemExit as ended:
            code = ended.code
        return code, capsys.readouterr().out

    return run


def conflict(project: Path) -> None:
    """A file where level 2 brings one."""
    (project / ".dvc").mkdir()
    (project / ".dvc/config").write_text("[mine]\n")
    save(project)


def test_the_plan_then_what_has_come_about(project: Path, run: Callable[..., tuple[int, str]]) -> None:
    code, printed = run()

    assert code == 0
    assert printed.startswith("level 1 -> 2 (Reproducible)\n")
    assert printed.index("To branch from-1, 1 commit.") < printed.index("Done: commit ")
    assert git(project, "branch", "--show-current") == "from-1\n"


def test_a_dry_run_prints_the_plan_alone_and_leaves_no_trace(
    project: Path, run: Callable[..., tuple[int, str]]
) -> None:
    before = state(project)
    dry = run(dry_run=True)
    assert state(project) == before

    assert dry[0] == 0
    assert run()[1].startswith(dry[1])


def test_conflicts_end_with_1_foretold_or_come_about(project: Path, run: Callable[..., tuple[int, str]]) -> None:
    conflict(project)
    foretold = run(dry_run=True)
    assert foretold[0] == 1
    assert "in conflict    1  .dvc/config" in foretold[1]
    code, printed = run()

    assert code == 1
    assert "Needs you:\n  .dvc/config: added on both sides\n" in printed
    assert "Assessed" not in printed
    assert under_way(project)


def test_nothing_to_do_is_said(project: Path, run: Callable[..., tuple[int, str]]) -> None:
    before = state(project)

    assert run(1) == (0, "Nothing to do.\n")
    assert json.loads(run(1, as_json=True)[1])["steps"] == []
    assert state(project) == before


def test_json_is_all_that_is_printed(run: Callable[..., tuple[int, str]]) -> None:
    planned = json.loads(run(dry_run=True, as_json=True)[1])
    done = json.loads(run(as_json=True)[1])

    assert (planned["dry_run"], planned["result"], planned["to_level"]) == (True, None, 2)
    assert (done["dry_run"], done["steps"]) == (False, planned["steps"])
    assert done["result"]["assessed_level"] == 0  # these small templates train nothing


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (LadderError("It cannot be read."), ""),
        (LadderError("The check failed.", code=BUG), "The check failed."),
        (KeyboardInterrupt(), ""),
    ],
)
def test_a_result_that_cannot_be_assessed_is_told_all_the_same(
    project: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    failure: BaseException, said: str,
) -> None:  # fmt: skip
    def failing(_: Path) -> None:
        raise failure

    monkeypatch.setattr("mlops_ladder.assess.assess.level_of", failing)
    with pytest.raises(SystemExit) as ended:
        lift(project, lambda lock: requests.climb(lock, 2, root), lambda _: "up", dry_run=False, as_json=False)
    out, err = capsys.readouterr()

    assert ended.value.code == 0
    assert "Done: commit " in out
    assert "Assessed" not in out
    assert (said in err) if said else err == ""


def test_an_interrupt_after_the_lift_says_that_it_is_done_and_how_to_undo_it(
    project: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlops_ladder.commands._lifting.result_text", interrupted)
    with pytest.raises(SystemExit) as ended:
        lift(project, lambda lock: requests.climb(lock, 2, root), lambda _: "up", dry_run=False, as_json=False)
    said = capsys.readouterr().err

    assert ended.value.code == 130
    assert said.startswith("Interrupted; the lift is done, on branch up. Undo: git switch main")
    for step in said.rpartition("Undo: ")[2].split(" && "):
        git(project, *step.split()[1:])
    assert state(project)[:3] == before[:3]
