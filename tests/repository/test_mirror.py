"""The tests mirror the package: the tests of a module are found by its path, and no module is without."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

import pytest

import mlops_ladder
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.cli import COMMANDS

PACKAGE = Path(mlops_ladder.__file__).parent
TESTS = Path(__file__).parents[1]

# Modules without a twin, and the test file that covers each: one that imports it or calls its command. A test of its
# own would say the same again, for these do nothing alone.
ELSEWHERE = {
    "commands/keep": "lift/test_keep.py",
    "commands/new": "test_cli.py",
    "lift/carry_out": "lift/test_requests.py",
    "lift/plan": "lift/test_requests.py",
    "lift/steps": "lift/test_report.py",
}

NO_CODE = {"__init__", "__main__", "compiled"}  # what is generated is held against its source


def modules() -> set[str]:
    """Every module by its path in the package, without what has no code of its own."""
    paths = {path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py")}
    return {path.as_posix() for path in paths if path.name not in NO_CODE and path.parts[0] != "templates"}


def twin(module: str) -> str:
    """Where the tests of a module are: the same path, or the examples of an area's checks."""
    path = PurePosixPath(module)
    if path.parts[0] == "checks" and path.name in AREAS:
        return f"checks/examples/{path.name}.py"
    return path.with_name(f"test_{path.name.removeprefix('_')}.py").as_posix()


def covers(text: str, module: str) -> bool:
    """Whether a test file imports a module, or hands the name of its command to something that it calls."""
    name = ".".join(["mlops_ladder", *module.split("/")])
    command = module.removeprefix("commands/") if module.startswith("commands/") else ""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import) and name in {alias.name for alias in node.names}:
            return True
        if isinstance(node, ast.ImportFrom):
            names = {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
            if name in names:
                return True
        if isinstance(node, ast.Call) and command in COMMANDS:
            words = {part.value for part in node.args if isinstance(part, ast.Constant)}
            if command in words:
                return True
    return False


def test_every_module_has_its_twin_or_stands_in_the_table() -> None:
    assert {module for module in modules() if not (TESTS / twin(module)).is_file()} == set(ELSEWHERE)


@pytest.mark.parametrize("module", ELSEWHERE)
def test_what_stands_in_the_table_is_covered_where_it_says(module: str) -> None:
    assert covers((TESTS / ELSEWHERE[module]).read_text("utf-8"), module), (
        f"{ELSEWHERE[module]}: not a test of {module}"
    )


def test_a_twin_holds_tests() -> None:
    texts = {twin(module): (TESTS / twin(module)).read_text("utf-8") for module in modules() - set(ELSEWHERE)}
    holds = ("\ndef test_", "\n    def test_", "\nEXAMPLES")

    assert [path for path, text in texts.items() if not any(mark in text for mark in holds)] == []


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("facts/ci/load", "facts/ci/test_load.py"),
        ("commands/_lifting", "commands/test_lifting.py"),
        ("errors", "test_errors.py"),
        ("checks/evals", "checks/examples/evals.py"),
        ("checks/base", "checks/test_base.py"),
        ("facts/evals", "facts/test_evals.py"),
    ],
)
def test_where_a_twin_is(module: str, path: str) -> None:
    assert module in modules()
    assert twin(module) == path


@pytest.mark.parametrize(
    ("text", "module", "covered"),
    [
        ("import mlops_ladder.lift.plan", "lift/plan", True),
        ("from mlops_ladder.lift.plan import plan", "lift/plan", True),
        ("def test():\n    from mlops_ladder.lift import plan", "lift/plan", True),
        ("from mlops_ladder.lift import fit", "lift/plan", False),
        ("import mlops_ladder.lift.plans", "lift/plan", False),
        ("ladder('keep', path)", "commands/keep", True),
        ("ladder('up')", "commands/keep", False),
        ("x = 'keep'", "commands/keep", False),
        ("ladder('_lifting')", "commands/_lifting", False),
        ("ladder('plan')", "lift/plan", False),
    ],
)
def test_what_covers_a_module(text: str, module: str, covered: bool) -> None:
    assert covers(text, module) is covered
