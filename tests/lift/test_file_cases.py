"""Every way in which the user's edit and the new render of one file can meet, in real git."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import plan
from mlops_ladder.project.lock import dump, lock_of
from mlops_ladder.project.tree import File
from support.file_cases import Case, cases, verdict
from support.repos import ANSWERS, change, files, git, isolate, lift, look, numbered, save, start, state, under_way

own_git = pytest.fixture(autouse=True)(isolate)

OLD = numbered()
NEW = numbered((20, "line 20 of the level"))


def test_same_line_leaves_both_texts_in_markers(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((20, "line 20 of mine")))
    save(project)
    found, outcome = lift(project, base, theirs)
    text = (project / "a.txt").read_text()
    assert outcome.in_progress
    assert found.conflicts == (("a.txt", "changed on both sides at the same place: line 20"),)
    assert "line 20 of mine" in text
    assert "line 20 of the level" in text
    assert "<<<<<<< HEAD" in text
    assert "|||||||" in text
    assert "(ladder: level 1 -> 2 (Test))" in text
    assert git(project, "status", "--porcelain").splitlines() == ["M  .ladder.toml", "UU a.txt"]


def test_different_places_merge(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert found.steps[0].merged == ("a.txt",)
    assert (project / "a.txt").read_text() == numbered((3, "mine"), (20, "line 20 of the level"))
    assert git(project, "log", "--format=%s%n%an") == "ladder: level 1 -> 2 (Test)\nAda\nstart\nAda\n".replace(
        "Ada\nstart", "Ada\nwork\nAda\nstart"
    )


def test_a_change_follows_a_file_that_the_user_moved(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "deep").mkdir()
    (project / "a.txt").rename(project / "deep/b.txt")
    (project / "deep/b.txt").write_text(numbered((3, "mine")))
    save(project)
    found, _ = lift(project, base, theirs)
    assert found.steps[0].merged == ("deep/b.txt",)
    assert (project / "deep/b.txt").read_text() == numbered((3, "mine"), (20, "line 20 of the level"))
    assert not (project / "a.txt").exists()


def test_a_new_file_goes_into_the_folder_that_the_user_renamed(tmp_path: Path) -> None:
    base = files(("src/a.py", OLD), ("src/b.py", numbered((1, "b"))))
    theirs = {**base, **files(("src/c.py", numbered((1, "c"), (2, "cc"), count=9)))}
    project = start(tmp_path / "r", base)
    (project / "src").rename(project / "lib")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert found.steps[0].added == ("lib/c.py",)
    assert not (project / "src").exists()


@pytest.mark.parametrize("new", [OLD, NEW], ids=["template unchanged", "template changed"])
def test_a_file_that_the_user_deleted_stays_deleted(tmp_path: Path, new: str) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("a.txt", new), ("b.txt", "bb\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").unlink()
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert not (project / "a.txt").exists()
    assert (project / "b.txt").read_text() == "bb\n"
    assert [aside.path for aside in found.steps[0].aside] == ([] if new == OLD else ["a.txt"])
    assert git(project, "status", "--porcelain") == ""


def test_a_deleted_file_stays_deleted_beside_a_conflict(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("a.txt", NEW), ("b.txt", "bb\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").unlink()
    (project / "b.txt").write_text("mine\n")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert [path for path, _ in found.conflicts] == ["b.txt"]
    assert not (project / "a.txt").exists()
    assert git(project, "status", "--porcelain").splitlines() == ["M  .ladder.toml", "UU b.txt"]


def test_an_untouched_binary_is_taken(tmp_path: Path) -> None:
    base, theirs = files(("a.png", b"\x89PNG\0\1")), files(("a.png", b"\x89PNG\0\2"))
    project = start(tmp_path / "r", base)
    found, _ = lift(project, base, theirs)
    assert (project / "a.png").read_bytes() == b"\x89PNG\0\2"
    assert found.steps[0].updated == (".ladder.toml", "a.png")


def test_a_binary_changed_by_both_keeps_the_users_bytes_and_is_reported(tmp_path: Path) -> None:
    base, theirs = files(("a.png", b"\x89PNG\0\1")), files(("a.png", b"\x89PNG\0\2"))
    project = start(tmp_path / "r", base)
    (project / "a.png").write_bytes(b"\x89PNG\0mine")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert found.conflicts == (("a.png", "binary file changed on both sides"),)
    assert (project / "a.png").read_bytes() == b"\x89PNG\0mine"


def test_a_file_in_crlf_takes_a_changed_line_and_stays_crlf(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_bytes(numbered((3, "mine")).replace("\n", "\r\n").encode())
    save(project)
    _, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    expected = numbered((3, "mine"), (20, "line 20 of the level")).replace("\n", "\r\n").encode()
    assert (project / "a.txt").read_bytes() == expected


def test_the_template_makes_a_file_executable(tmp_path: Path) -> None:
    base, theirs = files(("run.sh", OLD)), files(("run.sh", OLD, True))
    project = start(tmp_path / "r", base)
    (project / "run.sh").write_text(numbered((3, "mine")))
    save(project)
    lift(project, base, theirs)
    assert (project / "run.sh").stat().st_mode & 0o100
    assert "mine" in (project / "run.sh").read_text()


def test_the_user_makes_a_file_executable_and_the_template_changes_it(tmp_path: Path) -> None:
    base, theirs = files(("run.sh", OLD)), files(("run.sh", NEW))
    project = start(tmp_path / "r", base)
    (project / "run.sh").chmod(0o755)
    save(project)
    lift(project, base, theirs)
    assert (project / "run.sh").stat().st_mode & 0o100
    assert (project / "run.sh").read_text() == NEW


def test_a_link_that_the_user_retargeted_stays(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", OLD), ("b.txt", "b\n"))
    project = start(tmp_path / "r", base)
    (project / "link").symlink_to("a.txt")
    save(project)
    (project / "link").unlink()
    (project / "link").symlink_to("elsewhere")
    save(project)
    lift(project, base, theirs)
    assert (project / "link").readlink() == Path("elsewhere")


def test_a_file_that_the_user_made_a_link_is_a_conflict_when_the_template_changes(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours\n")
    (project / "a.txt").unlink()
    (project / "a.txt").symlink_to(outside)
    save(project)
    _, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert outside.read_text() == "not ours\n"


def test_an_untouched_file_that_the_template_drops_goes(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("b.txt", "b\n"))
    project = start(tmp_path / "r", base)
    found, _ = lift(project, base, theirs)
    assert found.steps[0].removed == ("a.txt",)
    assert not (project / "a.txt").exists()
    assert git(project, "status", "--porcelain") == ""


def test_an_edited_file_that_the_template_drops_by_declaration_is_a_conflict_and_survives(
    tmp_path: Path,
) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("b.txt", "b\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    found, outcome = lift(project, base, theirs, removes=("a.txt",))
    assert outcome.in_progress
    assert found.conflicts == (("a.txt", "edited by you, deleted by the new version"),)
    assert "mine" in (project / "a.txt").read_text()


def test_an_edited_file_that_the_template_drops_undeclared_stays_and_is_told(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("b.txt", "b\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert [aside.path for aside in found.steps[0].aside] == ["a.txt"]
    assert (project / "a.txt").read_text() == numbered((3, "mine"))


def test_an_edit_follows_a_file_that_the_template_renames_by_declaration(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("b.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    _, outcome = lift(project, base, theirs, removes=("a.txt",))
    assert not outcome.in_progress
    assert (project / "b.txt").read_text() == numbered((3, "mine"), (20, "line 20 of the level"))
    assert not (project / "a.txt").exists()


def test_both_add_the_same_path_and_both_texts_are_kept(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", OLD), ("new.txt", "level\n"))
    project = start(tmp_path / "r", base)
    (project / "new.txt").write_text("mine\n")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert found.conflicts == (("new.txt", "added on both sides"),)
    text = (project / "new.txt").read_text()
    assert "mine" in text
    assert "level" in text


def test_a_new_file_comes_an_own_file_stays_and_nothing_else_appears(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW), ("new.txt", "level\n"))
    project = start(tmp_path / "r", base)
    (project / "own.txt").write_text("own\n")
    save(project)
    found, _ = lift(project, base, theirs)
    assert found.steps[0].added == ("new.txt",)
    assert sorted(p.name for p in project.iterdir()) == [
        ".git",
        ".ladder.toml",
        "a.txt",
        "new.txt",
        "own.txt",
    ]
    assert (project / "own.txt").read_text() == "own\n"


def test_a_file_of_the_user_where_the_template_wants_a_folder_is_kept(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", OLD), ("docs/x.md", "level\n"))
    project = start(tmp_path / "r", base)
    (project / "docs").write_text("mine\n")
    save(project)
    before = state(project)
    _, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    texts = [p.read_text() for p in project.rglob("*") if p.is_file() and p.name.startswith("docs")]
    assert texts == ["mine\n"]
    git(project, "cherry-pick", "--abort")
    git(project, "switch", "-q", "main")
    git(project, "branch", "-D", "ladder/level-2")
    assert state(project) == before


def test_look_alikes_are_not_mixed_up(tmp_path: Path) -> None:
    base, theirs = files((".ci/a.yml", OLD)), files((".ci/c.yml", numbered((30, "line 30 of c"))))
    project = start(tmp_path / "r", base)
    (project / ".ci/a.yml").write_text(numbered((3, "mine")))
    save(project)
    _, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert (project / ".ci/a.yml").read_text() == numbered((3, "mine"))
    assert (project / ".ci/c.yml").read_text() == numbered((30, "line 30 of c"))


def test_own_files_do_not_follow_a_folder_that_the_template_drops(tmp_path: Path) -> None:
    base = files(("github/a.yml", OLD), ("github/b.yml", numbered((1, "b"))))
    theirs = files(("gitlab/a.yml", OLD), ("gitlab/b.yml", numbered((1, "b"))))
    project = start(tmp_path / "r", base)
    (project / "github/own.yml").write_text("own\n")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert sorted(p.relative_to(project).as_posix() for p in project.glob("git*/*")) == [
        "github/own.yml",
        "gitlab/a.yml",
        "gitlab/b.yml",
    ]
    assert found.steps[0].removed == ("github/a.yml", "github/b.yml")


def test_dropped_files_go_beside_a_conflict_too(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("b.txt", "bb\n"))
    project = start(tmp_path / "r", base)
    (project / "b.txt").write_text("mine\n")
    save(project)
    _, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert not (project / "a.txt").exists()
    assert git(project, "status", "--porcelain").splitlines() == ["M  .ladder.toml", "D  a.txt", "UU b.txt"]


def test_a_kept_path_is_never_touched_and_told(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("a.txt", NEW), ("b.txt", "bb\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text("wholly mine\n")
    (project / ".ladder.toml").write_bytes(dump(replace(lock_of(base, ANSWERS, 1), kept=("a.txt",))))
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert (project / "a.txt").read_text() == "wholly mine\n"
    assert [aside.path for aside in found.steps[0].aside] == ["a.txt"]


@pytest.mark.parametrize("here", [True, False], ids=["on disk", "not on disk"])
def test_a_rendered_path_that_git_ignores_is_left_alone_and_told(tmp_path: Path, here: bool) -> None:
    base = files((".env", "A=1\n"), (".gitignore", ".env\n"), ("a.txt", OLD))
    theirs = files((".env", "A=1\nB=2\n"), (".gitignore", ".env\n"), ("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / ".env").write_text("A=secret\n")
    assert ".env" not in git(project, "ls-files").split()
    if not here:
        (project / ".env").unlink()
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert not here or (project / ".env").read_text() == "A=secret\n"
    assert (project / ".env").exists() == here
    assert [(aside.path, aside.why.split(":")[0]) for aside in found.steps[0].aside] == [(".env", "not in git")]
    assert ".env" not in git(project, "ls-files").split()


@pytest.mark.parametrize("rule", ["", "a.txt\n"], ids=["untracked", "ignored"])
def test_a_file_that_the_user_took_out_of_git_but_keeps_is_left_alone(tmp_path: Path, rule: str) -> None:
    base, theirs = files(("a.txt", OLD), ("b.txt", "b\n")), files(("a.txt", NEW), ("b.txt", "bb\n"))
    project = start(tmp_path / "r", base)
    (project / "b.txt").write_text("mine\n")
    git(project, "rm", "-q", "--cached", "a.txt")
    (project / ".git/info/exclude").write_text(rule)
    git(project, "add", "b.txt")
    git(project, "commit", "-q", "-m", "a.txt is ours alone")
    (project / "a.txt").write_text("precious\n")
    found, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert (project / "a.txt").read_text() == "precious\n"
    assert [aside.path for aside in found.steps[0].aside] == ["a.txt"]
    git(project, "cherry-pick", "--abort")
    assert (project / "a.txt").read_text() == "precious\n"


def test_a_second_run_of_the_same_change_is_nothing(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    lift(project, base, theirs)
    again = plan(inspect(project), [change(project, base, theirs)], "again")
    assert again.steps == ()


def test_a_squashed_branch_leaves_the_same_base_for_the_next_step(tmp_path: Path) -> None:
    one, two, three = files(("a.txt", OLD)), files(("a.txt", NEW)), files(("a.txt", NEW + "end\n"))
    project = start(tmp_path / "r", one)
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(project)
    lift(project, one, two)
    git(project, "switch", "-q", "main")
    git(project, "merge", "-q", "--squash", "ladder/level-2")
    git(project, "commit", "-q", "-m", "squashed")
    found = look(project, two, three, branch="ladder/level-3")
    assert found.conflicts == ()
    assert found.steps[0].merged == ("a.txt",)


def test_nothing_is_under_way_after_a_clean_lift(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", OLD)), files(("a.txt", NEW))
    project = start(tmp_path / "r", base)
    lift(project, base, theirs)
    assert not under_way(project)
    assert git(project, "rev-list", "--count", "HEAD").strip() == "2"
    assert git(project, "fsck", "--no-dangling") == ""


@pytest.mark.parametrize(("number", "case"), enumerate(cases(), 1), ids=lambda value: getattr(value, "name", None))
def test_the_users_lines_and_the_new_ones_are_where_they_belong(tmp_path: Path, number: int, case: Case) -> None:
    """The cases of the bench, in which other tools lose lines."""
    base = {path: File(content) for path, content in case.old.items() if content is not None}
    after = {path: content for path, content in {**case.old, **case.new}.items() if content is not None}
    theirs = {path: File(content, path in case.executable) for path, content in after.items()}
    base |= {"same.txt": File(b"same\n")}
    theirs |= {"same.txt": File(b"same, but newer\n")}
    project = start(tmp_path / "r", base)
    case.user(project)
    git(project, "add", "-A", "-f")
    git(project, "commit", "-q", "--allow-empty", "-m", "work")
    lift(project, base, theirs, removes=case.removes)

    assert verdict(case, project, number) == case.outcome
