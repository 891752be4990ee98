from __future__ import annotations

import ast

import pytest

from mlops_ladder.facts.read.python import TOKENS, parse_python, too_dense


def test_a_tree_with_its_long_texts_shortened() -> None:
    tree = parse_python(f"a = {'x' * 900!r}\nb = 0x{'f' * 9000}\nc = f'{{a}}{'y' * 900}'\nd = b'{'z' * 900}'\n")
    assert tree is not None
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]

    assert sorted(len(value) for value in values if isinstance(value, str)) == [500, 500]
    assert [value for value in values if isinstance(value, int)] == [2**64]
    assert [len(value) for value in values if isinstance(value, bytes)] == [900]


@pytest.mark.parametrize(
    "text",
    ["x = (", "\0", "x = " + "(" * 5_000, "x = " + "-" * 90_000 + "1", "x = " + "1" * 5_000, "x\n" * (TOKENS + 1)],
)
def test_what_is_no_python_or_too_dense_is_nothing(text: str) -> None:
    assert parse_python(text) is None


def test_what_python_warns_about_is_not_said() -> None:
    assert parse_python("x = '\\d'\ny = 1 is 1\n") is not None


def test_density() -> None:
    assert not too_dense("model = train(rows)\n" * 29_000)  # code of the largest size that is read
    assert too_dense("x\n" * (TOKENS + 1))


@pytest.mark.parametrize("text", ["x = " + "a + " * 300 + "a", "x = " + "not " * 300 + "a", "x = a" + ".b()" * 150])
def test_what_is_nested_too_deep_is_said(text: str) -> None:
    told: list[str] = []

    assert parse_python(text, told.append) is None
    assert told == ["is nested too deep to be read"]
    assert ast.unparse(parse_python("x = " + "a + " * 190 + "a") or ast.Module([], []))
