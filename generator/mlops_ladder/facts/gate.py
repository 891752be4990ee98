"""The comparison of a challenger with the champion, and whether anything hangs on it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.dataflow import Effect
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module, dotted
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.code.shell import parse_shell
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task

STRONG = re.compile(
    r"champion|incumbent|(^|[\W_])(prod|production|deployed|live|serving|in_service)([\W_]|$)", re.IGNORECASE
)
WEAK = re.compile(
    r"(^|[\W_])(baseline|best|previous|prev|current|existing|old|reference|latest|registered|control)([\W_]|$)",
    re.I,
)
_HINT = re.compile(f"{STRONG.pattern}|{WEAK.pattern}", re.IGNORECASE)
_RIVAL = re.compile(r"challenger|candidate|(^|[\W_])(new|contender|proposed|retrained|trained)([\W_]|$)", re.IGNORECASE)
_LOADS = re.compile(
    r"get_model_version|get_latest_versions|search_model_versions|models:/|load_champion|get_production|load_json|"
    r"download|read_text|read_json|json\.load|get_run|search_runs|list_model_packages|Model\.list|use_artifact|fetch|"
    r"get_object|load_metrics|previous|get_model|describe_model_package|query"
)
ACTS = (
    r"promot|regist|alias|transition|deploy|approv|publish|push|rollout|release|copy|move|replace|rename|symlink|upload|"
    r"set_.{0,80}(stage|tag|version|alias|champion|production)|save|dump|write_bytes|link|update_endpoint|start_pipeline|trigger|"
    r"create_model_version|stage_"
)
_HANDLES = re.compile(
    r"(^|[._])(find|get|load|fetch|alias|version|search|download|read|query|list|print|log|info|warning|str|len|dict|set|"
    r"client|path|join|register|promote|move|deploy|delete|update|create|save|write|copy|transition|post|put|run|replace)"
    r"(_\w{1,80})?$", re.IGNORECASE,
)  # fmt: skip
_FAILS = ("raise", "exit", "assert")
_VERDICT = re.compile(r"verdict|gate|promot|champion|decision|decide|compar|better|approv|deploy", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SHELL_TEST = re.compile(r" -(gt|lt|ge|le) |bc -l|jq -e", re.IGNORECASE)
_SHELL_BEFORE = re.compile(r"champion|production|baseline|\bprod\b|current", re.IGNORECASE)
_SHELL_AFTER = re.compile(r"champion|production|baseline|prod", re.IGNORECASE)


@dataclass(frozen=True)
class Gate:
    """A champion gate: where it is and what it does; `ignored` says why it stops nothing.

    `node` is where it acts, `nodes` are all places that compare something with a champion.
    """

    where: str
    kind: str = ""
    ignored: str = ""
    node: tuple[str, str, str] | None = None
    nodes: frozenset[tuple[str, str, str]] = frozenset()


def load_gates(files: Files, code: Code, graph: Graph, jobs: list[Job], tasks: list[Task]) -> list[Gate]:
    """Every comparison with a champion, those that hold first."""
    outcome = decisions(code, compares_champion, ACTS, _HINT)
    compared: frozenset[Node] = frozenset(("py", module.path, scope) for module, _, scope in outcome.sources)
    written = any(effect.kind == "output" for effect in outcome.effects)
    asked = _asked(files, jobs) if written else frozenset()
    read = any((words := set(_WORD.findall(key))) and words <= asked for key in outcome.keys)
    handed = {module: _handed_on(jobs, module) for module in ({e.module for e in outcome.effects} if written else ())}
    ignored: dict[Node, str] = {}  # why the failure of a place stops nothing
    gates = []
    for effect in outcome.effects:
        why = _why_not(effect, graph, read or handed.get(effect.module, False))
        if not why and effect.kind in _FAILS:
            if effect.node not in ignored:
                ignored[effect.node] = _failure_ignored(effect, code, graph, jobs, tasks)
            why = ignored[effect.node]
        gates.append(Gate(effect.where, effect.kind, why, effect.node, compared))
    gates += _ready_made(code)
    gates += _in_shell(files, jobs, tasks)
    held = [gate for gate in gates if not gate.ignored]
    if not gates and outcome.sources:
        module, line, _ = outcome.sources[0]
        gates.append(Gate(module.where(line), ignored="its outcome is computed, and nothing depends on it"))
    return sorted(held, key=lambda gate: gate.where) + [gate for gate in gates if gate.ignored]


def compares_champion(node: ast.AST, module: Module) -> bool:
    """Whether an expression compares something with the model in production."""
    if isinstance(node, ast.Compare) and any(isinstance(op, (ast.Lt, ast.Gt, ast.LtE, ast.GtE)) for op in node.ops):
        return _against(" ".join(words_of(part) for part in (node.left, *node.comparators)), module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div)):
        words = words_of(node)
        return bool(STRONG.search(words)) and len(words.split()) > 1
    if isinstance(node, ast.Call):
        words = " ".join(words_of(part) for part in [*node.args, *(item.value for item in node.keywords)])
        words += " " + " ".join(item.arg or "" for item in node.keywords)
        name = dotted(node.func)
        if re.search(r"(^|\.)Condition(Greater|Less)Than\w*$", name):
            return bool(STRONG.search(words))
        if re.search(
            r"(^|[._])(print|log|info|warning|debug|format|dump|dumps|write|render|predict\w{0,80}|load\w{0,80})$", name
        ):
            return False
        handed = [words_of(part) for part in node.args if isinstance(part, (ast.Name, ast.Attribute))]
        if len(node.args) > 1 and any(STRONG.search(word) for word in handed) and not _HANDLES.search(name):
            return True
        pair = STRONG.search(words) and _RIVAL.search(words)
        return bool(pair) and bool(
            re.search(
                r"compar|better|beat|gate|decid|test|evaluat|bootstrap|check|should|improv|judge|wins|passes",
                name,
                re.I,
            )
        )
    return False


def _against(words: str, module: Module) -> bool:
    if STRONG.search(words):
        return True
    if not WEAK.search(words):
        return False
    # `if loss < best_loss` in a training loop keeps the best epoch; it compares no two models.
    if re.search(r"loss|epoch|patience|iter|step|fold|trial|param", words, re.IGNORECASE):
        return False
    if "loads" not in module.memo:
        loads = _LOADS.search(module.called) or _LOADS.search(module.said) or "models:/" in module.said
        module.memo["loads"] = bool(loads)
    return bool(module.memo["loads"])


def _why_not(effect: Effect, graph: Graph, read: bool) -> str:
    """Why an effect stops nothing, whatever runs it."""
    if effect.node not in graph.alive:
        return "nothing calls it"
    if effect.kind == "output" and not read:
        return "its outcome is written down, and nothing reads it"
    return ""


def _handed_on(jobs: list[Job], module: Module) -> bool:
    """Whether a verdict that is written down is the condition of a later job."""
    steps = [step for job in jobs for step in job.steps]
    handed = any("GITHUB_OUTPUT" in text or "set-output" in text for text, _, _ in module.strings)
    handed = handed or any("GITHUB_OUTPUT" in step.run and _VERDICT.search(step.run) for step in steps)
    return handed and any("outputs." in text for text in (*(j.condition for j in jobs), *(s.condition for s in steps)))


def _asked(files: Files, jobs: list[Job]) -> frozenset[str]:
    """The words of every line of shell that asks something."""
    asks = re.compile(r"\bif\b|\[\[? |\btest |jq -e|grep -q|&&|\|\||\bexit\b")
    scripts = [step.run for job in jobs for step in job.steps] + [files.text(p) for p in files.match(r"\.sh$")]
    lines = (line for script in scripts for line in script.splitlines() if asks.search(line))
    return frozenset(word for line in lines for word in _WORD.findall(line))


def _failure_ignored(effect: Effect, code: Code, graph: Graph, jobs: list[Job], tasks: list[Task]) -> str:
    """Why a failing gate stops nothing, if that is so."""
    name = effect.scope.rpartition(".")[2]
    if name:
        callers = [hit for hit in code.by_last.get(name, ()) if hit.node in graph.alive]
        if callers and all(hit.call.swallowed for hit in callers):
            return f"what it raises is caught at {callers[0].where}"
    runs: list[bool] = []
    where = ""
    for job in jobs:
        for step in job.steps:
            for command in parse_shell(step.run, step.folder):
                if effect.node in graph.reach(graph.targets(command)):
                    runs.append(not (command.ignored or step.lenient or job.lenient))
                    where = job.where
    if runs and not any(runs):
        return f"its failure is ignored at {where}"
    scripted = [
        not command.ignored
        for task in tasks
        for command in parse_shell(task.script, task.folder)
        if effect.node in graph.reach(graph.targets(command))
    ]
    if scripted and not any(scripted) and not any(runs):
        return "its failure is ignored by the task that runs it"
    return _not_waited_for(effect, graph, jobs)


def _not_waited_for(effect: Effect, graph: Graph, jobs: list[Job]) -> str:
    """A promotion in another job of the same workflow that does not wait for the gate."""
    gating = [job for job in jobs if effect.node in graph.of_job(job)]
    for gate in gating:
        names = {job.name for job in gating}
        promoting = [
            job for job in jobs
            if job.file == gate.file and job.name not in names and job.host in ("github", "circleci")
            and re.search(r"promot|set_registered_model_alias|transition", job.text, re.IGNORECASE)
        ]  # fmt: skip
        for job in promoting:
            if not _waits(job, gate.name, jobs):
                return f"{job.where} promotes without waiting for it"
    return ""


def _waits(job: Job, name: str, jobs: list[Job]) -> bool:
    """Whether a job runs after another one of its file."""
    needs = {other.name: other.needs for other in jobs if other.file == job.file}
    before = dict.fromkeys(job.needs)  # a set that keeps its order
    waiting = list(before)
    for item in waiting:
        new = dict.fromkeys(need for need in needs.get(item, ()) if need not in before)
        before |= new
        waiting += new
    return name in before


def _ready_made(code: Code) -> list[Gate]:
    """Gates that a library brings: MLflow's validation against a baseline, TFX's blessing, Vertex and SageMaker checks."""
    found: list[Gate] = []
    for hit in code.named(r"(^|\.)(validate_evaluation_results|evaluate)$", "mlflow"):
        if hit.call.last == "validate_evaluation_results" or "baseline_model" in hit.call.keywords():
            found.append(Gate(hit.where, "raise", "", hit.node))
    for hit in code.named(r"(^|\.)Pusher$", "tfx"):
        if "model_blessing" in hit.call.keywords():
            found.append(Gate(hit.where, "branch", "", hit.node))
    return found


def _in_shell(files: Files, jobs: list[Job], tasks: list[Task]) -> list[Gate]:
    found: list[Gate] = []
    texts: list[tuple[str, str, bool]] = [
        (step.run, Place(job.file, step.line), step.lenient or job.lenient) for job in jobs for step in job.steps
    ]
    texts += [(task.script, task.where, False) for task in tasks]
    texts += [(files.text(path), Place(path), False) for path in files.match(r"\.sh$")]
    for text, where, lenient in texts:
        if _tests_champion(text) and re.search(r"exit\s+[1-9]|jq -e|set -e|GITHUB_OUTPUT|&&", text):
            found.append(Gate(where, "exit", "its failure is ignored" if lenient else ""))
    return found


def _tests_champion(text: str) -> bool:
    """Whether a line of shell text compares numbers and names the champion."""
    for line in text.split("\n") if _SHELL_TEST.search(text) else ():
        tests = list(_SHELL_TEST.finditer(line))
        if tests and (_SHELL_BEFORE.search(line, 0, tests[-1].start()) or _SHELL_AFTER.search(line, tests[0].end())):
            return True
    return False
