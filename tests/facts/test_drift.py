"""Where live data is compared with a reference."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.drift import DRIFT, drift_hits
from support.facts import facts_of
from support.monitors import watched


def test_drift_is_looked_for_in_live_code_only() -> None:
    assert [hit.where for hit in facts_of(watched("pass")).drift] == ["watch.py:7"]
    assert facts_of({"watch.py": "def look():\n    ks_2samp([1], [2])\n"}).drift == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("from evidently import Report\n\nReport([]).run(a, b)\n", ["3"]),
        ("import nannyml\n\nc = nannyml.X()\nc.estimate(a)\n", ["4"]),
        ("from scipy import stats\n\nstats.wasserstein_distance(a, b)\n", ["3"]),
        ("psi(a, b)\n", ["1"]),
        ("from sklearn.svm import SVC\n\nSVC().fit(a, b)\n", []),
        ("psi_name(a)\nkepsi(b)\n", ["1"]),
        ("import evidently\n\nprint(evidently)\n", []),
    ],
)
def test_calls_that_compare(text: str, lines: list[str]) -> None:
    facts = facts_of({"a.py": text})
    found = {hit.where.rpartition(":")[2] for hit in drift_hits(facts.code, facts.ml)}

    assert sorted(found) == lines


@pytest.mark.parametrize(
    ("text", "speaks"),
    [("data_drift", True), ("if PSI > 0.2", True), ("ks_2samp", True), ("performance_drop", True), ("epsilon", False)],
)
def test_words_about_drift(text: str, speaks: bool) -> None:
    assert bool(DRIFT.search(text)) is speaks
