"""What leads to what is kept within bounds."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.code import commands_to_code
from mlops_ladder.facts.code import edges as module
from mlops_ladder.facts.code.edges import Edges
from mlops_ladder.facts.code.resolve import Names
from support.facts import facts_of


def test_ways_that_lead_from_each_to_each_are_bounded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EDGES", 500)
    facts = facts_of({"m.py": "".join(f"class A{i}:\n    def run(self):\n        x.run()\n" for i in range(100))})
    edges = Edges(facts.files, facts.code, Names(facts.code), facts.graph.targeting)
    found = [len(edges.of(("py", "m.py", f"A{number}.run"))) for number in range(100)]

    assert found[:5] == [100] * 5
    assert sum(found) == 600
    assert facts.files.unseen == {"what runs what": "is followed along 500 ways"}


def test_what_commands_start_is_bounded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands_to_code, "TARGETS", 500)
    functions = "".join(f"def a{i}_create_pipeline(): ...\n" for i in range(100))
    facts = facts_of({"p.py": functions})
    found = [len(facts.graph.of_shell(f"kedro run --env e{number}")) for number in range(20)]

    assert found[:6] == [100] * 6
    assert found[6:] == [0] * 14
    assert facts.files.unseen == {"commands": "are followed to the first 500 that they start"}
