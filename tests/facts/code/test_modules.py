from __future__ import annotations

import json

import pytest

from mlops_ladder.facts.code import modules as module
from support.facts import facts_of

TEXTS = {
    "src/pkg/__init__.py": "",
    "src/pkg/train.py": "import sklearn\nsklearn.fit()\n",
    "src/pkg/io/load.py": "def load(): pass\n",
    "other/pkg/train.py": "pass\n",
    "tests/test_train.py": "fit()\n",
    "broken.py": "def (",
}


def test_modules_and_tests() -> None:
    code = facts_of(TEXTS).code

    assert [found.path for found in code.tests] == ["tests/test_train.py"]
    assert "broken.py" not in code.all
    assert {found.path for found in code.uses("sklearn")} == {"src/pkg/train.py"}


@pytest.mark.parametrize(
    ("name", "near", "found"),
    [
        ("pkg.train", "src/pkg/io/load.py", ("src/pkg/train.py", [])),
        ("pkg.train.fit", "other/x.py", ("other/pkg/train.py", ["fit"])),
        ("pkg.io.load.load", "", ("src/pkg/io/load.py", ["load"])),
        ("pkg", "", ("src/pkg/__init__.py", [])),
        ("sklearn.svm", "", None),
    ],
)
def test_what_a_name_means(name: str, near: str, found: tuple[str, list[str]] | None) -> None:
    assert facts_of(TEXTS).code.split(name, near) == found


def test_calls_by_name() -> None:
    code = facts_of(TEXTS).code

    assert [hit.where for hit in code.named(r"fit$")] == ["src/pkg/train.py:2"]
    assert code.named(r"fit$", "torch") == []
    assert [hit.where for hit in code.named(r"fit$", modules=code.tests)] == ["tests/test_train.py:1"]
    assert [hit.node for hit in code.find(lambda call: call.last == "fit")] == [("py", "src/pkg/train.py", "")]


def test_a_spent_budget_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NODES", 3)
    facts = facts_of({"train.py": "x = 1\n", "very_long.py": "x = 1  # long\n"})

    assert set(facts.code.all) == {"train.py"}
    assert set(facts.files.unseen) == {"code"}


def test_of_many_files_those_that_name_a_library_come_first_and_what_is_left_out_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = {f"odd{number}.py": "x = 1\n" for number in range(900)} | {"odd901.py": "import torch\n"}
    facts = facts_of(texts)

    assert next(iter(facts.code.all)) == "odd901.py"
    assert len(facts.code.all) == 901
    assert facts.files.unseen == {}

    monkeypatch.setattr(module, "NODES", 3)
    facts = facts_of(texts)

    assert list(facts.code.all) == ["odd901.py"]
    assert list(facts.files.unseen) == ["code"]


def test_a_file_that_is_too_dense_is_said() -> None:
    facts = facts_of({"a.py": "x\n" * 200_001, "b.R": "f(\n" * 100_001, "c.py": "y = 1\n"})

    assert list(facts.code.all) == ["c.py"]
    assert facts.files.unseen == dict.fromkeys(["a.py", "b.R"], "has more than 200,000 words and signs")


def test_names_and_numbers_beyond_all_measure_are_kept_out() -> None:
    facts = facts_of({"train.py": f"import sklearn\nmodel.dump(0x{'f' * 9_000}, {'x' * 900!r})\n"})
    (hit,) = facts.code.named(r"dump$")

    assert hit.call.strings() == ["x" * 500]
    assert facts.ml.saves == [hit]


def test_code_that_is_nested_too_deep_is_said() -> None:
    branches = "".join(f"elif champion > {number}:\n    exit(1)\n" for number in range(600))
    cells = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\n" * 110_000}]})
    facts = facts_of({"gate.py": f"if champion > 1:\n    exit(1)\n{branches}", "large.ipynb": cells})

    assert facts.code.all == {}
    assert facts.files.unseen == {
        "gate.py": "is nested too deep to be read",
        "large.ipynb": "holds more than 600,000 characters of code",
    }
