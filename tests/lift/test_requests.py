"""Climbing, updating and setting answers, from end to end on small templates; the first law of `ladder up`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.lift import plan as planning
from mlops_ladder.lift import requests
from mlops_ladder.lift.carry_out import Outcome, carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import leaving_no_trace, plan
from mlops_ladder.lift.todo import todo
from mlops_ladder.project import history
from support.cases import HOSTS
from support.repos import ANSWERS, RAW, ROWS, climb, git, isolate, new, save, state, templates, under_way

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)


def committed(project: Path) -> str:
    """Every committed path with its mode and content, and what of the data lies on disk."""
    raw = project / RAW
    data = hashlib.sha256(raw.read_bytes()).hexdigest() if raw.exists() else "none"
    return git(project, "ls-tree", "-r", "HEAD") + data


@pytest.mark.parametrize("ci", HOSTS)
@pytest.mark.parametrize(("low", "high"), [(1, 2), (2, 3), (3, 4), (1, 3), (2, 4), (1, 4)])
def test_a_pristine_project_climbs_to_what_new_makes(tmp_path: Path, ci: str, low: int, high: int) -> None:
    root = templates(tmp_path / "t")
    answers = ANSWERS.choosing(ci=ci)
    project = new(tmp_path / "low", root, low, answers)
    expected = new(tmp_path / "high", root, high, answers)
    found, outcome = climb(project, root, high)
    assert not outcome.in_progress
    assert committed(project) == committed(expected)
    assert (project / ".ladder.toml").read_bytes() == (expected / ".ladder.toml").read_bytes()
    assert git(project, "status", "--porcelain", "--ignored") == git(expected, "status", "--porcelain", "--ignored")
    subjects = git(project, "log", "--reverse", "--format=%s").splitlines()[1:]
    assert [subject.split(" (")[0] for subject in subjects] == [
        f"ladder: level {level} -> {level + 1}" for level in range(low, high)
    ]
    assert len(found.steps) == high - low


def test_step_by_step_equals_one_go(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    steps, at_once = new(tmp_path / "a", root, 1), new(tmp_path / "b", root, 1)
    for project in (steps, at_once):
        (project / "README.md").write_text("mine\n" + (project / "README.md").read_text())
        save(project)
    for level in (2, 3, 4):
        climb(steps, root, level, f"to-{level}")
    climb(at_once, root, 4)
    assert committed(steps) == committed(at_once)


def test_the_plan_names_files_verbs_packages_and_data(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 1)
    (project / "README.md").write_text("mine\n" + (project / "README.md").read_text())
    save(project)
    found, _ = climb(project, root, 3)
    two, three = found.steps
    assert two.verbs == (("pull", "bring data"),)
    assert two.dependencies == ("mlflow>=3,<4",)
    assert two.change.gives == "Test 2."
    assert [item.path for item in two.data] == [RAW]
    assert two.removed == ()
    assert "src/trips/track.py" in two.added
    assert three.merged == ("README.md",)
    assert three.added == ("gate.sh", "src/trips/gate.py")


def times_of(project: Path) -> dict[str, int]:
    """Every path with its time; git freshens the time of an object that it is asked to write again."""
    return {str(p): 0 if "/objects/" in str(p) else p.stat().st_mtime_ns for p in project.rglob("*")}


def test_a_dry_run_leaves_no_trace_at_all(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 1)
    before, times = state(project), times_of(project)
    repo = inspect(project)
    with leaving_no_trace(repo) as quiet:
        found = plan(quiet, requests.climb(repo.lock, 3, root), "up")
    assert len(found.steps) == 2
    assert times_of(project) == times
    assert state(project) == before


def test_a_conflict_at_the_second_step_keeps_the_first_and_goes_on_afterwards(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 1)
    readme = project / "README.md"
    readme.write_text(readme.read_text().replace("line 30\n", "line 30 is mine\n"))
    save(project)
    before = state(project)
    found, outcome = climb(project, root, 4)
    assert outcome.in_progress
    assert [path for path, _ in found.conflicts] == ["README.md"]
    assert found.left == 1
    assert git(project, "log", "-1", "--format=%s") == "ladder: level 1 -> 2 (Reproducible)\n"
    assert (project / RAW).read_text() == ROWS
    git(project, "cherry-pick", "--abort")
    git(project, "switch", "-q", "main")
    git(project, "branch", "-q", "-D", "up")
    assert without_cache(state(project)) == without_cache(before)
    climb(project, root, 4)
    readme.write_text(readme.read_text().split("<<<<<<<")[0] + "both\n")
    git(project, "add", "README.md")
    git(project, "-c", "core.editor=true", "cherry-pick", "--continue")
    _, outcome = climb(project, root, 4)
    assert not outcome.in_progress
    assert inspect(project).lock.level == 4
    assert len(git(project, "log", "--format=%s").splitlines()) == 5


def without_cache(seen: tuple[str, str, str, dict[str, tuple[int, bytes]]]) -> tuple[object, ...]:
    """A state less DVC's cache, which ignores itself."""
    *rest, disk = seen
    return *rest, {path: about for path, about in disk.items() if not path.startswith(".dvc/cache/")}


