"""Data validation that a training cannot get past."""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.decisions import decisions, words_by_scope, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Call, Function, Module, dotted, subtree
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.seen import Seen

_RAISING = (
    "pandera", "patito", "dataframely", "jsonschema", "frictionless", "pydantic", "cerberus", "schema", "pandas_schema",
    "assertr", "pointblank",
)  # fmt: skip
_JUDGING = (
    "great_expectations", "soda", "tensorflow_data_validation", "deepchecks", "evidently", "whylogs", "pydeequ", "cerberus",
    "tfx", "pointblank",
)  # fmt: skip
_RESULTS = re.compile(
    r"(^|\.)(run|run_checkpoint|validate|validate_statistics|passed|expect_\w+|execute|get_scan_result|has_error_logs|passed_conditions|"
    r"as_dict|dict|json|report|all_passed|success)$"
)
_RESULT_WORDS = re.compile(r"run|valid|passed|expect|execute|scan|check|dict|json|report|success")
_SHELL = re.compile(
    r"^(great_expectations|gx) .*checkpoint run|^soda scan|^dbt (test|build)|^frictionless validate|^pandera|^tfdv|^check-jsonschema"
)
_NAMED = re.compile(
    r"(^|_)(validate|check|verify|assert|ensure|enforce|validation)(_|$)|(^|_)(data_quality|quality_checks?|expectations)(_|$)"
)
_ABOUT_DATA = re.compile(
    r"\b(df|frame|data|columns?|schema|rows?|table|features?|batch|records?|dataset|nulls?|isna|isnull)\b|_df\b|\bdf_|columns"
)
_TABLE = re.compile(r"\b(columns|dtypes?|isna|isnull|notna|notnull|missing_columns|schema|required_columns)\b")
_ALWAYS = frozenset({"assert_no_checks_fail", "expect_or_fail", "ExampleValidator"})
_DECORATORS = re.compile(r"(check_types|check_io|check_input|check_output|validate_call)$")
_VALIDATES = re.compile(r"(^|\.)(validate|model_validate|validate_python|parse_obj|verify)$")
_ENDS = frozenset({"raise", "exit", "assert", "branch"})

Found = list[tuple[str, Node]]


def enforced_validation(code: Code, ml: Ml, graph: Graph, jobs: list[Job]) -> Seen:
    """A validation that runs with a training and stops it."""
    seen: list[str] = []
    together = frozenset().union(*ml.pipelines) if ml.pipelines else frozenset()
    for where, node in [*_raising(code, ml, seen), *_judged(code, seen), *_returned(code)]:
        if node in together and not (ml.scripted and node[1].endswith(".ipynb")):
            return Seen((where,))
        seen.append(f"{where} validates, but not in a run that trains")
    if where := _by_command(code, ml, graph, jobs):
        return Seen((where,))
    return Seen((), "; ".join(dict.fromkeys(seen)))


def _raising(code: Code, ml: Ml, seen: list[str]) -> Found:
    """Calls that raise by themselves, and own functions that do."""
    names = {f.last for m in code.modules for f in m.functions.values() if _NAMED.search(f.last) and _stops(f)}
    for module in code.modules:
        words = words_by_scope(module)
        names |= {f.last for f in module.functions.values() if _TABLE.search(words[f.name]) and _refuses(f)}
    names -= {name for name in names if name.startswith("__")}  # each class has its own
    users = {module.path for module in code.modules if module.uses(*_RAISING)}
    found: Found = []
    caught: list[Hit] = []
    for module in code.modules:
        for call in module.calls:
            if call.last in names or call.last in _ALWAYS or _library(module, call, users, code):
                hit = Hit(module, call)
                if call.swallowed:
                    caught.append(hit)
                elif ml.live([hit]):
                    found.append((hit.where, hit.node))
        for function in module.functions.values():
            if module.path in users and any(_DECORATORS.search(name) for name in function.decorators):
                found.append((module.where(function.line), ("py", module.path, function.name)))
    found += _handled(code, caught)
    seen += [f"{hit.where} validates, but its failure is caught and ignored" for hit in caught]
    return found


