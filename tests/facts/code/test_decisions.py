"""From a compared value to what hangs on it: the flow through variables, results, keys and attributes."""

from __future__ import annotations

import ast
import re

import pytest

from mlops_ladder.facts.code.dataflow import Decisions
from mlops_ladder.facts.code.decisions import decisions, words_by_scope, words_of
from mlops_ladder.facts.code.model import Module
from support.facts import facts_of


def worse(node: ast.AST, _: Module) -> bool:
    """Any comparison with `limit` is a decision here."""
    return isinstance(node, ast.Compare) and "limit" in words_of(node)


def outcome(*texts: str) -> Decisions:
    code = facts_of({f"m{number}.py": text for number, text in enumerate(texts)}).code
    return decisions(code, worse, r"^(promote|deploy)", re.compile("limit"))


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("if x > limit:\n    raise E\n", {("raise", 2)}),
        ("if x > limit:\n    promote()\n", {("call", 2)}),
        ("if x > limit:\n    pass\nelse:\n    sys.exit(1)\n", {("exit", 4)}),
        ("assert x > limit\n", {("assert", 1)}),
        ("ok = x > limit\nif ok:\n    promote()\n", {("call", 3)}),
        ("ok, why = check(x > limit)\nif not ok:\n    raise E\n", {("raise", 3)}),
        ("problems = []\nproblems.append(x > limit)\nif problems:\n    raise E\n", {("raise", 4)}),
        ("sys.exit(int(x > limit))\n", {("exit", 1)}),
        ("(x > limit) and promote()\n", {("call", 1)}),
        ("y = promote() if x > limit else None\n", {("call", 1)}),
        ("while x > limit:\n    deploy()\n", {("call", 2)}),
        ("report = {'passed': x > limit}\nif report['passed']:\n    promote()\n", {("call", 3)}),
        ("report = {'passed': x > limit}\nif report.get('passed'):\n    promote()\n", {("call", 3)}),
        ("self.ok = x > limit\nif self.ok:\n    promote()\n", {("call", 3)}),
        ("r = Result(good=x > limit)\nif r.good:\n    promote()\n", {("call", 3)}),
        ("write(str(x > limit))\n", {("output", 1)}),
        ("with Condition(x > limit):\n    pass\n", {("branch", 1)}),
        ("def f():\n    if x > limit:\n        return\n    promote()\n", {("call", 4)}),
        ("def ok():\n    return x > limit\ndef go():\n    if ok():\n        promote()\n", {("call", 5)}),
        ("@task.branch\ndef f():\n    return 'a' if x > limit else 'b'\n", {("branch", 3)}),
        # Nothing hangs on these.
        ("x > limit\n", set()),
        ("log(x > limit)\n", set()),
        ("if x > 3:\n    promote()\n", set()),
        ("ok = x > limit\npromote()\n", set()),
        ("if x > limit:\n    log()\n", set()),
    ],
)
def test_what_hangs_on_a_decision(text: str, effects: set[tuple[str, int]]) -> None:
    assert {(effect.kind, effect.line) for effect in outcome(text).effects} == effects


def test_a_decision_crosses_files() -> None:
    deciding = "def better():\n    return x > limit\n"
    acting = "from m1 import better\ndef go():\n    if better():\n        promote()\n"
    found = outcome(acting, deciding)

    assert {(effect.where, effect.node) for effect in found.effects} == {("m0.py:4", ("py", "m0.py", "go"))}
    assert found.functions == {"better"}
    assert [(module.path, line, scope) for module, line, scope in found.sources] == [("m1.py", 2, "better")]


def test_tests_decide_nothing() -> None:
    code = facts_of({"tests/test_a.py": "if x > limit:\n    raise E\n"}).code

    assert decisions(code, worse, "promote").effects == {}


def test_words_of_a_scope() -> None:
    (module,) = facts_of({"a.py": "def f(a):\n    return a.b['c'](d=1)\nx = 'y z'\n"}).code.modules

    assert {scope: sorted(words.split()) for scope, words in words_by_scope(module).items()} == {
        "f": ["a", "b", "c", "d", "f"], "": ["x", "y", "z"], "__main__": [],
    }  # fmt: skip


def test_a_decision_is_followed_through_any_number_of_hands_and_each_expression_asked_once() -> None:
    asked: list[int] = []

    def source(node: ast.AST, module: Module) -> bool:
        asked.append(id(node))
        return worse(node, module)

    hands = [f"from m{n + 1} import f{n + 1}\ndef f{n}():\n    return f{n + 1}()\n" for n in range(3)]
    texts = ["from m1 import f1\nif f1():\n    promote()\n", *hands[1:], "def f3():\n    return x > limit\n"]
    code = facts_of({f"m{number}.py": text for number, text in enumerate(texts)}).code
    found = decisions(code, source, "^promote", re.compile("limit"))

    assert [effect.where for effect in found.effects] == ["m0.py:3"]
    assert [(module.path, line) for module, line, _ in found.sources] == [("m3.py", 2)]
    assert len(asked) == len(set(asked))
