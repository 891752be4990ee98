"""How a project is run, its stages, and where its model answers."""

from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = {"train.py": "from sklearn.svm import SVC\n\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"}


@pytest.mark.parametrize(
    ("more", "places", "note"),
    [
        ({"README.md": "# A\n\nRun `python train.py`.\n"}, ("README.md:3",), ""),
        ({"README.md": "Run train.py with python.\n"}, ("README.md",), ""),
        ({"README.md": "Run `python fit.py`.\n"}, (), "README.md:1 names fit.py, which is not there"),
        ({"README.md": "A project.\n"}, (), "no document names a command or file that trains the model"),
        ({"README.md": "A project.\n", "Makefile": "run:\n\tpython train.py\n"}, ("Makefile:1",), ""),
    ],
)
def test_where_it_is_said_how_to_run(more: dict[str, str], places: tuple[str, ...], note: str) -> None:
    found = facts_of(TRAIN | more).instructions.runbook
    assert (found.places, found.note) == (places, note)


def test_where_nothing_trains_there_is_nothing_to_run() -> None:
    assert facts_of({"README.md": "Run `python train.py`.\n"}).instructions.runbook.note == "there is nothing to run"


@pytest.mark.parametrize(
    ("texts", "stages"),
    [
        ({"dvc.yaml": "stages:\n  a: {cmd: a}\n  b: {cmd: b}\n"}, ["dvc.yaml:2", "dvc.yaml:3"]),
        ({"dvc.yaml": "stages:\n  a: {cmd: a}\n"}, []),
        ({"flow.py": "import prefect\n\n\n@prefect.flow\ndef run():\n    pass\n"}, ["flow.py:5"]),
        ({"flow.py": "from metaflow import FlowSpec\n\n\nclass Run(FlowSpec):\n    pass\n"}, ["flow.py:1"]),
        ({"flow.py": "def flow():\n    pass\n"}, []),
        ({"w.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\n"}, ["w.yaml:2"]),
    ],
)
def test_declared_stages(texts: dict[str, str], stages: list[str]) -> None:
    assert facts_of(texts).stages == stages


def test_services_and_pages() -> None:
    api = "import {0}\n\napp = {0}.{1}()\n"
    assert facts_of({"api.py": api.format("fastapi", "FastAPI")}).serving.services == ["api.py:3"]
    assert facts_of({"app.py": "import streamlit\n\nstreamlit.App()\n"}).serving.services == []
    assert facts_of({"api.py": "class FastAPI:\n    pass\n\n\nFastAPI()\n"}).serving.services == []


def test_a_batch_is_scored_with_a_model_from_a_registry() -> None:
    score = "import mlflow\n\nmodel = mlflow.pyfunc.load_model({})\nmodel.predict([[1]])\n"
    assert facts_of({"score.py": score.format("'models:/a@champion'")}).serving.batches
    assert facts_of({"score.py": score.format("'model.pkl'")}).serving.batches == []