def _library(module: Module, call: Call, users: set[str], code: Code) -> bool:
    """Whether a call is a validation library's, itself or through a schema of the repository."""
    if not _VALIDATES.search(call.name):
        return False
    if module.uses("pydantic", "pydantic_settings") and re.search(r"config|settings|param", module.path + call.scope):
        return False
    return module.path in users or any(
        (target := code.split(name, module.path)) and target[0] in users for _, name in module.imported
    )


def _handled(code: Code, caught: list[Hit]) -> Found:
    """Validations whose exception is caught, when what the handler notes ends the run after all."""
    noted: set[int] = set()
    for hit in caught:
        below = hit.module.below
        for node in below(hit.module.tree) if hit.module.tree else ():
            if isinstance(node, ast.Try) and any(part is hit.call.node for item in node.body for part in below(item)):
                for handler in node.handlers:
                    noted |= _notes(handler)
    outcome = decisions(code, lambda node, _: id(node) in noted, r"^$") if noted else None
    return sorted((e.where, e.node) for e in outcome.effects if e.kind in _ENDS) if outcome else []


def _notes(handler: ast.ExceptHandler) -> set[int]:
    """The expressions of a handler that carry on what went wrong."""
    found: set[int] = set()
    for node in subtree(handler):
        if isinstance(node, ast.Name) and node.id == handler.name:
            found.add(id(node))
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) and node.value is not None:
            found.add(id(node.value))
    return found


def _stops(function: Function) -> bool:
    """Whether a function about data raises, asserts or exits."""
    return bool(_ABOUT_DATA.search(_words(function))) and any(
        isinstance(part, (ast.Raise, ast.Assert)) or (isinstance(part, ast.Call) and dotted(part.func).endswith("exit"))
        for part in subtree(function.node)
    )


def _words(function: Function) -> str:
    return (
        words_of(function.node)
        + " "
        + " ".join(
            [part.arg for part in subtree(function.node) if isinstance(part, ast.arg)]
            + [function.last.replace("_", " ")]
        )
    )


def _refuses(function: Function) -> bool:
    """Whether a function raises because of columns, types or missing values of a table."""
    for node in subtree(function.node):
        if isinstance(node, ast.Assert) and _TABLE.search(words_of(node.test)):
            return True
        if isinstance(node, ast.If) and _TABLE.search(words_of(node.test)):
            if any(isinstance(part, ast.Raise) for item in node.body for part in subtree(item)):
                return True
    return False


def _returned(code: Code) -> Found:
    """Own validations that answer with a value on which the run depends."""
    names = {f.last for m in code.modules for f in m.functions.values()
             if _NAMED.search(f.last) and not _stops(f) and _ABOUT_DATA.search(_words(f))}  # fmt: skip

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in names

    outcome = decisions(code, source, r"(^|_)(train|fit)", names) if names else None
    return sorted((e.where, e.node) for e in outcome.effects if e.kind in _ENDS or e.kind == "call") if outcome else []


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
    outcome = decisions(code, source, r"^(fail|stop|abort|notify_and_stop|raise_\w+)", _RESULT_WORDS)
    found = sorted((e.where, e.node) for e in outcome.effects if e.kind in _ENDS and _near(e.module, users, code))
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


def _by_command(code: Code, ml: Ml, graph: Graph, jobs: list[Job]) -> str:
    """A validation tool's command in the task file, workflow or DAG that also trains."""
    groups: list[tuple[str, list[str]]] = []
    for file in dict.fromkeys(task.file for task in graph.tasks):
        tasks = [task for task in graph.tasks if task.file == file]
        if any(graph.of_task(task) & ml.train_nodes for task in tasks):
            groups.append((file, [task.script for task in tasks]))
    for file in dict.fromkeys(job.file for job in jobs):
        own = [job for job in jobs if job.file == file]
        if any(graph.of_job(job) & ml.train_nodes for job in own):
            groups.append((file, [step.run for job in own for step in job.steps if not step.lenient]))
    for module in code.modules:
        if module.commands and graph.of_file(module.path) & ml.train_nodes:
            groups.append((module.path, [text for text, _, _ in module.commands]))
    for file, scripts in groups:
        for command in (command for script in scripts for command in graph.commands(script)):
            if _SHELL.search(command.line) and not command.ignored:
                return f"{file}: {command.line[:80]}"
    return ""
