"""Data validation that a training cannot get past."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, met, missing
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code import Code, Hit
from mlops_ladder.facts.decision import decisions
from mlops_ladder.facts.graph import Graph
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.python import Function, Module, dotted

_RAISING = (
    "pandera",
    "patito",
    "dataframely",
    "jsonschema",
    "frictionless",
    "pydantic",
    "cerberus",
    "schema",
    "pandas_schema",
    "assertr",
    "pointblank",
)
_JUDGING = (
    "great_expectations",
    "soda",
    "tensorflow_data_validation",
    "deepchecks",
    "evidently",
    "whylogs",
    "pydeequ",
    "cerberus",
    "tfx",
    "pointblank",
)
_RESULTS = re.compile(
    r"(^|\.)(run|run_checkpoint|validate|validate_statistics|passed|expect_\w+|execute|get_scan_result|has_error_logs|passed_conditions|"
    r"as_dict|dict|json|report|all_passed|success)$"
)
_SHELL = re.compile(
    r"^(great_expectations|gx) .*checkpoint run|^soda scan|^dbt (test|build)|^frictionless validate|^pandera|^tfdv|^check-jsonschema"
)
_NAMED = re.compile(
    r"(^|_)(validate|check|verify|assert|ensure|enforce|validation)(_|$)|(^|_)(data_quality|quality_checks?|expectations)(_|$)"
)
_ABOUT_DATA = re.compile(
    r"\b(df|frame|data|columns?|schema|rows?|table|features?|batch|records?|dataset|nulls?|isna|isnull)\b|_df\b|\bdf_|columns"
)


def enforced_validation(code: Code, ml: Ml, graph: Graph, ci: list[Job]) -> Verdict:
    """Find a validation that runs with a training and stops it."""
    seen: list[str] = []
    stopping = [*_raising(code, ml, seen), *_judged(code, seen)]
    for hit_where, node in stopping:
        if ml.in_pipeline([_Place(node)]):  # type: ignore[list-item]
            return met(hit_where)
        seen.append(f"{hit_where} validates, but not in a run that trains")
    return _by_command(code, ml, graph, ci) or missing("; ".join(dict.fromkeys(seen)))


class _Place:
    """What `in_pipeline` needs of a hit."""

    def __init__(self, node: tuple[str, str, str]) -> None:
        self.node = node
        self.module = Module(node[1])


Found = list[tuple[str, tuple[str, str, str]]]


def _raising(code: Code, ml: Ml, seen: list[str]) -> Found:
    """Calls that raise by themselves, and own functions that do."""
    own = {
        (module.path, function.last)
        for module in code.modules
        for function in module.functions.values()
        if _NAMED.search(function.last) and _stops(function)
    }
    names = {name for _, name in own}
    users = {module.path for module in code.modules if module.uses(*_RAISING)}
    found: Found = []
    for module in code.modules:
        near = module.path in users or any(
            (target := code.split(name, module.path)) and target[0] in users for _, name in module.imported
        )
        for call in module.calls:
            library = near and re.search(
                r"(^|\.)(validate|model_validate|validate_python|parse_obj|assert_no_checks_fail|verify)$",
                call.name,
            )
            settings = module.uses("pydantic", "pydantic_settings") and re.search(r"config|settings|param", module.path + " " + call.scope)
            library = library and not settings
            mine = call.last in names and not (library and module.path in users and False)
            if not (
                library
                or mine
                or call.last in ("assert_no_checks_fail", "expect_or_fail", "ExampleValidator")
            ):
                continue
            hit = Hit(module, call)
            if call.swallowed:
                seen.append(f"{hit.where} validates, but its failure is caught and ignored")
            elif ml.live([hit]):
                found.append((hit.where, hit.node))
        for function in module.functions.values():
            if module.path in users and any(
                re.search(r"(check_types|check_io|check_input|check_output|validate_call)$", d)
                for d in function.decorators
            ):
                found.append((module.where(function.line), ("py", module.path, function.name)))
    return found


def _stops(function: Function) -> bool:
    """Whether a function about data raises, asserts or exits."""
    words = " ".join(
        [part.id for part in ast.walk(function.node) if isinstance(part, ast.Name)]
        + [part.arg for part in ast.walk(function.node) if isinstance(part, ast.arg)]
        + [part.attr for part in ast.walk(function.node) if isinstance(part, ast.Attribute)]
        + [function.last.replace("_", " ")]
    )
    if not _ABOUT_DATA.search(words):
        return False
    return any(
        isinstance(part, (ast.Raise, ast.Assert))
        or (isinstance(part, ast.Call) and dotted(part.func).endswith("exit"))
        for part in ast.walk(function.node)
    )


def _judged(code: Code, seen: list[str]) -> Found:
    """Results of a validation library on which something hangs."""

    def source(node: ast.AST, module: Module) -> bool:
        if not module.uses(*_JUDGING) or not isinstance(node, ast.Call):
            return False
        name = dotted(node.func)
        return bool(_RESULTS.search(name)) and not name.startswith(
            ("subprocess", "json", "asyncio", "uvicorn", "mlflow")
        )

    users = code.uses(*_JUDGING)
    if not users:
        return []
    outcome = decisions(code, source, r"^(fail|stop|abort|notify_and_stop|raise_\w+)")
    found = [
        (e.where, e.node)
        for e in outcome.effects
        if e.kind in ("raise", "exit", "assert", "branch") and _near(e.module, users, code)
    ]
    if not found:
        for module, line, _ in outcome.sources[:1]:
            seen.append(f"{module.where(line)} validates, but nothing depends on the result")
    for module in users:
        if (
            any(call.last == "add_checks" or call.last == "ExampleValidator" for call in module.calls)
            and "tfx" in module.imports
        ):
            found.append((module.where(1), ("py", module.path, "")))
    return found


def _near(module: Module, users: list[Module], code: Code) -> bool:
    paths = {user.path for user in users}
    return module.path in paths or any(
        (target := code.split(name, module.path)) and target[0] in paths for _, name in module.imported
    )


def _by_command(code: Code, ml: Ml, graph: Graph, ci: list[Job]) -> Verdict | None:
    """A validation tool's command in the task file, workflow or DAG that also trains."""
    groups: list[tuple[str, list[str], bool]] = []
    for file in {task.file for task in graph.tasks}:
        tasks = [task for task in graph.tasks if task.file == file]
        trains = any(graph.of_task(task) & ml.train_nodes for task in tasks)
        groups.append((file, [task.script for task in tasks], trains))
    for file in {job.file for job in ci}:
        jobs = [job for job in ci if job.file == file]
        trains = any(graph.of_job(job) & ml.train_nodes for job in jobs)
        groups.append((file, [step.run for job in jobs for step in job.steps if not step.lenient], trains))
    for module in code.modules:
        trains = bool(graph.of_file(module.path) & ml.train_nodes)
        groups.append((module.path, [text for text, _, _ in module.commands], trains))
    for file, scripts, trains in groups:
        for script in scripts:
            for command in graph.commands(script):
                if trains and _SHELL.search(command.line) and not command.ignored:
                    return met(f"{file}: {command.line[:80]}")
    return None
