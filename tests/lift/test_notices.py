"""What a lift leaves that no merge can see, in real repositories; and that its commands work."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.lift.notices import check_settled
from mlops_ladder.lift.todo import before_merging, todo
from support.repos import RAW, climb, files, git, isolate, lift, new, save, start, templates

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    track = "from {{ package }} import train\n"
    pipeline = f"stages:\n  train:\n    cmd: python -m {{{{ package }}}}.train\n    deps:\n      - {RAW}\n"
    more = {"level2/files/src/{{ package }}/track.py.jinja": track, "level2/files/dvc.yaml.jinja": pipeline}
    root = templates(tmp_path / "templates", more)
    (root / "level2/files/src/{{ package }}/track.py").unlink()
    return root


def run(project: Path, command: str) -> None:
    """A command as a person types it, with a stand-in for DVC."""
    command = command.replace("uv run python -m dvc add", "git add -f")
    done = subprocess.run(["sh", "-c", command], cwd=project, capture_output=True, check=False, text=True, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr}"


def test_a_module_that_was_moved_is_told_with_file_and_line(tmp_path: Path, root: Path) -> None:
    project = new(tmp_path / "trips", root, 1)
    (project / "src/trips/core").mkdir()
    git(project, "mv", "src/trips/train.py", "src/trips/core/train.py")
    save(project)
    found, outcome = climb(project, root, 2)

    assert not outcome.in_progress
    notices = {(one.path, one.line): one.what for one in found.steps[0].notices}
    assert notices["src/trips/track.py", 1] == "imports trips.train, which the project does not have"
    assert notices["dvc.yaml", 3] == "starts trips.train, and there is no such module"
    for task in todo(found, outcome):
        for command in task["commands"]:
            run(project, command.replace("ladder assess", "true"))


def test_a_pristine_climb_has_none(tmp_path: Path, root: Path) -> None:
    found, _ = climb(new(tmp_path / "trips", root, 1), root, 2)
    assert found.steps[0].notices == ()


def renamed(project: Path) -> None:
    (project / "config.toml").write_text('[data]\npath = "data/raw/2026.csv"\n')
    git(project, "mv", RAW, "data/raw/2026.csv")


def linked(project: Path) -> None:
    (project / "shared.csv").write_text("late,x\n1,1\n")
    (project / RAW).unlink()
    (project / RAW).symlink_to("../../shared.csv")


def never_committed(project: Path) -> None:
    (project / "config.toml").write_text('[data]\npath = "elsewhere.csv"\n')
    git(project, "rm", "-q", RAW)
    (project / "elsewhere.csv").write_text("late,x\n1,1\n")
    (project / ".git/info/exclude").write_text("elsewhere.csv\n")


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (renamed, "is not there; config.toml names data/raw/2026.csv, which is not under DVC yet"),
        (never_committed, "is not there; config.toml names elsewhere.csv, which is not under DVC yet"),
        (linked, "is a link, so it was not put under DVC"),
    ],
)
def test_data_that_dvc_could_not_take_comes_with_commands_that_work(
    tmp_path: Path, root: Path, edit: object, what: str
) -> None:
    project = new(tmp_path / "trips", root, 1)
    assert callable(edit)
    edit(project)
    save(project)
    found, outcome = climb(project, root, 2)
    (task,) = [task for task in todo(found, outcome) if task["path"] == RAW]

    assert task["what"] == what
    for command in task["commands"]:
        run(project, command)
    held = project / (RAW if edit is linked else what.split("names ")[1].split(",")[0])
    assert held.is_file()
    assert not held.is_symlink()


def test_data_that_is_gone_has_no_command_that_would_fail(tmp_path: Path, root: Path) -> None:
    project = new(tmp_path / "trips", root, 1)
    git(project, "rm", "-q", RAW)
    save(project)
    found, outcome = climb(project, root, 2)
    (task,) = [task for task in todo(found, outcome) if task["path"] == RAW]

    assert (task["what"].partition(":")[0], task["commands"]) == ("is not there, so it was not put under DVC", [])


def test_data_in_a_folder_that_dvc_holds_already_needs_nothing(tmp_path: Path, root: Path) -> None:
    project = new(tmp_path / "trips", root, 1)
    git(project, "rm", "-q", "-r", "data/raw")
    (project / "data.dvc").write_text("outs:\n- path: data\n")
    save(project)
    found, outcome = climb(project, root, 2)
    assert todo(found, outcome) == []


def test_new_files_follow_the_code_beyond_a_link_and_nothing_is_missed(tmp_path: Path, root: Path) -> None:
    project = new(tmp_path / "trips", root, 1)
    git(project, "mv", "src", "code")
    (project / "src").symlink_to("code")
    save(project)
    found, outcome = climb(project, root, 2)

    assert not outcome.in_progress
    assert (project / "code/trips/track.py").is_file()
    assert (project / "src").readlink() == Path("code")
    assert todo(found, outcome) == []


def test_what_is_to_be_done_before_others_merge_works_as_it_is_printed(tmp_path: Path, root: Path) -> None:
    project = new(tmp_path / "trips", root, 1)
    before = (project / RAW).read_bytes()
    found, _ = climb(project, root, 2)
    git(project, "switch", "-q", "main")
    git(project, "merge", "-q", "up")
    assert not (project / RAW).exists()
    run(project, before_merging(found)[-1])
    assert (project / RAW).read_bytes() == before
    assert "git takes the file away where this is merged" in git(project, "log", "-1", "--format=%B")


def test_ci_that_no_host_reads_is_told_with_the_way_to_its_place(tmp_path: Path) -> None:
    base = files(("a.txt", "a\n"))
    theirs = files(("a.txt", "a\n"), (".github/workflows/ci.yml", "on: push\n"), (".gitlab-ci.yml", "a: {}\n"))
    project = start(tmp_path / "r", base, "services/trip s")
    found, outcome = lift(project, base, theirs)
    github, gitlab = todo(found, outcome)

    assert github["what"].startswith("is read at the top of the repository only")
    for task in (github, gitlab):
        run(project, task["commands"][0])
    assert (tmp_path / "r/.github/workflows/services-trip s-ci.yml").is_file()
    assert (tmp_path / "r/.gitlab-ci.yml").is_file()


def test_markers_that_nobody_settled_are_refused() -> None:
    with pytest.raises(LadderError, match=r"README.md still holds conflict markers \(line 2\)"):
        check_settled({"README.md": b"a\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> new\n"})
    check_settled({"README.md": b"Title\n=======\n<<<<<<< HEAD\n", "a.bin": b"\0"})


def test_a_lift_over_committed_markers_touches_nothing(tmp_path: Path) -> None:
    base, theirs = files(("a.txt", "a\n")), files(("a.txt", "b\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text("<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> new\n")
    save(project)
    with pytest.raises(LadderError) as caught:
        lift(project, base, theirs)
    run(project, caught.value.hint.partition(": ")[2])
