"""git's merge of a project with a new render: what it would leave, said in our words, and the pick itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.git.run import Git
from mlops_ladder.git.state import checkout
from mlops_ladder.git.store import write_commit
from mlops_ladder.lift.merge import Merge, pick, preview
from mlops_ladder.project.tree import File, Tree
from support.repos import files, git, isolate, numbered, save, state, under_way
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)

BASE: Tree = files(("a.txt", numbered()), ("b.txt", "b\n"))


class Meeting:
    """A repository in which the user's tree and a new render, both from one base, are to be merged."""

    def __init__(self, folder: Path, mine: Tree, theirs: Tree) -> None:
        self.folder = write(folder, BASE)
        git(folder, "init", "-q")
        save(folder, "base")
        repo = checkout(folder)
        self.git: Git = repo.git
        self.base = write_commit(repo, BASE, {}, "base\n")
        self.theirs = write_commit(repo, theirs, {}, "theirs\n", self.base)
        for path in BASE:
            (folder / path).unlink()
        write(folder, mine)
        save(folder, "mine")

    def preview(self, *withdrawn: str) -> Merge:
        head = git(self.folder, "rev-parse", "HEAD").strip()
        return preview(self.git, head, self.base, self.theirs, withdrawn)

    def shown(self, tree: str) -> dict[str, str]:
        paths = git(self.folder, "ls-tree", "-r", "-z", "--name-only", tree).split("\0")[:-1]
        return {path: git(self.folder, "show", f"{tree}:{path}") for path in paths}


MINE = {**BASE, "a.txt": File(numbered((3, "mine")).encode())}


def test_edits_at_different_places_meet(tmp_path: Path) -> None:
    theirs = {**BASE, "a.txt": File(numbered((25, "new")).encode()), "c.txt": File(b"c\n")}
    meeting = Meeting(tmp_path / "r", MINE, theirs)
    before = state(meeting.folder)
    found = meeting.preview()

    assert meeting.shown(found.tree) == {
        "a.txt": numbered((3, "mine"), (25, "new")), "b.txt": "b\n", "c.txt": "c\n",
    }  # fmt: skip
    assert (found.conflicts, found.drop, found.left) == ((), (), ())
    assert state(meeting.folder) == before


@pytest.mark.parametrize(
    ("mine", "theirs", "conflicts"),
    [
        (
            MINE,
            {**BASE, "a.txt": File(numbered((3, "new")).encode())},
            (("a.txt", "changed on both sides at the same place"),),
        ),
        (MINE, {"b.txt": BASE["b.txt"]}, (("a.txt", "edited by you, deleted by the new version"),)),
        (
            {**BASE, "c.txt": File(b"1\n")},
            {**BASE, "c.txt": File(b"2\n")},
            (("c.txt", "added on both sides"),),
        ),
        (
            {**BASE, "b.txt": File(b"\0\1")},
            {**BASE, "b.txt": File(b"\0\2")},
            (("b.txt", "binary file changed on both sides"),),
        ),
        ({**BASE, "c.txt": File(b"same\n")}, {**BASE, "c.txt": File(b"same\n")}, ()),
    ],
)
def test_conflicts_are_told(tmp_path: Path, mine: Tree, theirs: Tree, conflicts: tuple[tuple[str, str], ...]) -> None:
    assert Meeting(tmp_path / "r", mine, theirs).preview().conflicts == conflicts


def test_what_the_user_deleted_stays_deleted_though_its_template_changes(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "r", {"a.txt": BASE["a.txt"]}, {**BASE, "b.txt": File(b"new\n")})
    found = meeting.preview()

    assert (found.conflicts, found.left, found.drop) == ((), ("b.txt",), ("b.txt",))
    assert set(meeting.shown(found.tree)) == {"a.txt"}


def test_what_was_withdrawn_is_taken_out_of_the_result(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "r", MINE, dict(BASE))
    found = meeting.preview("b.txt", "none.txt")

    assert found.drop == ("b.txt", "none.txt")
    assert meeting.shown(found.tree) == {"a.txt": numbered((3, "mine"))}


def test_lines_that_both_add_to_a_list_of_patterns_are_no_conflict(tmp_path: Path) -> None:
    mine = {**BASE, ".gitignore": File(b"one\n")}
    meeting = Meeting(tmp_path / "r", mine, {**BASE, ".gitignore": File(b"two\n")})
    found = meeting.preview()

    assert found.conflicts == ()
    assert set(meeting.shown(found.tree)[".gitignore"].split()) == {"one", "two"}


def test_a_pick_ends_as_it_was_previewed(tmp_path: Path) -> None:
    theirs = {**BASE, "a.txt": File(numbered((25, "new")).encode())}
    meeting = Meeting(tmp_path / "r", MINE, theirs)
    found = meeting.preview()

    assert pick(meeting.git, meeting.theirs, ()) is False
    assert git(meeting.folder, "rev-parse", "HEAD^{tree}").strip() == found.tree
    assert git(meeting.folder, "log", "-1", "--format=%s") == "theirs\n"


def test_a_pick_that_conflicts_stays_in_progress_and_what_is_to_go_goes(tmp_path: Path) -> None:
    theirs = {**BASE, "a.txt": File(numbered((3, "new")).encode())}
    meeting = Meeting(tmp_path / "r", MINE, theirs)

    assert pick(meeting.git, meeting.theirs, ("b.txt", "none.txt")) is True
    assert under_way(meeting.folder)
    text = (meeting.folder / "a.txt").read_text()
    assert "<<<<<<<" in text
    assert "||||||| " in text  # zdiff3 shows the base, too
    assert not (meeting.folder / "b.txt").exists()


def test_the_users_own_settings_stay_as_they_are(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "r", MINE, dict(BASE))
    before = git(meeting.folder, "config", "--list")
    meeting.preview()
    pick(meeting.git, meeting.theirs, ())

    assert git(meeting.folder, "config", "--list") == before
