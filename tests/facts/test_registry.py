"""What registers a model, and what registers something else."""

from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = """
import {library}
from sklearn.svm import SVC

model = SVC(random_state=1).fit([[0], [1]], [0, 1])
{line}
"""


@pytest.mark.parametrize(
    ("library", "line", "registers"),
    [
        ("mlflow", "mlflow.register_model('runs:/1/model', 'a')", True),
        ("mlflow", "mlflow.sklearn.log_model(model, 'm', registered_model_name='a')", True),
        ("mlflow", "mlflow.sklearn.log_model(model, 'm', registered_model_name='')", False),
        ("mlflow", "mlflow.sklearn.log_model(model, 'm')", False),
        ("wandb", "wandb.log_artifact('m', aliases=['best'])", True),
        ("wandb", "wandb.log_artifact('m')", False),
        ("bentoml", "bentoml.sklearn.save_model('a', model)", True),
        ("modelstore", "modelstore.upload('domain', model=model)", True),
        ("boto3", "boto3.client('s3').upload('a')", False),
        ("clearml", "clearml.OutputModel().publish()", True),
        ("feast", "feast.FeatureStore().apply([])", False),
    ],
)
def test_calls(library: str, line: str, registers: bool) -> None:
    found = facts_of({"train.py": TRAIN.format(library=library, line=line)}).registry
    assert bool(found.registered) is registers
    assert all("train.py:" in place for place in found.registered.places)


def test_a_registration_beside_the_training_is_seen_and_does_not_count() -> None:
    texts = {
        "train.py": TRAIN.format(library="os", line=""),
        "put.py": "import mlflow\n\nmlflow.register_model('runs:/1/model', 'a')\n",
    }
    assert facts_of(texts).registry.registered.note == "put.py:3 registers, but not in a run that trains"


def test_a_registry_of_the_projects_own() -> None:
    own = """
    import json


    def register(model, version, metrics, git_sha):
        json.dump({"version": version, "metrics": metrics, "git_sha": git_sha}, open("models.json", "w"))
    """
    texts = {"store.py": own, "train.py": TRAIN.format(library="store", line="store.register(model, 1, {}, 'a')")}
    assert facts_of(texts).registry.registered.places == ("train.py:6",)


def test_a_command_registers_unless_its_failure_is_ignored() -> None:
    job = "on: push\njobs:\n  a:\n    steps:\n    - run: gto register a{}\n"
    for tail, counts in (("", True), (" || true", False)):
        found = facts_of({".github/workflows/a.yml": job.format(tail)}).registry.registered
        assert bool(found) is counts
