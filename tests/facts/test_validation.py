"""A validation stops the run that trains, or does not count."""

from __future__ import annotations

import pytest

from support.facts import facts_of

TRAIN = """
import pandas as pd
from sklearn.svm import SVC
{top}

frame = pd.read_csv("rows.csv")
{step}
SVC(random_state=1).fit(frame, frame.y)
"""
SCHEMA = "import pandera as pa\n\nSCHEMA = pa.DataFrameSchema({})\n"


@pytest.mark.parametrize(
    ("top", "step", "note"),
    [
        ("from schema import SCHEMA", "SCHEMA.validate(frame)", ""),
        ("from schema import SCHEMA", "print(SCHEMA)", "-"),
        (
            "from schema import SCHEMA",
            "try:\n    SCHEMA.validate(frame)\nexcept Exception:\n    pass",
            "validates, but its failure is caught and ignored",
        ),
        (
            "def check_columns(frame):\n    if 'x' not in frame.columns:\n        raise ValueError('x')",
            "check_columns(frame)",
            "",
        ),
        ("def check_columns(frame):\n    print(frame.columns)", "check_columns(frame)", "-"),
        (  # each class has an `__init__` of its own
            "class A:\n    def __init__(self, frame):\n        if 'x' not in frame.columns:\n"
            "            raise ValueError('x')\n\n"
            "class B(dict):\n    def __init__(self):\n        super().__init__()",
            "B()",
            "-",
        ),
        ("def valid_data(frame):\n    return 'x' in frame.columns", "valid_data(frame)", "-"),
    ],
)
def test_in_the_run_that_trains(top: str, step: str, note: str) -> None:
    found = facts_of({"schema.py": SCHEMA, "train.py": TRAIN.format(top=top, step=step)}).validation
    assert bool(found) is not bool(note), found
    assert note in ("", "-") or note in found.note


def test_a_validation_in_another_run_does_not_count() -> None:
    texts = {
        "schema.py": SCHEMA,
        "train.py": TRAIN.format(top="", step=""),
        "check.py": "from schema import SCHEMA\n\nSCHEMA.validate(1)\n",
    }
    assert facts_of(texts).validation.note == "check.py:3 validates, but not in a run that trains"


@pytest.mark.parametrize(("tail", "counts"), [("", True), (" || true", False)])
def test_a_command_beside_the_training(tail: str, counts: bool) -> None:
    make = f"run:\n\tsoda scan -d rows checks.yml{tail}\n\tpython train.py\n"
    found = facts_of({"Makefile": make, "train.py": TRAIN.format(top="", step="")}).validation
    assert bool(found) is counts
