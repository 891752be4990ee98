"""A committed `.ladder.toml` of anybody: no command runs, reads or writes anything for it outside of the project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.new.create import Request, create, plan
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.assets import shipped_dataset
from mlops_ladder.project.layers import available, templates_root
from mlops_ladder.project.lock import LOCK, dump
from mlops_ladder.project.render import environment, render
from mlops_ladder.project.tree import tree_hash
from support.ladder import invoked
from support.repos import git, isolate, lock_in, save, state
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)

COMMANDS = (
    ("up",),
    ("up", "--dry-run"),
    ("update",),
    ("update", "--dry-run"),
    ("set", "ci=gitlab"),
    ("set", "ci=gitlab", "--dry-run"),
    ("keep", "Makefile"),
)
RUNS = "{{ cycler.__init__.__globals__.os.popen('touch MARKER').read() }}"
SECRET = b"nothing of this may be copied\n" * 99


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine") / "trips"
    create(plan(Request(folder)), commit=False)
    (folder / ".dvc/config.local").unlink(missing_ok=True)
    return folder


@pytest.fixture
def project(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with templates of its own in it, beside a file that is none of its business."""
    home = tmp_path / "clones"
    folder = home / "trips"
    shutil.copytree(pristine, folder)
    runs = RUNS.replace("MARKER", str(tmp_path / "marker"))
    layers = ("", "files", "files+github", "level1/files", "level2/files")
    write(folder, {f"tpl/{layer}/x.txt.jinja": runs for layer in layers} | {"tpl/level1/level.toml": "number = 1\n"})
    (home / "secret.parquet").write_bytes(SECRET)
    git(folder, "init", "-q")
    save(folder, "start")
    monkeypatch.chdir(folder)
    yield folder
    assert not (tmp_path / "marker").exists()
    assert {path.name for path in home.iterdir()} == {"trips", "secret.parquet"}
    for path in folder.rglob("*"):
        assert path.is_dir() or path.is_symlink() or SECRET not in path.read_bytes()


HOSTILE = {
    "ci in the folder": ('ci = "github"', 'ci = "/proc/self/cwd/tpl"'),
    "ci above": ('ci = "github"', 'ci = "../../../../proc/self/cwd/tpl"'),
    "ci, a layer": ('ci = "github"', 'ci = "github+../tpl"'),
    "package above": ('package = "trips"', 'package = "../../trips"'),
    "package, a template": ('package = "trips"', f'package = "{RUNS}"'),
    "name, a template": ('name = "trips"', f'name = "{RUNS}"'),
    "name, a list": ('name = "trips"', 'name = ["trips"]'),
    "file above": ('file = "flights.parquet"', 'file = "../../../secret.parquet"'),
    "file elsewhere": ('file = "flights.parquet"', 'file = "/etc/passwd"'),
    "file, a template": ('file = "flights.parquet"', f'file = "{RUNS}.parquet"'),
    "source": ('source = "flights"', 'source = "../../tpl"'),
    "version": ("ladder = ", 'ladder = "../../tpl"\n# '),
    "level": ("level = 1", "level = 1" + 5_000 * "0"),
    "kept": ("level = 1", 'level = 1\nkept = ["../../secret.parquet"]'),
    "depth": ("level = 1", "level = " + 20_000 * "["),
    "target, another": ('target = "late"', f'target = "{RUNS}"'),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_value_that_is_not_ours_ends_every_command(project: Path, what: str) -> None:
    text = (project / LOCK).read_text("utf-8")
    old, new = HOSTILE[what]
    assert old in text
    (project / LOCK).write_text(text.replace(old, new, 1), "utf-8")
    save(project)
    before = state(project)
    for command in COMMANDS:
        found = invoked(*command).exception
        assert isinstance(found, LadderError), command
        assert found.code == 2
        assert found.hint
    assert state(project) == before


def forge(project: Path, answers: Answers) -> None:
    """The project as it would be with these answers, its hash worked out as whoever attacks would."""
    tree = render(answers, 1)
    inside = {path: file for path, file in tree.items() if ".." not in path}
    write(project, {**inside, LOCK: dump(replace(lock_in(project), answers=answers, base_tree=tree_hash(tree)))})
    save(project)


@pytest.mark.parametrize(
    "wrong",
    [
        {"package": "../../trips"},
        {"package": RUNS},
        {"name": RUNS},
        {"data": {"file": "../../../secret.parquet"}},
        {"data": {"file": "/etc/passwd"}},
        {"data": {"file": f"{RUNS}.parquet"}},
        {"data": {"file": "-rf.parquet"}},
        {"data": {"source": "../../tpl"}},
        {"data": {"separator": RUNS}},
        {"data": {"first": RUNS}},
        {"data": {"rows": -1}},
    ],
    ids=str,
)
def test_a_hash_that_is_right_makes_no_value_ours(project: Path, wrong: dict[str, Any]) -> None:
    answers = lock_in(project).answers
    changed = {"data": replace(answers.data, **wrong["data"])} if "data" in wrong else wrong
    forge(project, replace(answers, **changed))
    before = state(project)
    for command in COMMANDS:
        found = invoked(*command).exception
        assert isinstance(found, LadderError), command
        assert "cannot be read" in found.message
    assert state(project) == before


@pytest.mark.parametrize("command", [command for command in COMMANDS if "--dry-run" not in command], ids=" ".join)
def test_text_of_a_table_is_text(project: Path, command: tuple[str, ...]) -> None:
    """What may be any text must be harmless by itself."""
    data = replace(shipped_dataset(), target=RUNS, time="../../secret.parquet", positive=RUNS, classes=(RUNS, "no"))
    forge(project, replace(lock_in(project).answers, data=data))

    assert invoked(*command).exit_code == 0


def test_templates_come_from_the_package_whatever_the_answers_are(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file that a render opens lies below the templates of the package."""
    answers = lock_in(project).answers
    opened: list[Path] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))  # type: ignore[func-returns-value]
    for level in available():
        render(answers, level)
    assert opened
    assert all(path.is_relative_to(templates_root()) for path in opened)


@pytest.mark.parametrize("text", [RUNS, "{{ ''.__class__.__mro__ }}", "{{ [].append(1) }}{{ ().__class__ }}"])
def test_a_template_reaches_nothing_of_python(tmp_path: Path, text: str) -> None:
    from jinja2.exceptions import SecurityError, UndefinedError

    write(tmp_path, {"x.jinja": text.replace("MARKER", str(tmp_path / "marker"))})
    with pytest.raises((SecurityError, UndefinedError)):
        environment([tmp_path / "x.jinja"]).get_template("0").render()
    assert not (tmp_path / "marker").exists()
