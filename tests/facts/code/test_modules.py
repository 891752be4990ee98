from __future__ import annotations

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
