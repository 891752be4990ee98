"""Where a model answers: services, and batches."""

from __future__ import annotations

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
