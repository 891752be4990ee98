from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = """\
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score
    import joblib

    def main():
        model = LogisticRegression(random_state=3)
        model.fit(x, y)
        accuracy = accuracy_score(y, model.predict(x))
        joblib.dump(model, "model.joblib")

    if __name__ == "__main__":
        main()
    """


def test_where_a_script_trains_measures_saves_and_predicts() -> None:
    ml = facts_of({"train.py": TRAIN}).ml

    assert [hit.where for hit in ml.training] == ["train.py:7"]
    assert {module.where(line) for module, line in ml.metrics} == {"train.py:8"}
    assert [hit.where for hit in ml.saves] == ["train.py:9"]
    assert [hit.where for hit in ml.predictions] == ["train.py:8"]
    assert ml.seeds == ["train.py:6"]
    assert ml.train_files == {"train.py"}
    assert ml.scripted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("train.R", "library(caret)\nm <- train(y ~ ., d)\n"),
        ("model.py", "import numpy as np\ndef fit(x):\n    return x\nfit(3)\n"),
        ("Makefile", "train:\n\txgboost train.conf\n"),
        ("load.py", "db.execute('CREATE OR REPLACE MODEL m OPTIONS(x) AS SELECT 1')\n"),
        ("a.py", "import torch\nloss = f(x)\nloss.backward()\n"),
    ],
)
def test_other_ways_to_train(path: str, text: str) -> None:
    assert facts_of({path: text}).ml.trains


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\nscaler.fit(x)\n",
        "import torch\nmodel.train()\n",
        "import sklearn\ndef never():\n    model.fit(x)\n",
        "window.fit(x)\n",
    ],
)
def test_what_only_looks_like_training(text: str) -> None:
    assert not facts_of({"a.py": text}).ml.trains


def test_a_seed_in_the_configuration() -> None:
    assert facts_of({"params.yaml": "# seed\nmodel:\n  seed: 3\n"}).ml.seeds == ["params.yaml:3"]


def test_what_runs_in_the_same_run_as_a_training() -> None:
    texts = {
        "train.py": TRAIN,
        "track.py": "import mlflow\nmlflow.log_metric('a', 1)\n",
        "aside.py": "import mlflow\nmlflow.log_metric('b', 1)\n",
        "dvc.yaml": "stages:\n  train: {cmd: python train.py}\n  track: {cmd: python track.py}\n",
    }
    facts = facts_of(texts)
    hits = facts.code.named(r"log_metric$")

    assert [hit.where for hit in facts.ml.in_pipeline(hits)] == ["track.py:2"]
