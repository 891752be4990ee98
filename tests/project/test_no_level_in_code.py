"""No level and no value of a question stands in code: what differs between projects is data below `templates/`.

`levelN` folders, `level.toml`, layers and the table of questions say it; a module that compares a level with a number,
or names one value of a question, would have to be found again by whoever adds the next.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import mlops_ladder
from mlops_ladder.project.answers import QUESTIONS

PACKAGE = Path(mlops_ladder.__file__).parent
# Facts and checks read the repositories of strangers: there a host's name is what is looked for.
READERS = ("facts", "checks")
FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] not in (*READERS, "templates") and path.name != "compiled.py"
]
TABLE = PACKAGE / "project/answers.py"


def level_numbers(tree: ast.AST) -> list[str]:
    """Comparisons of something called a level with a number, arguments and strings that name one."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            numbers = [side for side in sides if isinstance(side, ast.Constant) and type(side.value) is int]
            # Zero is no level: it says that the first is not reached.
            if any(number.value for number in numbers) and any("level" in ast.unparse(side) for side in sides):
                found.append(ast.unparse(node))
        if isinstance(node, ast.Call):
            numbers = [
                word.arg
                for word in node.keywords
                if word.arg and "level" in word.arg and isinstance(word.value, ast.Constant) and word.value.value
            ]
            found += [ast.unparse(node) for _ in numbers]
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"level-?\d|level [1-9]| of \d\b", node.value)
        ):
            found.append(node.value)
    return found


def values(tree: ast.AST) -> list[str]:
    """Strings that are a value of a question with several."""
    known = {value for question in QUESTIONS if not question.yes_no for value in question.values}
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in docstrings and node.value in known
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_level_stands_in_code(path: Path) -> None:
    assert level_numbers(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_value_of_a_question_stands_in_code(path: Path) -> None:
    found = values(ast.parse(path.read_text("utf-8")))
    assert found == [] or path == TABLE


@pytest.mark.parametrize(
    "code",
    [
        "level >= 2",
        "1 < lock.level",
        "f(level=3)",
        "x = 'templates/level4'",
        "read_level(n).number == 5",
        "'level-2'",
        "'at level 3'",
        "'2 of 5'",
    ],
)
def test_a_level_in_code_is_found(code: str) -> None:
    assert level_numbers(ast.parse(code))


@pytest.mark.parametrize("code", ["level == 0", "level + 1", "levels[0]", "f(level=level)", "count > 2"])
def test_what_is_no_level_is_not(code: str) -> None:
    assert level_numbers(ast.parse(code)) == []


def test_a_value_in_code_is_found() -> None:
    assert values(ast.parse("if host == 'gitlab': pass")) == ["gitlab"]
    assert values(ast.parse("def f():\n    'gitlab'\n")) == []
