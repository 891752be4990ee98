"""One function, read from top to bottom: what carries the decision, and what it does with it."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from mlops_ladder.facts.code.dataflow import Decisions, Effect, Scope
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.parse import parse_module


def asked(node: ast.AST, _: Module) -> bool:
    """The name `worse` is where decisions come from here."""
    return isinstance(node, ast.Name) and node.id == "worse"


@cache  # expressions are known by their identity: their trees have to live as long
def parsed(text: str) -> Module:
    module = parse_module("a.py", text)
    assert module is not None
    return module


def read(text: str, scope: str = "", found: Decisions | None = None) -> Decisions:
    """What one reading of a module's level, or of one of its functions, finds."""
    module = parsed(text)
    assert module.tree is not None
    node = module.functions[scope].node if scope else None
    found = found or Decisions()
    Scope(module, scope, found, asked, re.compile("^promote"), node).block((node or module.tree).body)
    return found


def kinds(found: Decisions) -> list[tuple[str, int]]:
    return [(effect.kind, effect.line) for effect in found.effects]


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("for x in a:\n    if worse:\n        raise E\n", [("raise", 3)]),
        ("try:\n    a()\nexcept E:\n    assert worse\nfinally:\n    exit(worse)\n", [("exit", 6), ("assert", 4)]),
        ("with a():\n    if worse:\n        promote()\n", [("call", 3)]),
        ("match a:\n    case 1:\n        assert not worse\n", [("assert", 3)]),
        ("n = 0\nn += worse\nassert n\n", [("assert", 3)]),
        ("n: int = worse\nassert n\n", [("assert", 2)]),
        ("if why := worse:\n    print(why)\nassert why\n", [("output", 2), ("assert", 3)]),
        ("if why := other:\n    a()\nassert why\n", []),
        ("raise E(worse)\n", [("raise", 1)]),
        ("raise SystemExit(worse)\n", [("exit", 1), ("raise", 1)]),
        ("if a:\n    pass\nelif worse:\n    promote()\n", [("call", 4)]),
        ("if worse:\n    state = 1\nif state:\n    promote()\n", [("call", 4)]),
        ("for x in a:\n    if worse:\n        continue\n    b()\n    promote(x)\n", [("call", 5)]),
        ("bad = dict(found=worse)\nassert bad['found']\n", [("assert", 2)]),
        ("bad['found'] = worse\nassert other.get('found')\n", [("assert", 2)]),
        ("print(json.dumps({'bad': worse}))\nassert a['bad']\n", [("output", 1), ("assert", 2)]),
        ("ConditionStep(conditions=[worse])\n", [("branch", 1)]),
        ("with If(worse):\n    pass\n", [("branch", 1)]),
        ("worse and sys.exit(1)\n", [("exit", 1)]),
        # The decision ends before anything hangs on it.
        ("if a:\n    raise E\nassert b\n", []),
        ("worse\npromote()\n", []),
        ("if worse:\n    print(1)\npromote()\n", []),
        ("raise E(a) from worse\n", []),
        ("with open(worse):\n    pass\n", []),
        ("bad['found'] = worse\nassert other['lost']\n", []),
        ("promote() and worse\n", []),
        ("ConditionStep(conditions=[a])\n", []),
    ],
)
def test_effects_of_one_scope(text: str, effects: list[tuple[str, int]]) -> None:
    found = kinds(read(text))
    assert sorted(found) == sorted(effects)


def test_a_function_that_returns_the_decision_carries_it() -> None:
    text = "def better(a):\n    return not worse\ndef other(a):\n    return a\n"
    found = read(text, "other")
    assert found.functions == set()
    read(text, "better", found)

    assert found.functions == {"better"}
    assert kinds(read("if better(1):\n    promote()\n", "", found)) == [("call", 2)]
    assert kinds(read("if other(1):\n    promote()\n", "", Decisions(functions={"better"}))) == []


def test_a_function_of_a_common_name_is_not_taken_for_the_one_that_decides() -> None:
    text = "if run():\n    promote()\nif judge():\n    promote()\n"

    assert kinds(read(text, "", Decisions(functions={"run", "judge"}))) == [("call", 4)]


def test_a_branch_of_airflow_calls_the_function_that_decides() -> None:
    text = "BranchPythonOperator(task_id='a', python_callable=flows.choose)\n"

    assert kinds(read(text, "", Decisions(functions={"choose"}))) == [("branch", 1)]
    assert kinds(read(text)) == []


@pytest.mark.parametrize(("mark", "effects"), [("@task.branch\n", [("branch", 3)]), ("@task.plain\n", [])])
def test_what_a_branching_task_returns_is_the_way_taken(mark: str, effects: list[tuple[str, int]]) -> None:
    assert kinds(read(f"{mark}def f():\n    return 'a' if worse else 'b'\n", "f")) == effects


def test_fields_and_keys_carry_a_decision_from_one_scope_to_the_next() -> None:
    found = read("r = Report(bad=worse)\nself.ok = worse\nd = {'lost': worse, 'kept': 1}\nlower(found=worse)\n")

    assert (found.attributes, found.keys) == ({"bad", "ok"}, {"lost"})
    assert kinds(read("assert a.bad\nassert a.kept\nassert a['lost']\n", "", found)) == [("assert", 1), ("assert", 3)]


def test_where_decisions_come_from_is_noted_once() -> None:
    found = read("a = worse\nif worse: promote()\nb = worse or worse\n")

    assert [(module.path, line, scope) for module, line, scope in found.sources] == [
        ("a.py", 1, ""), ("a.py", 2, ""), ("a.py", 3, ""),
    ]  # fmt: skip


def test_an_effect_knows_its_place_and_its_node() -> None:
    (effect,) = read("def f():\n    if worse:\n        promote_it()\n", "f").effects

    assert (effect.where, effect.node, effect.name) == ("a.py:3", ("py", "a.py", "f"), "promote_it")
    assert effect == Effect("call", effect.module, 3, "f", "promote_it")
