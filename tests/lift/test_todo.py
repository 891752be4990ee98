"""What a lift leaves to a person, each with its commands, and the way back."""

from __future__ import annotations

import pytest

from mlops_ladder.lift.carry_out import Outcome
from mlops_ladder.lift.conflicts import IN_THE_WAY
from mlops_ladder.lift.fit import Aside
from mlops_ladder.lift.look import Notice
from mlops_ladder.lift.steps import Data
from mlops_ladder.lift.todo import before_merging, next_steps, todo, undo
from mlops_ladder.project.dvc import Digest
from support.lifts import CLEAN, COMMIT, DONE, FOLDER, HEAD, STOPPED, planned, step


def test_conflicts_come_with_their_commands_and_the_one_that_goes_on() -> None:
    conflict, last = todo(planned(step(conflicts=(("a b", "changed on both sides at the same place"),))), STOPPED)

    assert conflict["commands"] == ["git add 'a b'  # after editing it"]
    assert last["commands"] == ["git cherry-pick --continue"]


def test_where_the_new_file_lies_is_told() -> None:
    found = planned(step(conflicts=(("dvc.yaml", IN_THE_WAY),), beside={"dvc.yaml": "dvc.yaml~ab (x)"}))

    assert todo(found, STOPPED)[0]["what"] == f"{IN_THE_WAY} (dvc.yaml~ab (x) is the new one)"
    assert todo(found, STOPPED)[0]["commands"][0] == "cat 'dvc.yaml~ab (x)'  # the new one"


def test_a_resolution_that_git_remembered_is_only_to_be_looked_at() -> None:
    found = planned(step(conflicts=(("a", "changed on both sides at the same place"),)))
    outcome = Outcome(DONE, in_progress=True, hooks=(), recorded=("a",))

    assert todo(found, outcome)[0]["commands"][0].startswith("git diff -- a  # your resolution")


def test_what_needs_a_person_after_a_clean_lift() -> None:
    full = step(
        notices=(Notice("dvc.yaml", 7, "reads x", ("git grep x",)),),
        handed=("plot.png",),
        aside=(Aside("a b", "kept as yours: its template changes"), Aside("old.yml", "edited by you", dropped=True)),
    )
    outcome = Outcome(DONE, in_progress=False, hooks=("pre-commit",), assessed=1)

    assert [(task["path"], task.get("line"), task["commands"]) for task in todo(planned(full), outcome)] == [
        ("dvc.yaml", 7, ["git grep x"]),
        ("plot.png", None, ["git rm --cached plot.png"]),
        ("a b", None, [f"git diff {COMMIT[:12]}^ {COMMIT[:12]} -- 'a b'  # what the template changes"]),
        ("old.yml", None, ["git rm old.yml  # or keep it"]),
        ("", None, ["ladder assess"]),
        ("", None, ["git commit --amend --no-edit"]),
    ]
    assert todo(planned(step()), CLEAN) == []


def test_a_hook_that_looks_at_the_message_gets_one() -> None:
    outcome = Outcome(DONE, in_progress=False, hooks=("commit-msg",), assessed=2)

    assert todo(planned(step()), outcome)[0]["commands"] == ["git commit --amend"]


def test_how_others_get_the_data_is_told_only_where_it_has_moved() -> None:
    digest = Digest("0" * 32, 7)
    assert before_merging(planned(step(data=(Data("new.csv", FOLDER, digest, moved=False),)))) == []
    assert "make pull" in before_merging(planned(step(data=(Data("x.csv", FOLDER, digest, moved=True),))))[2]


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

    first = [*plain, "git add -A && git commit -m 'First run'"]
    assert next_steps(planned(step(), left=2), CLEAN) == next_steps(planned(step()), STOPPED) == first
    assert next_steps(planned(step(), left=2), STOPPED) == [*plain, "ladder up --to 4 --branch ladder/level-2"]
