"""The tests that assert something about the project's own code."""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.code.model import Function, Module, dotted, subtree
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.read.files import is_test

_SKIPPED = re.compile(r"(^|\.)skip$|(^|\.)xfail$")


def real_tests(code: Code) -> list[tuple[str, str]]:
    """Every test that asserts something about the project's own code, as (path, where)."""
    found: list[tuple[str, str]] = []
    fixtures = any(m.path.endswith("conftest.py") and _own(m, code) for m in code.tests)
    for module in code.tests:
        if module.tree is None:
            if any(call.last.startswith(("expect_", "test_that", "assert", "@test")) for call in module.calls):
                found.append((module.path, module.where(1)))
            continue
        if _set_aside(module) or not (_own(module, code) or fixtures or _reads_or_runs(module)):
            continue
        for function in module.functions.values():
            if function.last.startswith("test") and not any(_SKIPPED.search(d) for d in function.decorators):
                if _asserts(function, module):
                    found.append((module.path, module.where(function.line)))
    return found


def _own(module: Module, code: Code) -> bool:
    return any((target := code.split(name, module.path)) and not is_test(target[0]) for _, name in module.imported)


def _reads_or_runs(module: Module) -> bool:
    return any(call.name.startswith(("subprocess.", "runpy.", "importlib.", "open", "os.system")) or call.last in (
        "read_text", "read_csv", "read_parquet", "TestClient", "load_model", "post", "notebook", "execute_notebook", "invoke",
    ) for call in module.calls)  # fmt: skip


def _set_aside(module: Module) -> bool:
    """A whole module that is skipped."""
    body = module.tree.body if module.tree else []
    return any(
        isinstance(node, ast.Assign) and "pytestmark" in ast.dump(node.targets[0]) and "skip'" in ast.dump(node.value)
        for node in body
    )


def _asserts(function: Function, module: Module) -> bool:
    """Whether a test asserts anything but constants, itself or through a helper of its module."""
    helpers = {name for name in module.functions if not name.startswith("test")}
    for node in subtree(function.node):
        if isinstance(node, ast.Assert) and any(
            isinstance(part, (ast.Call, ast.Name, ast.Attribute)) for part in subtree(node.test)
        ):
            return True
        if isinstance(node, ast.Call):
            last = dotted(node.func).rpartition(".")[2]
            if re.match(r"assert\w*$|raises$|warns$|check_\w+$|expect\w*$|assert_\w+$|fail$", last) or last in helpers:
                if not (last.startswith("assertTrue") and node.args and isinstance(node.args[0], ast.Constant)):
                    return True
    return False
