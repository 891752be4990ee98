"""Where live data is compared with a reference."""

from __future__ import annotations

from support.facts import facts_of
from support.monitors import watched


def test_drift_is_looked_for_in_live_code_only() -> None:
    assert [hit.where for hit in facts_of(watched("pass")).drift] == ["watch.py:7"]
    assert facts_of({"watch.py": "def look():\n    ks_2samp([1], [2])\n"}).drift == []
