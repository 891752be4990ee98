"""What is read of a lift: the plan before it, what needs a person after it, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.git.run import Git
from mlops_ladder.lift.fit import Aside
from mlops_ladder.lift.guards import Repo
from mlops_ladder.lift.look import Notice
from mlops_ladder.lift.report import as_data, plan_text, result_text
from mlops_ladder.lift.steps import Data, LiftPlan
from mlops_ladder.lift.todo import next_steps, todo, undo
from mlops_ladder.project.dvc import Digest
from mlops_ladder.project.lock import lock_of
from support.lifts import CLEAN, DONE, FOLDER, HEAD, STOPPED, planned, step
from support.repos import ANSWERS


def test_the_plan_counts_and_names_what_each_step_does() -> None:
    digest = Digest("0" * 32, 7)
    full = step(
        added=("a.py", "b.py"),
        merged=("Makefile",),
        aside=(Aside("kept.txt", "kept as yours: its template changes"),),
        conflicts=(("c.py", "added on both sides"),),
        verbs=(("pull", "bring data"),),
        dependencies=("dvc>=3", "mlflow>=3"),
        changed=(("pandas>=2", "pandas>=3"),),
        notices=(Notice("Makefile", 7, "the target x is there twice"), Notice("x.csv", 0, "is a link")),
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
  changed           pandas>=2 -> pandas>=3

Will need you:
  Makefile:7: the target x is there twice
  x.csv: is a link

To branch ladder/level-2, 2 commits. 1 more to come once the conflicts are resolved."""
    )


def test_one_step_is_one_commit() -> None:
    assert plan_text(planned(step())).endswith("\n\nTo branch ladder/level-2, 1 commit.")


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
  git add -A && git commit -m 'First run'

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
    git checkout --ours a.py && git add a.py  # keep yours
    git checkout --theirs a.py && git add a.py  # take the new one
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
    notices = (Notice("Makefile", 7, "twice", ("git grep x",)),)
    one = step(added=("a.py",), conflicts=(("b.py", "x"),), verbs=(("pull", "bring data"),), notices=notices)
    found = planned(one, left=1)
    value = as_data(found, STOPPED, dry_run=False)

    assert (value["project"], value["from_level"], value["to_level"]) == (str(FOLDER), 1, 2)
    assert (value["branch"], value["left"], value["dry_run"]) == ("ladder/level-2", 1, False)
    (only,) = value["steps"]
    assert (only["title"], only["level"], only["added"]) == ("level 1 -> 2", 2, ["a.py"])
    assert only["conflicts"] == [{"path": "b.py", "what": "x"}]
    assert only["notices"] == [{"path": "Makefile", "line": 7, "what": "twice"}]
    assert {"path": "Makefile", "line": 7, "what": "twice", "commands": ["git grep x"]} in todo(found, STOPPED)
    assert only["verbs"] == [{"name": "pull", "help": "bring data"}]
    assert value["result"] == {
        "commit": DONE, "in_progress": True, "assessed_level": None, "todo": todo(found, STOPPED),
        "before_merging": [], "next": next_steps(found, STOPPED), "undo": undo(found, in_progress=True),
    }  # fmt: skip


def test_data_that_leaves_git_is_told_before_anybody_merges() -> None:
    moved = step(data=(Data("data/a b.csv", FOLDER, Digest("0" * 32, 7), moved=True),))
    text = result_text(planned(moved), CLEAN)

    assert "Before anybody merges this, the data being in DVC now:\n  uv run python -m dvc remote modify" in text
    assert f"  git show {HEAD[:12]}:./'data/a b.csv' > 'data/a b.csv'" in text
    assert len(as_data(planned(moved), CLEAN, dry_run=False)["result"]["before_merging"]) == 4


def test_without_a_step_there_is_no_branch_and_no_result() -> None:
    value = as_data(planned(), None, dry_run=True)

    assert (value["branch"], value["to_level"], value["steps"], value["result"]) == ("", 1, [], None)
