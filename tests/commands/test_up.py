"""`ladder up` as a command, on projects that `ladder new` made."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.commands import up
from mlops_ladder.project.layers import available
from support.ladder import new_trips
from support.ladder import started as ladder
from support.repos import git, isolate, save, state

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)
project = pytest.fixture(new_trips)


def conflict(project: Path) -> None:
    """An edit at the place where level 2 changes the Makefile."""
    makefile = project / "Makefile"
    text = makefile.read_text()
    assert "\tuv run python -m trips.train\n\tuv run python -m trips.evaluate\n" in text
    makefile.write_text(
        text.replace("\tuv run python -m trips.train\n\tuv run python -m", "\techo mine\n\tuv run python -m")
    )
    save(project)


def test_the_plan_is_what_dry_run_prints(project: Path) -> None:
    before = state(project)
    dry = ladder(project, "up", "--dry-run")
    assert dry.returncode == 0
    assert state(project) == before
    real = ladder(project, "up")
    assert real.returncode == 0
    assert real.stdout.startswith(dry.stdout)
    assert "level 1 -> 2 (Reproducible)" in dry.stdout
    assert "To branch ladder/level-2, 1 commit." in dry.stdout
    rest = real.stdout.removeprefix(dry.stdout)
    assert "Done: commit " in rest
    assert "make setup" in rest
    assert real.stderr == ""


def test_undo_is_the_printed_command(project: Path) -> None:
    before = state(project)
    out = ladder(project, "up").stdout
    undo = out.split("Undo:\n")[1].strip()
    subprocess.run(undo, shell=True, cwd=project, check=True, capture_output=True)
    *same, disk = state(project)
    assert tuple(same) == before[:3]
    assert {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")} == before[3]


def test_a_conflict_is_foretold_told_and_undone(project: Path) -> None:
    conflict(project)
    before = state(project)
    dry = ladder(project, "up", "--dry-run")
    assert dry.returncode == 1
    assert "in conflict" in dry.stdout
    real = ladder(project, "up")
    assert real.returncode == 1
    assert real.stdout.startswith(dry.stdout)
    rest = real.stdout.removeprefix(dry.stdout)
    assert "Stopped at 1 of " in rest
    assert "Makefile: changed on both sides" in rest
    assert "git add Makefile" in rest
    assert "git cherry-pick --continue" in rest
    undo = rest.split("Undo:\n")[1].strip()
    subprocess.run(undo, shell=True, cwd=project, check=True, capture_output=True)
    *same, disk = state(project)
    assert tuple(same) == before[:3]
    assert {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")} == before[3]


def test_json_has_the_same_facts(project: Path) -> None:
    conflict(project)
    dry: dict[str, Any] = json.loads(ladder(project, "up", "--dry-run", "--json").stdout)
    text = ladder(project, "up", "--dry-run").stdout
    step = dry["steps"][0]
    for key in ("added", "updated", "merged", "removed", "dependencies"):
        assert all(name in text for name in step[key])
    recipe = (project / "Makefile").read_text("utf-8").splitlines().index(
        "run: ## everything: train, evaluate, predict"
    ) + 2
    told = f"changed on both sides at the same place: line {recipe}"
    assert step["conflicts"] == [{"path": "Makefile", "what": told}]
    assert all(verb["help"] in text for verb in step["verbs"])
    assert dry["result"] is None
    done = ladder(project, "up", "--json")
    assert done.returncode == 1
    real = json.loads(done.stdout)
    assert real["result"]["in_progress"] is True
    assert [task["path"] for task in real["result"]["todo"]] == ["Makefile", ""]
    assert shlex.split(real["result"]["undo"])[:3] == ["git", "cherry-pick", "--abort"]
    without = {key: value for key, value in real.items() if key not in ("dry_run", "result")}
    assert without == {key: value for key, value in dry.items() if key not in ("dry_run", "result")}


def test_to_and_branch_and_a_path(project: Path) -> None:
    done = ladder(project.parent, "up", "trips", "--to", str(available()[-1]), "--branch", "higher")
    assert done.returncode == 0, done.stderr
    assert git(project, "branch", "--show-current") == "higher\n"
    assert git(project, "rev-list", "--count", "main..higher") == f"{available()[-1] - 1}\n"
    assert f"cd {project}" in done.stdout


def test_the_result_is_assessed_and_a_shortfall_is_told(project: Path) -> None:
    report = json.loads(ladder(project, "up", "--json").stdout)["result"]
    assert report["assessed_level"] == 2
    assert report["todo"] == []
    git(project, "rm", "-q", "-r", "tests", ".github")
    save(project, "no tests, no CI")
    done = ladder(project, "up")
    assert done.returncode == 0
    assert "Assessed from its evidence: level 1." in done.stdout
    assert "the evidence amounts to level 1, not 3" in done.stdout


def test_ctrl_c_while_the_result_is_assessed_still_tells_what_was_done(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlops_ladder.assess.assess.level_of", interrupted)
    with pytest.raises(SystemExit) as ended:
        up.command(project)

    assert ended.value.code == 0
    assert "git switch main && git branch -D ladder/level-2" in capsys.readouterr().out


def test_errors_name_the_way_out_and_exit_with_2(project: Path) -> None:
    (project / "Makefile").write_text("dirty\n")
    done = ladder(project, "up")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "not committed: Makefile" in done.stderr
    assert "hint:" in done.stderr


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["up", "--to", "9"], "no level 9"),
        (["up", "--to", "0"], "already"),
    ],
)
def test_wrong_usage(project: Path, args: list[str], match: str) -> None:
    done = ladder(project, *args)
    assert done.returncode == 2
    assert match in done.stderr
