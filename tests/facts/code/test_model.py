"""Names, places and trees of one Python file."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from mlops_ladder.facts.code.model import Call, Function, Module, children, constant, dotted, subtree
from mlops_ladder.facts.code.parse import parse_module


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def call(text: str, name: str) -> Call:
    node = expression(text)
    assert isinstance(node, ast.Call)
    return Call(name, 1, "", node)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a", "a"),
        ("a.b.c", "a.b.c"),
        ("a().b", "a().b"),
        ("a.b(1)(2).c", "a.b()().c"),
        ("a[0].b", "a[].b"),
        ("'x'.join", "?.join"),
        ("(a or b).c", "?.c"),
        ("1", "?"),
    ],
)
def test_the_name_of_a_chain(text: str, name: str) -> None:
    assert dotted(expression(text)) == name


def test_what_is_awaited_has_the_name_of_what_is_called() -> None:
    assert dotted(ast.parse("async def f():\n    (await a.b()).c\n").body[0].body[0].value) == "a.b().c"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("-3", -3), ("- -3", 3), ("'a'", "a"), ("None", None), ("-'a'", None), ("a", None), ("[1]", None)],
)
def test_the_value_of_a_literal(text: str, value: Any) -> None:
    assert constant(expression(text)) == value


def test_nothing_has_no_value() -> None:
    assert constant(None) is None


def test_a_call_by_its_name_and_arguments() -> None:
    found = call("x.fit('a', [1, 'b'], seed=-3, how=f('c'), **more)", "sklearn.svm.SVC().fit")

    assert (found.last, found.receiver) == ("fit", "sklearn.svm.SVC()")
    assert found.keywords() == {"seed", "how"}
    assert (found.value("seed"), found.value("how"), found.value("none")) == (-3, None, None)
    assert isinstance(found.keyword("how"), ast.Call)
    assert found.keyword("none") is None
    assert found.strings() == ["a", "b", "c"]
    assert (call("fit()", "fit").last, call("fit()", "fit").receiver) == ("fit", "")


def test_a_method_by_its_name_without_the_class() -> None:
    node = ast.parse("def f(): pass").body[0]
    assert isinstance(node, ast.FunctionDef)

    assert Function("Model.fit", 1, node).last == "fit"
    assert Function("fit", 1, node).last == "fit"


def test_a_package_is_used_where_it_or_a_part_of_it_is_imported() -> None:
    module = Module("a.py", imported=[("", "sklearn.svm.SVC"), ("f", "numpy")])

    assert [module.uses(name) for name in ("sklearn", "sklearn.svm", "numpy")] == [True] * 3
    assert [module.uses(name) for name in ("svm", "sk", "sklearn.linear_model", "numpy.random")] == [False] * 4
    assert module.uses("torch", "numpy")
    assert not module.uses()


def test_a_line_of_a_notebook_is_cited_by_its_cell() -> None:
    assert Module("a.py").where(7) == "a.py:7"
    notebook = Module("a.ipynb", lines=["cell 1", "cell 3"])
    assert [notebook.where(line) for line in (1, 2, 9)] == ["a.ipynb:cell 1", "a.ipynb:cell 3", "a.ipynb:cell 3"]


def test_what_is_searched_first() -> None:
    module = Module("a.py", calls=[call("a()", "a"), call("b()", "x.b")], strings=[("one", 1, ""), ("two", 2, "f")])

    assert (module.called, module.said) == ("a\nx.b", "one\ntwo")
    assert (Module("a.py").called, Module("a.py").said) == ("", "")


def test_all_below_a_node_in_the_order_of_the_text() -> None:
    module = parse_module("a.py", "x = f(1) + g(2)\ny = 3\n")
    assert module is not None
    assert module.tree is not None
    first, second = module.tree.body

    assert [ast.unparse(node) for node in module.below(first)] == [
        "x = f(1) + g(2)", "x", "f(1) + g(2)", "f(1)", "f", "1", "g(2)", "g", "2",
    ]  # fmt: skip
    assert [ast.unparse(node) for node in module.below(second)] == ["y = 3", "y", "3"]
    assert {id(node) for node in subtree(first)} == {id(node) for node in module.below(first)}


def test_contexts_and_operators_are_no_children() -> None:
    assert [type(node).__name__ for node in children(expression("a + b < -c"))] == ["BinOp", "UnaryOp"]
    assert [type(node).__name__ for node in children(expression("f(a, *b, k=c)"))] == [
        "Name", "Name", "Starred", "keyword",
    ]  # fmt: skip
    assert list(children(expression("a"))) == []
