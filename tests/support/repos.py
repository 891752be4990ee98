"""Small projects in real git repositories, for the tests of what lifts them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mlops_ladder.lift import requests
from mlops_ladder.lift.carry_out import Outcome, carry_out
from mlops_ladder.lift.guards import inspect
from mlops_ladder.lift.plan import plan
from mlops_ladder.lift.steps import Change, LiftPlan
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.dvc import digest, into_cache, pointers
from mlops_ladder.project.lock import LOCK, Lock, dump, load, lock_of, with_lock
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import File, Tree
from support.env import isolate as isolate
from support.trees import write

DATA = Dataset("own", "trips.csv", "csv", "late", "binary", 3, ())
ANSWERS = Answers("Trips", "trips", DATA)
TRIPS_TOML = """[project]
name = "trips"
dependencies = [
    "pandas>=3,<4",
]

[tool.ruff]
line-length = 100
"""


def git(folder: Path, *args: str, stdin: str | None = None) -> str:
    """What a git command prints; it must succeed."""
    done = subprocess.run(
        ["git", *args],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        text=True,
        errors="surrogateescape",
    )
    assert done.returncode == 0, f"git {args}: {done.stderr}"
    return done.stdout


def files(*pairs: tuple[str, str | bytes] | tuple[str, str | bytes, bool]) -> Tree:
    """A render from (path, content[, executable])."""
    return {
        pair[0]: File(pair[1] if isinstance(pair[1], bytes) else pair[1].encode(), len(pair) > 2 and bool(pair[2]))
        for pair in pairs
    }


def numbered(*changed: tuple[int, str], count: int = 30) -> str:
    """A text of numbered lines, some of them replaced."""
    lines = {number: f"line {number}" for number in range(1, count + 1)} | dict(changed)
    return "".join(f"{lines[number]}\n" for number in sorted(lines))


def start(folder: Path, base: Tree, prefix: str = "", lock: Lock | None = None, init: Sequence[str] = ()) -> Path:
    """A repository with the pristine project committed; returns the project's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *init)
    project = write(folder / prefix, {**base, LOCK: dump(lock or lock_of(base, ANSWERS, 1))})
    save(folder, "start")
    return project


def save(folder: Path, message: str = "work") -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def lock_in(project: Path) -> Lock:
    """The lock of the project in a folder."""
    return load((project / LOCK).read_bytes())


def change(project: Path, base: Tree, theirs: Tree, **more: Any) -> Change:
    """The change from one render to another, at level 2."""
    lock = lock_in(project)
    new = lock_of(theirs, lock.answers, 2, lock.kept)
    return Change("level 1 -> 2 (Test)", "It gives more.", base, theirs, new, **more)


def look(project: Path, base: Tree, theirs: Tree, branch: str = "ladder/level-2", **more: Any) -> LiftPlan:
    """The plan of a lift."""
    return plan(inspect(project), [change(project, base, theirs, **more)], branch)


def lift(project: Path, base: Tree, theirs: Tree, **more: Any) -> tuple[LiftPlan, Outcome]:
    """Lift a project from one render to another."""
    found = look(project, base, theirs, **more)
    return found, carry_out(found)


State = tuple[str, str, str, dict[str, tuple[int, bytes]]]


