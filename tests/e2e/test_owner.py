"""Whatever the owner turns, the project's own tests hold: knobs, policy, contract, learner, features, stages, data.

One environment serves all: the tests of each project run with the sources of that project in front of it.
"""

from __future__ import annotations

import os
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from support import deeds, golden, trees
from support.cases import TOP
from support.command import must
from support.env import shell
from support.projects import Project, new, write_rows
from support.user import User

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("owner")]

CONFIG: dict[str, Any] = {
    "data.missing": ["", "NA", "-"],
    "split.holdout": 0.3,
    "model.learning_rate": 0.3,
    "model.max_iter": 60,
    "model.max_leaf_nodes": 4,
    "model.min_samples_leaf": 300,
    "model.l2_regularization": 0.0,
    "model.text_features": 8,
    "model.seed": 42,
    "evaluation.min_gain": 0.1,
}
POLICY: dict[str, Any] = {
    "margin": 0.2,
    "confidence": 0.99,
    "resamples": 300,
    "min_rows": 500,
    "seed": 1,
    "slices": ["heating"],
    "min_slice_rows": 400,
    "slice_tolerance": 0.0,
}
CONTRACT: dict[str, Any] = {
    "tolerated.kind": 0.0,
    "tolerated.range": 0.0,
    "tolerated.values": 0.0,
    "tolerated.shift": 0.0,
    "tolerated.duplicates": 0.0,
    "tolerated.rows": 0.0,
    "columns.city.missing": 0.0,
    "columns.rooms.usual": [2, 3],
}
FOREST = """
    learner = RandomForestRegressor(
        n_estimators=knobs.trees,
        min_samples_leaf=knobs.leaf,
        random_state=knobs.draw,
    )
"""
STAGES = """
  size:
    cmd: python -c "print(1)" > reports/size.txt
    deps: [data/raw/rents.csv]
    outs: [reports/size.txt]
  listing:
    cmd: sh list.sh
  checked:
    cmd: python -m json.tool reports/metrics.json reports/pretty.json
    deps: [reports/metrics.json]
  ours:
    cmd:
      - python -m rents.ours
      - python -m rents.config
    deps: [src/rents]
  each:
    foreach: [a, b]
    do:
      cmd: echo ${item}
"""


