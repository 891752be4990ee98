"""What is read of a lift: the plan before it, what needs a person after it, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.git.run import Git
from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.fit import Aside
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.plan import Change, Data, LiftPlan, LiftStep
from mlops_ladder.lift.report import as_data, next_steps, plan_text, result_text, todo, undo
from mlops_ladder.project.dvc import Digest
from mlops_ladder.project.lock import lock_of
from support.repos import ANSWERS

HEAD, COMMIT, DONE = "a" * 40, "b" * 40, "c" * 40
FOLDER = Path("/somewhere/my trips")


def step(level: int = 2, moved: tuple[str, ...] = (), **more: Any) -> LiftStep:
    """A step that does nothing but what is named."""
    change = Change(f"level {level - 1} -> {level}", "It gives more.", {}, {}, lock_of({}, ANSWERS, level), moved=moved)
    names = ("added", "updated", "merged", "removed", "aside", "conflicts", "verbs", "dependencies", "data", "handed")
    nothing = dict.fromkeys((*names, "drop"), ())
    return LiftStep(change=change, commit=COMMIT, tree="", **(nothing | more))


def planned(*steps: LiftStep, left: int = 0, branch: str = "main") -> LiftPlan:
    repo = Repo(Git(FOLDER), FOLDER, "", HEAD, branch, {}, lock_of({}, ANSWERS, 1))
    return LiftPlan(repo, "ladder/level-2", steps, left)


CLEAN = Outcome(DONE, in_progress=False, hooks=(), assessed=2)
STOPPED = Outcome(DONE, in_progress=True, hooks=("pre-commit",))


def test_the_plan_counts_and_names_what_each_step_does() -> None:
    digest = Digest("0" * 32, 7)
    full = step(
        added=("a.py", "b.py"),
        merged=("Makefile",),
        aside=(Aside("kept.txt", "kept as yours: its template changes"),),
        conflicts=(("c.py", "added on both sides"),),
        verbs=(("pull", "bring data"),),
        dependencies=("dvc>=3", "mlflow>=3"),
        data=(Data("old.csv", FOLDER, digest, moved=True), Data("new.csv", FOLDER, digest, moved=False)),
    )
    assert (
        plan_text(planned(step(removed=("x.py",)), full, left=1))
        == """\
level 1 -> 2
  It gives more.

  removed        1  x.py

level 1 -> 2
  It gives more.

  added          2  a.py
                    b.py
  merged         1  Makefile
  kept           1  kept.txt (kept as yours: its template changes)
  in conflict    1  c.py (added on both sides)
  data           2  old.csv (from git to DVC; the file stays in place)
                    new.csv (comes, held by DVC)
  new verbs         make pull         bring data
  new packages      dvc>=3
                    mlflow>=3

