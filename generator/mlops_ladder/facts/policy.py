"""A written policy of promotion, and the promotions that obey it."""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.dataflow import Effect
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.gate import ACTS
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.triggers import Trigger

_WORDS = re.compile(
    r"polic|risk_?tier|auto_?promot|promotion_(rules?|limits?|bounds?|budget)|max_promotions|guardrail", re.IGNORECASE
)
_NAMED = re.compile(r"(polic|promotion|risk|guardrail)[\w./-]{0,200}\.(toml|ya?ml|json|rego)", re.IGNORECASE)
_MODULE = re.compile(r"(^|/)(polic|promotion|risk|guardrail)[^/]{0,80}\.py$", re.IGNORECASE)
_SETTINGS = re.compile(r"[\w./-]{1,200}\.(toml|ya?ml|json|rego)")
_ENGINE = re.compile(r"^(opa (eval|exec|test)|conftest test|cedar )")


def promotion_policy(files: Files, code: Code, graph: Graph, jobs: list[Job], triggers: list[Trigger]) -> Seen:
    """A promotion that runs by itself and that a policy file decides."""
    written = files.match(r"(polic|promotion|risk)[^/]{0,255}\.(toml|ya?ml|json|rego)$")
    read = any(_names_policy(module, text) for module in code.modules for text, _, _ in module.strings)
    obeying = _obeying(code, graph) if written or read else []
    running = frozenset().union(*(trigger.nodes for trigger in triggers), frozenset())
    by_itself = [effect for effect in obeying if effect.node in running]
    if by_itself:
        return Seen((by_itself[0].where, *written))
    if where := _by_engine(graph, jobs):
        return Seen((where,))
    if obeying:
        return Seen((), f"{obeying[0].where} obeys a policy, but only when a person starts it")
    return Seen((), "a policy is written, but no promotion depends on it" if written else "")


def _names_policy(module: Module, text: str) -> bool:
    """Whether a text is the name of a policy's file: by what it says, or because a module about policies has it."""
    return bool(_NAMED.search(text) or (_MODULE.search(module.path) and _SETTINGS.fullmatch(text)))


def _obeying(code: Code, graph: Graph) -> list[Effect]:
    """What live code does because of a policy."""

    def source(node: ast.AST, _: Module) -> bool:
        asks = isinstance(node, (ast.Compare, ast.Call, ast.Subscript, ast.Attribute))
        return asks and bool(_WORDS.search(words_of(node)))

    kinds = ("call", "raise", "exit", "branch", "assert")
    effects = decisions(code, source, ACTS, _WORDS).effects
    acting = [effect for effect in effects if effect.node in graph.alive and effect.kind in kinds]
    return sorted(acting, key=lambda effect: effect.where)


def _by_engine(graph: Graph, jobs: list[Job]) -> str:
    """A job that asks a policy engine, and that nobody has to start."""
    for job in jobs:
        for command, step in graph.job_commands(job):
            if _ENGINE.search(command.line) and not command.ignored and job.unattended():
                return Place(job.file, step.line)
    return ""