def test_levels_that_cannot_be_reached_are_refused(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    lock = inspect(new(tmp_path / "p", root, 2)).lock
    for to, match in ((1, "at level 2 already"), (2, "at level 2 already"), (5, "not there yet"), (9, "no level 9")):
        with pytest.raises(LadderError, match=match):
            requests.climb(lock, to, root)
    with pytest.raises(LadderError, match="the highest"):
        requests.climb(replace(lock, level=5), 6, root)


def carried(project: Path, wanted: list[requests.Change], branch: str = "up") -> Outcome:
    return carry_out(plan(inspect(project), wanted, branch))


def test_another_ci_host_swaps_the_workflows_and_keeps_what_the_user_wrote(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 2)
    nightly = project / ".github/workflows/nightly.yml"
    nightly.write_text(nightly.read_text() + "mine\n")
    (project / ".github/workflows/own.yml").write_text("own\n")
    save(project)
    lock = inspect(project).lock
    found = plan(inspect(project), requests.answer(lock, "ci", "gitlab", root), "set")
    carry_out(found)
    assert found.steps[0].removed == (".github/workflows/test.yml",)
    assert found.steps[0].added == (".gitlab-ci.yml",)
    assert [aside.path for aside in found.steps[0].aside] == [".github/workflows/nightly.yml"]
    assert nightly.read_text().endswith("mine\n")
    assert inspect(project).lock.answers.choices["ci"] == "gitlab"
    carried(project, requests.answer(inspect(project).lock, "ci", "github", root), "back")
    assert (project / ".github/workflows/test.yml").exists()
    assert not (project / ".gitlab-ci.yml").exists()


def test_a_pristine_project_set_to_another_ci_host_is_what_new_makes_with_it(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "a", root, 3)
    expected = new(tmp_path / "b", root, 3, ANSWERS.choosing(ci="gitlab"))
    carried(project, requests.answer(inspect(project).lock, "ci", "gitlab", root))
    assert committed(project) == committed(expected)


def test_answers_that_cannot_be_set_are_refused(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    lock = inspect(new(tmp_path / "p", root, 1)).lock
    with pytest.raises(LadderError, match="'name' cannot be set") as caught:
        requests.answer(lock, "name", "x", root)
    assert "ci=github|gitlab" in caught.value.hint
    with pytest.raises(LadderError, match="'jenkins' is no value of ci"):
        requests.answer(lock, "ci", "jenkins", root)
    assert requests.answer(lock, "ci", "github", root) == []


def test_what_the_user_wrote_into_the_lock_stays(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 1)
    lock = project / ".ladder.toml"
    lock.write_text("# Ask Ada before climbing.\n" + lock.read_text() + "\n# The end.\n")
    save(project)
    climb(project, root, 3)
    assert lock.read_text().startswith("# Ask Ada before climbing.\n")
    assert lock.read_text().endswith("\n# The end.\n")
    assert inspect(project).lock.level == 3


NEWER = {
    "level1/files/README.md.jinja": "# {{ name }}\n\nNewer.\n",
    "level2/files/src/{{ package }}/new.py": "new\n",
}


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A history of two released versions, of which the second is newer in two files."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    history.freeze("0.0.1", {}, templates(tmp_path / "t1"), folder)
    history.freeze("0.0.2", {}, templates(tmp_path / "t2", NEWER), folder)
    return folder


def test_update_brings_an_old_project_to_the_present_templates(tmp_path: Path, shipped: Path) -> None:
    present = templates(tmp_path / "t3", {**NEWER, "level1/files/run.sh": "#!/bin/sh\nmake run test\n"})
    project = new(tmp_path / "p", tmp_path / "t1", 2, version="0.0.1")
    (project / "run.sh").write_text("#!/bin/sh\n# mine\n\n\nmake run\n")
    (project / "config.toml").write_text("mine = 1\n")
    save(project)
    wanted = requests.update(inspect(project).lock, present, shipped)
    found = plan(inspect(project), wanted, "update")
    assert found.steps[0].updated == (".ladder.toml", "README.md")
    assert found.steps[0].added == ("src/trips/new.py",)
    assert [path for path, _ in found.conflicts] == ["run.sh"]
    git(project, "checkout", "-q", "HEAD~1", "--", "run.sh")
    save(project)
    carried(project, wanted, "update")
    lock = inspect(project).lock
    assert (lock.ladder, lock.level) == (__version__, 2)
    assert (project / "config.toml").read_text() == "mine = 1\n"
    assert requests.update(lock, present, shipped) == []


def test_a_project_of_an_old_version_climbs_to_what_new_makes_now(tmp_path: Path, shipped: Path) -> None:
    present = tmp_path / "t2"
    for version, root in (("0.0.1", "t1"), ("0.0.2", "t2")):
        project = new(tmp_path / version, tmp_path / root, 1, version=version)
        carried(project, requests.climb(inspect(project).lock, 3, present, shipped))
        assert committed(project) == committed(new(tmp_path / f"new {version}", present, 3))


def test_set_keeps_to_the_templates_of_the_projects_version(tmp_path: Path, shipped: Path) -> None:
    project = new(tmp_path / "p", tmp_path / "t1", 2, version="0.0.1")
    carried(project, requests.answer(inspect(project).lock, "ci", "gitlab", tmp_path / "t2", shipped))
    assert inspect(project).lock.ladder == "0.0.1"
    assert not (project / "src/trips/new.py").exists()
    assert (project / ".gitlab-ci.yml").exists()


def test_a_removal_that_a_newer_version_declares_is_a_rename_that_edits_follow(tmp_path: Path, shipped: Path) -> None:
    text = (tmp_path / "t1/level1/files/tests/test_train.py").read_text()
    present = templates(tmp_path / "t3", {"level1/files/tests/test_fit.py": text}, removes=["tests/test_train.py"])
    (present / "level1/files/tests/test_train.py").unlink()
    project = new(tmp_path / "p", tmp_path / "t1", 1, version="0.0.1")
    (project / "tests/test_train.py").write_text("mine\n" + text)
    save(project)
    assert not carried(project, requests.update(inspect(project).lock, present, shipped)).in_progress
    assert (project / "tests/test_fit.py").read_text() == "mine\n" + text
    assert not (project / "tests/test_train.py").exists()


@pytest.mark.parametrize(
    ("old", "new_text", "match"),
    [
        ("base_tree = ", f'base_tree = "{0:064}" # ', "would be a guess"),
        ('ci = "github"', 'ci = "gitlab"', "would be a guess"),
        (f'ladder = "{__version__}"', 'ladder = "99.0"', "does not know"),
        ("[answers]", "[answers", "cannot be read"),
        ("level = 1", 'level = 1\nwhat = "?"', "unknown key"),
    ],
)
def test_a_lock_that_does_not_lead_to_the_base_stops_with_nothing_done(
    tmp_path: Path, old: str, new_text: str, match: str
) -> None:
    root = templates(tmp_path / "t")
    project = new(tmp_path / "p", root, 1)
    lock = project / ".ladder.toml"
    assert old in lock.read_text()
    lock.write_text(lock.read_text().replace(old, new_text, 1))
    save(project)
    before = state(project)
    with pytest.raises(LadderError, match=match) as caught:
        climb(project, root, 2)
    assert caught.value.hint
    assert state(project) == before
    assert not under_way(project)


def test_committed_outputs_that_dvc_is_to_hold_are_told(tmp_path: Path) -> None:
    stages = "stages:\n  train:\n    cmd: x\n    outs:\n      - models\n      - plot.png\n"
    root = templates(tmp_path / "t", {"level2/files/dvc.yaml": stages})
    project = new(tmp_path / "p", root, 1)
    (project / "plot.png").write_bytes(b"\x89PNG")
    (project / "models.txt").write_text("not below models\n")
    save(project)
    found, outcome = climb(project, root, 3)
    assert [step.handed for step in found.steps] == [("plot.png",), ()]
    assert [task["commands"] for task in todo(found, outcome)] == [["git rm --cached plot.png"]]


def test_a_second_lift_that_lost_the_race_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = templates(tmp_path / "templates")
    project = new(tmp_path / "trips", root, 1)
    repo = inspect(project)
    real = planning.check_way

    def overtaken(*args: Any) -> None:
        monkeypatch.setattr(planning, "check_way", real)
        climb(project, root, 2, branch="other")
        real(*args)

    monkeypatch.setattr(planning, "check_way", overtaken)
    with pytest.raises(LadderError, match="Something else changed the project meanwhile"):
        plan(repo, requests.climb(repo.lock, 2, root), "up")
