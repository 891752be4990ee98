"""What would not work in a merged project, read off its text: each way in which names lead nowhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlops_ladder.lift.look import Notice, Project, new_notices, reads
from mlops_ladder.project.lock import LOCK
from support.cases import kinds
from support.shapes import project as planned
from support.trees import write

PIPELINE = """stages:
  train:
    cmd: python -m trips.train
    deps:
      - data/raw/trips.csv
      - src/trips/train.py
    outs:
      - models
  evaluate:
    cmd: python -m trips.evaluate
    deps:
      - models/model.skops
"""
PYPROJECT = """[project]
dependencies = [
    "pandas>=3,<4",
]

[dependency-groups]
tracking = ["mlflow>=3.16,<3.18"]
dev = ["ruff>=0.15"]

[tool.uv]
default-groups = "all"
"""
MAKEFILE = "run:\n\tuv run python -m trips.train\n\nscore:\n\techo 1\n"
TEXTS = {
    "dvc.yaml": PIPELINE,
    "pyproject.toml": PYPROJECT,
    "Makefile": MAKEFILE,
    "src/trips/__init__.py": "",
    "src/trips/train.py": "from trips import model\nfrom trips.model import fit, load\n",
    "src/trips/evaluate.py": "import trips.train\n",
    "src/trips/model.py": "from json import load\n\n\ndef fit() -> None: ...\n",
}
PATHS = ("data/raw/trips.csv.dvc", "config.toml")


def seen(**changed: str | None) -> Project:
    """A project, some of its files (`__` for `/`, `_` for `.`) changed or gone."""
    return of({**TEXTS, **changed})


def of(texts: dict[str, str | None], paths: tuple[str, ...] = PATHS) -> Project:
    held = {path: text for path, text in texts.items() if text is not None}
    return Project(frozenset((*held, *paths)), held, "trips")


NOTHING = Project(frozenset(), {}, "trips")


def told(texts: dict[str, str | None], paths: tuple[str, ...] = PATHS) -> list[Notice]:
    return list(new_notices(NOTHING, of({**TEXTS, **texts}, paths)))


def test_a_sound_project_has_nothing_to_tell() -> None:
    assert told({}) == []


@pytest.mark.parametrize(("level", "variant"), kinds())
def test_what_ladder_makes_has_nothing_to_tell(level: int, variant: str) -> None:
    made = planned(level=level, variant=variant)
    texts = {path: file.content.decode() for path, file in made.tree.items() if path != LOCK and reads(path)}
    assert new_notices(NOTHING, Project(frozenset(made.files), texts, made.answers.package)) == ()


@pytest.mark.parametrize(
    ("changed", "paths", "where", "what"),
    [
        ({}, ("data/raw/2026.csv",), "dvc.yaml:5", "reads data/raw/trips.csv, which is not there"),
        (
            {"src/trips/train.py": None, "src/trips/core/train.py": "", "src/trips/evaluate.py": ""},
            PATHS, "dvc.yaml:6", "reads src/trips/train.py, which is not there (src/trips/core/train.py is)",
        ),
        ({"src/trips/evaluate.py": None}, PATHS, "dvc.yaml:10", "starts trips.evaluate, and there is no such module"),
        ({"Makefile": MAKEFILE.replace("train", "x")}, (), "Makefile:2", "starts trips.x, and there is no such module"),
        (
            {"src/trips/model.py": None}, PATHS,
            "src/trips/train.py:1", "imports trips.model and 1 more, which the project does not have",
        ),
        (
            {"src/trips/model.py": "def train() -> None: ...\n"}, PATHS,
            "src/trips/train.py:2", "imports trips.model.fit and 1 more, which the project does not have",
        ),
        (
            {"Makefile": MAKEFILE + "\nscore: ## ours\n\techo 2\n"}, PATHS,
            "Makefile:7", "the target score is there twice (line 4, too): make runs the last one only",
        ),
        (
            {"dvc.yaml": PIPELINE + "\n  train:\n    cmd: echo\n"}, PATHS,
            "dvc.yaml:14", "the stage train is there twice",
        ),
        (
            {"pyproject.toml": PYPROJECT.replace('<4",', '<4",\n    "mlflow>=2.9,<3",')}, PATHS,
            "pyproject.toml:4", "mlflow>=2.9,<3 and mlflow>=3.16,<3.18 allow no version together",
        ),
        (
            {"pyproject.toml": PYPROJECT.replace('"all"', '["dev"]')}, PATHS,
            "pyproject.toml:7", "the group tracking is not installed: it is not among the default-groups of [tool.uv]",
        ),
        (
            {"pyproject.toml": PYPROJECT.partition("[tool.uv]")[0]}, PATHS,
            "pyproject.toml:7", "the group tracking is not installed: it is not among the default-groups of [tool.uv]",
        ),
    ],
    ids=["data", "moved module", "stage", "verb", "module", "name", "target", "two stages", "bounds", "own groups",
         "groups of uv"],
)  # fmt: skip
def test_what_leads_nowhere_is_told(
    changed: dict[str, str | None], paths: tuple[str, ...], where: str, what: str
) -> None:
    assert (where, what) in {(f"{notice.path}:{notice.line}", notice.what) for notice in told(changed, paths)}


@pytest.mark.parametrize(
    "changed",
    [
        {"pyproject.toml": PYPROJECT.replace('<4",', '<4",\n    "mlflow>=3",')},
        {"pyproject.toml": PYPROJECT.replace('<4",', '<4",\n    "mlflow==3.17.*",')},
        {"pyproject.toml": PYPROJECT.replace('<4",', '<4",\n    "mlflow<3; python_version < \'3\'",')},
        {"pyproject.toml": "no toml"},
        {"dvc.yaml": PIPELINE.replace("src/trips/train.py", "${code}/train.py")},
        {"dvc.yaml": PIPELINE.replace("src/trips/train.py", "src/trips")},
        {"Makefile": MAKEFILE + "\nscore: run\n"},
        {"src/trips/model.py": "from trips.evaluate import *\n"},
        {"src/trips/model.py": "this is no Python"},
        {"src/trips/train.py": "from .nowhere import x\nfrom trips_of_others import y\n"},
    ],
    ids=["wider", "one of them", "another Python", "no toml", "computed", "folder", "needs only", "star", "no Python",
         "other packages"],
)  # fmt: skip
def test_what_may_work_is_not_told(changed: dict[str, str | None]) -> None:
    assert told(changed) == []


def test_data_below_a_folder_that_dvc_holds_is_there() -> None:
    assert told({}, ("data.dvc",)) == []


RENAMED = {path.replace("trips/", "birds/"): text for path, text in TEXTS.items()}


def test_a_package_of_another_name_is_told_once_with_what_renames_it(tmp_path: Path) -> None:
    (found,) = new_notices(NOTHING, of(dict(RENAMED)))
    assert found.what.startswith("trips is not there any more, and dvc.yaml, Makefile, src/birds/train.py and ")
    assert found.what.endswith(" more files name it (src/birds is)")
    write(tmp_path, RENAMED)
    subprocess.run(["sh", "-c", found.commands[0]], cwd=tmp_path, check=True)
    texts = {path: (tmp_path / path).read_text() for path in RENAMED}
    assert new_notices(NOTHING, of(dict(texts))) == ()
    assert "python -m birds.train" in texts["dvc.yaml"]
    assert "data/raw/trips.csv" in texts["dvc.yaml"]


def test_a_package_that_went_nowhere_plain_is_told_with_where_it_is_named() -> None:
    (found,) = new_notices(NOTHING, of({**RENAMED, "src/others/__init__.py": ""}))
    assert found.commands[0].startswith("git grep -n -w -e trips -- dvc.yaml Makefile ")


def test_only_what_is_new_is_told() -> None:
    before = {**TEXTS, "src/trips/train.py": "from trips import nothing\n"}
    after = {**before, "src/trips/new.py": "from trips import model, gone\n"}
    assert [notice.path for notice in new_notices(of(before), of(after))] == ["src/trips/new.py"]
