"""What is recorded of runs, and what only looks so."""

from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = """
{top}
from sklearn.svm import SVC

model = SVC(random_state=1).fit([[0], [1]], [0, 1])
{line}
"""


@pytest.mark.parametrize(
    ("top", "line", "note"),
    [
        ("import mlflow", "mlflow.log_metric('a', 1)", ""),
        ("import mlflow", "mlflow.sklearn.autolog()", ""),
        ("import mlflow", "pass", "train.py:1 imports mlflow and records nothing with it"),
        ("import wandb", "wandb.init()\nwandb.log({'a': 1})", ""),
        ("import wandb", "wandb.init(mode='disabled')\nwandb.log({'a': 1})", "train.py switches tracking off"),
        ("import transformers", "transformers.TrainingArguments(report_to=['wandb'])", ""),
        ("import transformers", "transformers.TrainingArguments(report_to='none')", "nothing"),
    ],
)
def test_in_the_run_that_trains(top: str, line: str, note: str) -> None:
    found = facts_of({"train.py": TRAIN.format(top=top, line=line)}).tracking
    assert bool(found.runs) is not bool(note)
    assert note in ("", "nothing") or found.runs.note == note


def test_a_wrapper_that_nothing_calls() -> None:
    texts = {
        "train.py": TRAIN.format(top="", line=""),
        "track.py": "import mlflow\n\n\ndef log():\n    mlflow.log_metric('a', 1)\n",
    }
    assert facts_of(texts).tracking.runs.note == "track.py:5 records, but nothing calls it"


def test_another_run_is_not_the_one_that_trains() -> None:
    texts = {
        "train.py": TRAIN.format(top="", line=""),
        "track.py": "import mlflow\n\nmlflow.log_metric('a', 1)\n",
    }
    assert facts_of(texts).tracking.runs.note == "track.py:3 records, but not in the run that trains the model"


def test_without_a_call_in_python() -> None:
    texts = {"dvc.yaml": "stages: {a: {cmd: python a.py}}\n", "Makefile": "run:\n\tdvc exp run\n"}
    assert facts_of(texts).tracking.runs.places == ("Makefile:1",)
    assert not facts_of({"Makefile": "run:\n\tdvc exp run\n"}).tracking.runs