def state(top: Path) -> State:
    """HEAD, branches, index and every byte of the work tree: what must come back."""
    head = git(top, "rev-parse", "HEAD") + git(top, "rev-parse", "--abbrev-ref", "HEAD")
    refs = git(top, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
    index = git(top, "ls-files", "--stage", "-v")
    on_disk = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        if name.split("/")[0] == ".git" or "/.git/" in name or name.endswith("/.git") or path.is_dir():
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        on_disk[name] = (path.lstat().st_mode, content)
    return head, refs, index, on_disk


def under_way(top: Path) -> bool:
    """Whether a cherry-pick is in progress."""
    return Path(top, git(top, "rev-parse", "--git-path", "CHERRY_PICK_HEAD").strip()).exists()


MAKEFILE = """help: ## list the verbs
\t@echo {{ package }}

run: ## do it
\techo 1
{% block verbs %}
{% endblock %}
"""
PYPROJECT = """[project]
name = "{{ slug }}"
dependencies = [
    "pandas>=3,<4",
]

[dependency-groups]
{% block groups %}
{% endblock %}
dev = ["pytest>=9,<10"]

[tool.uv]
default-groups = "all"

[tool.ruff]
line-length = 100
"""
IGNORE = """.venv/
/models/
{% block more %}
{% endblock %}
"""
TEMPLATES = {
    "level1/files/Makefile.jinja": MAKEFILE,
    "level1/files/pyproject.toml.jinja": PYPROJECT,
    "level1/files/.gitignore.jinja": IGNORE,
    "level1/files/README.md.jinja": "# {{ name }}\n\n" + numbered(),
    "level1/files/config.toml": numbered(count=12).replace("line ", "key").replace("\n", " = 1\n"),
    "level1/files/src/{{ package }}/__init__.py": "",
    "level1/files/src/{{ package }}/train.py.jinja": '"""Train {{ package }}."""\n' + numbered(),
    "level1/files/tests/test_train.py": numbered(),
    "level1/files/run.sh": "#!/bin/sh\nmake run\n",
    "level1/files+github/.github/workflows/test.yml": "on: push\n" + numbered(),
    "level1/files+gitlab/.gitlab-ci.yml": "test:\n" + numbered(),
    "level2/files/Makefile.jinja": '{% extends "below" %}\n{% block verbs %}\n{% super %}\n\npull: ## bring data\n'
    "\techo pull\n{% endblock %}\n",
    "level2/files/pyproject.toml.jinja": '{% extends "below" %}\n{% block groups %}\n{% super %}\n'
    'tracking = [\n    "mlflow>=3,<4",\n]\n{% endblock %}\n',
    "level2/files/.gitignore.jinja": '{% extends "below" %}\n{% block more %}\n{% super %}\n/mlruns/\n{% endblock %}\n',
    "level2/files/.dvc/config": "[core]\n",
    "level2/files/.dvc/.gitignore": "/cache\n/tmp\n",
    "level2/files/src/{{ package }}/track.py": numbered((1, "track")),
    "level2/files+github/.github/workflows/nightly.yml": "on: schedule\n" + numbered((7, "nightly")),
    "level3/files/README.md.jinja": "# {{ name }}\n\n" + numbered((30, "line 30 at level 3")),
    "level3/files/src/{{ package }}/gate.py": numbered((1, "gate")),
    "level3/files/gate.sh": "#!/bin/sh\n",
    "level4/files/Makefile.jinja": '{% extends "below" %}\n{% block verbs %}\n{% super %}\n\nserve: ## serve\n'
    "\techo serve\n{% endblock %}\n",
    "level4/files/src/{{ package }}/serve.py": numbered((1, "serve")),
}


RAW = "data/raw/trips.csv"
ROWS = "late,x\n1,2\n0,3\n"
# As in our own levels: DVC holds the data from the second on.
ASSETS = {
    1: '[[assets]]\npath = "data/raw/{file}"\nof = "data"\n',
    2: '[[assets]]\npath = "data/raw/{file}"\nof = "data"\nheld = "dvc"\n',
}


def templates(root: Path, changed: dict[str, str] | None = None, removes: Sequence[str] = ()) -> Path:
    """A folder of small templates with four levels and both CI hosts."""
    write(root, {**TEMPLATES, **(changed or {})})
    for level, name in enumerate(("Manual", "Reproducible", "Automated training", "Automated delivery"), 1):
        about = f'number = {level}\nname = "{name}"\ntest = "Test {level}."\nremoves = {list(removes)}\n' + ASSETS.get(
            level, ""
        )
        (root / f"level{level}/level.toml").write_text(about)
    return root


def lay_out(
    project: Path, root: Path, level: int, answers: Answers = ANSWERS, rows: str = ROWS, version: str = ""
) -> Path:
    """The files of a project of the small templates, as `ladder new` writes them."""
    render_ = render(answers, level, root)
    lock = lock_of(render_, answers, level)
    write(project, {**with_lock(render_, replace(lock, ladder=version or lock.ladder)), RAW: rows})
    if level >= 2:
        write(project, pointers({RAW: digest(project / RAW)}))
        into_cache(project, project / RAW)
    return project


def new(project: Path, root: Path, level: int, answers: Answers = ANSWERS, version: str = "") -> Path:
    """A project of the small templates as `ladder new` makes it, committed."""
    lay_out(project, root, level, answers, version=version)
    git(project, "init", "-q")
    save(project, "start")
    return project


def climb(project: Path, root: Path | None, to: int, branch: str = "up") -> tuple[LiftPlan, Outcome]:
    """`ladder up --to`, with the small templates."""
    repo = inspect(project)
    found = plan(repo, requests.climb(repo.lock, to, root), branch)
    return found, carry_out(found)
