"""The ways to predict, for data of every shape and other models: which is taken, that it is right, what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell
from support.projects import new
from support.shapes import SHAPES, request

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("delivery/engine")]

ASKED = """
import asyncio, json, pathlib, sys, tempfile, time
from {name} import config, data, model, package, rows
from {name}.serving import engine

knobs = config.load()
raw = data.read(knobs.data)
typed = data.load(knobs)
fitted = model.fit(data.split(typed, knobs)[0], knobs)
offline = model.predict(fitted, data.features(raw, knobs).sort_index(), knobs)
with tempfile.TemporaryDirectory() as folder:
    about = dict(name="{name}", version="1", run_id="a", git_sha="b", data_hash="c")
    package.make(pathlib.Path(folder), fitted, knobs, about)
    own = package.read(pathlib.Path(folder), "{name}", "1")
found = engine.Engine(own)
served = rows.plain(raw.drop(columns=knobs.data.target), knobs)[:2000]
asked = [*served, *own.proving]
truth = found.truth(asked)


async def ask():
    answers = []
    for start in range(0, len(asked), 32):
        answers += await asyncio.gather(*(found.predict([row]) for row in asked[start : start + 32]))
    return [answer for (answer,) in answers]


start = time.process_time()
answers = asyncio.run(ask())
spent = 1000 * (time.process_time() - start) / len(asked)
near = sum(map(engine.near, answers, truth))
first = own.predict(served)
told = dict(way=found.way, why=found.why, rows=len(asked), near=near, spent=spent)
told["equal"] = sum(a == b for a, b in zip(answers, truth))
told["offline"] = first.equals(offline.head(2000))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of the shared environment; projects are found by `PYTHONPATH`."""
    folder = tmp_path_factory.mktemp("engine")
    golden.lend(TOP, folder / "venv")
    return folder / "venv/bin/python"


def ask(project: Path, python: Path) -> dict[str, Any]:
    """What a project's engine says of its data."""
    env = shell(project.parent / "home", PYTHONPATH=str(project / "src"))
    said = must(python, "-c", ASKED.format(name=project.name), cwd=project, env=env, seconds=300)
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    print(project.name, found)
    return found


def make(folder: Path, shape: str) -> Path:
    """A project of data of a shape."""
    options = [f"--{name}={value}" for name, value in request(shape).items()]
    env = shell(folder / "home")
    return new(folder / "served", env, "--level", str(TOP), "--yes", *options).path


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_of_any_shape_are_answered_fast_and_bit_by_bit_as_offline(
    shape: str, tmp_path: Path, python: Path
) -> None:
    found = ask(make(tmp_path, shape), python)

    assert found["way"] == "forest", found["why"]
    assert found["equal"] == found["rows"] > 100
    assert found["offline"]


PROBABILITIES = "chances = model.predict_proba(frame[config.features.all])"
PIPELINE = """    return Pipeline([("columns", columns(config)), ("learner", learner)])"""
FOREST = f"""    from sklearn.ensemble import RandomForestClassifier

    learner = RandomForestClassifier(100, max_depth=8, random_state=7)
{PIPELINE}"""
DERIVED = """    frame["haul"] = number(raw["distance"]) / raw["hour"].clip(1)
    return frame


def split("""
CHANGES = {
    "predict": [("src/served/model.py", PROBABILITIES, f"{PROBABILITIES} / 2")],
    "learner": [("src/served/model.py", PIPELINE, FOREST)],
    "features": [
        ("src/served/data.py", "    return frame\n\n\ndef split(", DERIVED),
        ("config.toml", '"distance",', '"haul",'),
    ],
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_other_model_is_answered_together(change: str, tmp_path: Path, python: Path) -> None:
    project = make(tmp_path, "flights")
    for name, old, changed in CHANGES[change]:
        text = (project / name).read_text("utf-8")
        assert text.count(old) == 1
        (project / name).write_text(text.replace(old, changed), "utf-8")
    found = ask(project, python)

    assert found["way"] == "pipeline"
    assert found["near"] == found["rows"]
    assert found["offline"]
    assert found["spent"] < 1.5, f"{found['spent']:.2f} ms of CPU a row, 32 at once"