def rents(path: Path, rows: int = 700) -> list[str]:
    """A number to predict, two categories to slice by, and a date; it can be learned well."""
    rng = random.Random(5)
    table: list[list[object]] = []
    for n in range(rows):
        area, rooms, city = rng.uniform(20, 150), rng.randint(1, 5), rng.choice(["Bonn", "Graz", "Wien"])
        heating = rng.choice(["gas", "oil"])
        rent = area * 11 + rooms * 20 + 90 * (city == "Wien") + rng.gauss(0, 40)
        day = date(2024, 1, 1) + timedelta(days=n // 3)
        table.append([day, city, heating, f"{area:.1f}", rooms, f"{rent:.2f}"])
    write_rows(path, ["day", "city", "heating", "area", "rooms", "rent"], table)
    return ["--target", "rent", "--time", "day"]


def easy(path: Path) -> list[str]:
    """Two classes, and a column that settles which."""
    rng = random.Random(6)
    numbers = [rng.gauss(0, 1) for _ in range(400)]
    write_rows(path, ["x", "noise", "class"], [[f"{x:.3f}", rng.randrange(9), int(x > 0)] for x in numbers])
    return ["--target", "class"]


def hopeless(path: Path) -> list[str]:
    """Three classes that nothing tells apart, few rows."""
    rng = random.Random(7)
    rows: list[list[object]] = [[rng.random(), rng.choice("abc"), f"k{n % 3}"] for n in range(60)]
    write_rows(path, ["x", "letter", "kind"], rows, ";")
    return ["--target", "kind"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with an environment, which it shares with the others."""
    folder = tmp_path_factory.mktemp("owner")
    env = shell(folder / "home")
    options = rents(folder / "rents.csv")
    project = new(folder / "rents", env, "--level", str(TOP), "--data", str(folder / "rents.csv"), *options)
    golden.lend(TOP, project.path / ".venv")
    project.make("setup")
    return project


@pytest.fixture
def mine(home: Project, tmp_path: Path) -> User:
    """A copy of it to change."""
    shutil.copytree(home.path, tmp_path / "mine", ignore=shutil.ignore_patterns(".venv", ".git"))
    user = User(tmp_path, home.env)
    user.projects["mine"] = Project(tmp_path / "mine", home.env)
    return user


def python(home: Project, project: Project, *arguments: str) -> None:
    """Run the environment's Python on the sources of a project."""
    env = home.env | {"PYTHONPATH": os.fspath(project.path / "src")}
    must(home.path / ".venv/bin/python", *arguments, cwd=project.path, env=env, seconds=900)


def own_tests(home: Project, project: Project) -> None:
    python(home, project, "-m", "pytest", "--quiet", "-p", "no:cacheprovider")


def test_every_knob_of_every_file(home: Project, mine: User) -> None:
    deeds.turn(mine, "config.toml", knobs=CONFIG)
    deeds.turn(mine, "gate.toml", knobs=POLICY)
    deeds.turn(mine, "schema.toml", knobs=CONTRACT)

    own_tests(home, mine.project("mine"))


def test_another_learner_other_features_and_stages_of_ones_own(home: Project, mine: User) -> None:
    project = mine.project("mine")
    change = deeds.change
    knobs = r"^    learning_rate: float.*?^    seed: int$"
    change(
        mine,
        "src/rents/config.py",
        old=knobs,
        new="    trees: int\n    leaf: int\n    draw: int\n    text_features: int",
    )
    knobs = r"^learning_rate = .*?^seed = [^\n]*"
    change(mine, "config.toml", old=knobs, new="trees = 30\nleaf = 2\ndraw = 3\ntext_features = 8")
    change(mine, "src/rents/model.py", old=r"^    learner = Hist.*?^    \)$", new=FOREST.strip("\n"))
    change(mine, "src/rents/model.py", old="import HistGradientBoostingRegressor", new="import RandomForestRegressor")
    # gate.toml slices by the city, which is no feature any more; two others are, one of them derived.
    change(mine, "config.toml", old=r'^    "(city|area)",\n', new="")
    change(mine, "config.toml", old=r"^number = \[$", new='number = [\n    "per_room",\n    "balcony",')
    derived = '    return frame.assign(per_room=number(raw["area"]) / number(raw["rooms"]))\n\n\ndef split'
    change(mine, "src/rents/data.py", old=r"    return frame\n\n\ndef split", new=derived)
    raw = (project.path / "data/raw/rents.csv").read_text("utf-8").splitlines()
    wider = [raw[0] + ",balcony", *(f"{line},{n % 2}" for n, line in enumerate(raw[1:]))]
    (project.path / "data/raw/rents.csv").unlink()  # it may be the one of the other project
    trees.write(project.path, {"data/raw/rents.csv": "\n".join(wider) + "\n", "list.sh": "ls -m\n"})
    deeds.append(mine, "dvc.yaml", text=STAGES)
    deeds.write(
        mine, "src/rents/ours.py", text="from rents import data\n\n\ndef main() -> None:\n    print(data.VALIDATION)\n"
    )
    python(home, project, "-m", "rents.schema")
    python(home, project, "-m", "rents.sample")

    own_tests(home, project)


@pytest.mark.parametrize("data", [easy, hopeless])
def test_data_that_is_easy_or_hopeless(data: Any, home: Project, tmp_path: Path) -> None:
    source = tmp_path / "own.csv"
    # Of the same name, since the environment has the project's own metadata, too.
    project = new(tmp_path / "rents", home.env, "--level", str(TOP), "--data", str(source), *data(source))

    own_tests(home, project)
