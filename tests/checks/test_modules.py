"""The house rules of checks: an area is a module, a module holds checks and nothing else, a check is small."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from mlops_ladder import checks
from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.checks import CHECKS, advice

FOLDER = Path(checks.__file__).parent
MODULES = {path.stem: ast.parse(path.read_text("utf-8")) for path in FOLDER.glob("*.py")}
LINES = 25


def test_every_capability_has_a_check_in_the_module_of_its_area() -> None:
    homes = {name: function.__module__.rpartition(".")[2] for name, function in CHECKS.items()}
    assert homes == {capability.id: capability.area for capability in catalogue()}


def test_every_area_is_a_module_and_every_module_an_area() -> None:
    assert set(MODULES) - {"__init__", "base"} == set(AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_a_module_holds_nothing_but_checks_and_what_they_look_for(area: str) -> None:
    for node in MODULES[area].body:
        if isinstance(node, ast.FunctionDef):
            assert [ast.unparse(d.func) for d in node.decorator_list if isinstance(d, ast.Call)] == ["check"], node.name
        else:
            # The docstring, imports, and constants.
            assert isinstance(node, (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign)), ast.unparse(node)


@pytest.mark.parametrize("area", AREAS)
def test_no_check_imports_another(area: str) -> None:
    imported = {node.module for node in ast.walk(MODULES[area]) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in imported if name.startswith("mlops_ladder.checks")} == {"mlops_ladder.checks.base"}


@pytest.mark.parametrize("capability", CHECKS)
def test_a_check_is_small(capability: str) -> None:
    assert len(inspect.getsource(CHECKS[capability]).splitlines()) <= LINES


@pytest.mark.parametrize("capability", CHECKS)
def test_the_advice_is_a_sentence(capability: str) -> None:
    assert advice(capability)[0].isupper()
    assert advice(capability).endswith((".", ".)"))