To branch ladder/level-2, 2 commits. 1 more to come once the conflicts are resolved."""
    )


def test_one_step_is_one_commit() -> None:
    assert plan_text(planned(step())).endswith("\n\nTo branch ladder/level-2, 1 commit.")


@pytest.mark.parametrize(
    ("what", "commands"),
    [
        ("changed on both sides at the same place", ["git add 'a b'  # after editing it"]),
        (
            "binary file changed on both sides",
            ["git add 'a b'  # keep yours", "git checkout --theirs 'a b' && git add 'a b'  # take the new one"],
        ),
        ("edited by you, deleted by the new version", ["git add 'a b'  # keep it", "git rm 'a b'  # let it go"]),
        (
            "a file on one side, a folder on the other",
            ["git status", "git add 'a b'  # or git rm, for every path named there"],
        ),
    ],
)
def test_a_conflict_has_the_commands_that_settle_it(what: str, commands: list[str]) -> None:
    conflict, last = todo(planned(step(conflicts=(("a b", what),))), STOPPED)

    assert conflict == {"path": "a b", "what": what, "commands": commands}
    assert last["commands"] == ["git cherry-pick --continue"]


def test_what_needs_a_person_after_a_clean_lift() -> None:
    full = step(
        moved=("there.csv", "link.csv"),
        data=(Data("there.csv", FOLDER, Digest("0" * 32, 7), moved=True),),
        handed=("plot.png",),
        aside=(Aside("a b", "kept as yours: its template changes"),),
    )
    outcome = Outcome(DONE, in_progress=False, hooks=("pre-commit", "commit-msg"), assessed=1)

    assert [(task["path"], task["commands"]) for task in todo(planned(full), outcome)] == [
        ("link.csv", ["uv run dvc add link.csv"]),
        ("plot.png", ["git rm --cached plot.png"]),
        ("a b", [f"git diff {COMMIT[:12]}^ {COMMIT[:12]} -- 'a b'  # what the template changes"]),
        ("", ["ladder assess"]),
        ("", ["git commit --amend --no-edit"]),
    ]
    assert todo(planned(step()), CLEAN) == []


@pytest.mark.parametrize(
    ("branch", "in_progress", "command"),
    [
        ("main", False, "git switch main && git branch -D ladder/level-2"),
        ("main", True, "git cherry-pick --abort && git switch main && git branch -D ladder/level-2"),
        ("", False, f"git switch --detach {HEAD[:12]} && git branch -D ladder/level-2"),
        ("ladder/level-2", False, f"git reset --keep {HEAD[:12]}"),
        ("ladder/level-2", True, f"git cherry-pick --abort && git reset --keep {HEAD[:12]}"),
    ],
)
def test_the_way_back(branch: str, in_progress: bool, command: str) -> None:
    assert undo(planned(step(), branch=branch), in_progress=in_progress) == command


def test_what_to_type_next() -> None:
    plain = ["make setup", "make run", "make test"]

    assert next_steps(planned(step(), left=2), CLEAN) == next_steps(planned(step()), STOPPED) == plain
    assert next_steps(planned(step(), left=2), STOPPED) == [*plain, "ladder up --to 4 --branch ladder/level-2"]


def test_the_result_of_a_clean_lift() -> None:
    assert (
        result_text(planned(step()), CLEAN)
        == f"""\
Done: commit {DONE[:10]} on branch ladder/level-2.
Assessed from its evidence: level 2.

All commands in: cd '{FOLDER}'

Next:
  make setup
  make run
  make test

Undo:
  git switch main && git branch -D ladder/level-2"""
    )


def test_the_result_of_one_that_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = planned(step(added=("x.py",), conflicts=(("a.py", "added on both sides"),)))
    text = result_text(found, STOPPED)

    assert text.startswith("""\
Stopped at 1 of 2 changes, on branch ladder/level-2.

Needs you:
  a.py: added on both sides
    git add a.py  # after editing it
  when all of these are settled
    git cherry-pick --continue
""")
    assert "Assessed" not in text


def test_the_folder_is_named_only_to_who_is_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repo = Repo(Git(tmp_path), tmp_path, "", HEAD, "main", {}, lock_of({}, ANSWERS, 1))
    here = LiftPlan(repo, "up", (step(),), 0)
    assert "All commands in" in result_text(here, CLEAN)
    monkeypatch.chdir(tmp_path)
    assert "All commands in" not in result_text(here, CLEAN)


def test_the_same_for_programs() -> None:
    found = planned(step(added=("a.py",), conflicts=(("b.py", "x"),), verbs=(("pull", "bring data"),)), left=1)
    value = as_data(found, STOPPED, dry_run=False)

    assert (value["project"], value["from_level"], value["to_level"]) == (str(FOLDER), 1, 2)
    assert (value["branch"], value["left"], value["dry_run"]) == ("ladder/level-2", 1, False)
    (only,) = value["steps"]
    assert (only["title"], only["level"], only["added"]) == ("level 1 -> 2", 2, ["a.py"])
    assert only["conflicts"] == [{"path": "b.py", "what": "x"}]
    assert only["verbs"] == [{"name": "pull", "help": "bring data"}]
    assert value["result"] == {
        "commit": DONE, "in_progress": True, "assessed_level": None, "todo": todo(found, STOPPED),
        "next": next_steps(found, STOPPED), "undo": undo(found, in_progress=True),
    }  # fmt: skip


def test_without_a_step_there_is_no_branch_and_no_result() -> None:
    value = as_data(planned(), None, dry_run=True)

    assert (value["branch"], value["to_level"], value["steps"], value["result"]) == ("", 1, [], None)
