"""Where a model answers: services, and batches."""

from __future__ import annotations

import pytest

from support.facts import facts_of


def test_services_and_pages() -> None:
    api = "import {0}\n\napp = {0}.{1}()\n"
    assert facts_of({"api.py": api.format("fastapi", "FastAPI")}).serving.services == ["api.py:3"]
    assert facts_of({"app.py": "import streamlit\n\nstreamlit.App()\n"}).serving.services == []
    assert facts_of({"api.py": "class FastAPI:\n    pass\n\n\nFastAPI()\n"}).serving.services == []


def test_a_batch_is_scored_with_a_model_from_a_registry() -> None:
    score = "import mlflow\n\nmodel = mlflow.pyfunc.load_model({})\nmodel.predict([[1]])\n"
    assert facts_of({"score.py": score.format("'models:/a@champion'")}).serving.batches
    assert facts_of({"score.py": score.format("'model.pkl'")}).serving.batches == []


@pytest.mark.parametrize(
    ("path", "text", "where"),
    [
        ("s.yaml", "apiVersion: v1\nkind: InferenceService\nmetadata: {name: a}\n", ["s.yaml:2"]),
        ("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", []),
        ("up.py", "import sagemaker\n\nmodel.deploy(1)\n", ["up.py:3"]),
        ("up.py", "import helper\n\nmodel.deploy(1)\n", []),
    ],
)
def test_services_outside_of_code(path: str, text: str, where: list[str]) -> None:
    assert facts_of({path: text}).serving.services == where
