"""Evals: cases, CI, gates, schedules, live traffic."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.checks.ci_common import cannot_install, pull_request_jobs, test_commands
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module, subtree
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.gate import ACTS, Gate
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.triggers import Trigger

_TOOLS = re.compile(
    r"^(promptfoo|npx (--yes |-y )?promptfoo|npx .*promptfoo@\S+|deepeval test|inspect eval|langsmith|ragas|pf run|braintrust eval|giskard|oaieval|lm[_-]eval|garak|trulens)\b"
)
_NAMES = re.compile(r"(^|/|_)(evals?|evaluat\w*|golden\w*|judge|benchmark)(_|/|\.|$)")


def _eval_modules(llm: Llm) -> dict[str, Module]:
    """Modules that score a model's answers, the repository's own or through a library."""
    found_modules = {module.path: module for module in llm.own_evals}
    found_modules |= {
        hit.module.path: hit.module
        for hit in llm.eval_hits
        if _NAMES.search(hit.module.path) or is_test(hit.module.path)
    }
    return found_modules


@check("llm-eval-cases")
def cases(llm: Llm) -> Verdict:
    """Write at least twenty cases (question, expected answer) as JSONL, and a command that scores the model on them."""
    runners = _eval_modules(llm)
    if llm.eval_configs:
        return met(*llm.eval_configs)
    if llm.eval_data and runners:
        return met(*llm.eval_data[:2], *(module.where(1) for module in runners.values()))
    inside = [
        m
        for m in runners.values()
        if len([t for t, _, _ in m.strings if len(t) > 8]) >= 6 and any(c.name for c in m.calls)
    ]
    if inside:
        return met(*(module.where(1) for module in inside))
    if llm.eval_data:
        return missing(f"{llm.eval_data[0]} holds cases that nothing runs")
    return missing("no cases with expected answers")


def _runs_evals(job: Job, graph: Graph, llm: Llm) -> tuple[str, bool]:
    """Where a job runs evals, and whether their failure fails it."""
    modules = _eval_modules(llm)
    for command, step in graph.job_commands(job):
        where = f"{job.file}:{step.line}"
        if _TOOLS.search(command.line):
            return where, not command.ignored
        nodes = graph.targets(command)
        own = [path for _, path, _ in graph.reach(nodes) if path in modules and not is_test(path)]
        if own:
            return where, not command.ignored and any(_can_fail(modules[path]) for path in own)
    for step in job.steps:
        if re.search(r"promptfoo|braintrust|deepeval|langsmith", step.uses):
            return f"{job.file}:{step.line}", not step.lenient
    tests = [path for path in modules if is_test(path)]
    for command, line in test_commands(job, graph):
        named = [word.split("::")[0].rstrip("/") for word in command.words[1:] if "/" in word or word.endswith(".py")]
        chosen = [p for p in tests if not named or any(p == n or p.startswith(n + "/") for n in named)]
        if chosen and "pytest" in command.line and not re.search(r"-m ['\"]?not[^'\"]*eval", command.text):
            return f"{job.file}:{line}", not command.ignored
    return "", False


def _can_fail(module: Module) -> bool:
    """Whether a script can end with a failure."""
    if module.tree is None:
        return False
    return any(
        isinstance(node, (ast.Assert, ast.Raise))
        or (
            isinstance(node, ast.Call)
            and re.search(r"(^|\.)(exit|SystemExit|assert_test|_exit)$", ast.unparse(node.func))
        )
        for node in subtree(module.tree)
    )


@check("llm-evals-in-ci")
def in_ci(ci: list[Job], files: Files, graph: Graph, llm: Llm) -> Verdict:
    """Run the evals on every pull request, with a scripted or a cheap model, and let a score below the floor fail the job."""
    seen = ""
    for job in pull_request_jobs(ci, files):
        where, fails = _runs_evals(job, graph, llm)
        if where and fails and not (reason := cannot_install(job, graph, files)):
            return met(where)
        if where:
            seen = f"{where} runs evals that cannot fail the job" if not fails else reason
    return missing(seen)


@check("llm-eval-gate")
def gate(gates: list[Gate], code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Score the new prompt or model and the one in use on the same cases, and promote only when the difference holds."""

    def source(node: ast.AST, module: Module) -> bool:
        if not isinstance(node, ast.Compare) or not any(
            isinstance(op, (ast.Lt, ast.Gt, ast.LtE, ast.GtE)) for op in node.ops
        ):
            return False
        words = words_of(node)
        return bool(
            re.search(r"baseline|champion|production|current|previous|incumbent|main_score|reference", words, re.I)
        ) and bool(_NAMES.search(module.path) or re.search(r"gate|promot|prompt", module.path))

    held = [
        g
        for g in gates
        if not g.ignored
        and g.node
        and (not ml.trains or _NAMES.search(g.node[1]) or re.search(r"prompt|gate|llm|eval", g.node[1]))
    ]
    if held:
        return met(*(g.where for g in held))
    outcome = decisions(
        code, source, ACTS, re.compile("baseline|champion|production|current|previous|incumbent|reference", re.I)
    )
    acting = [
        e for e in outcome.effects if e.kind in ("raise", "exit", "assert", "call", "branch") and e.node in graph.alive
    ]
    if acting:
        return met(*(e.where for e in sorted(acting, key=lambda e: e.where)))
    ignored = [g for g in gates if g.ignored]
    return missing(
        f"{ignored[0].where} compares, but {ignored[0].ignored}"
        if ignored
        else "nothing compares a new prompt or model with the one in use"
    )


@check("llm-eval-trigger")
def trigger(triggers: list[Trigger], graph: Graph, llm: Llm) -> Verdict:
    """Run the full evaluation every night, and when a prompt, a model or the cases change."""
    modules = _eval_modules(llm)
    for start in triggers:
        if start.job is not None and _runs_evals(start.job, graph, llm)[0]:
            return met(start.where)
        if any(node[1] in modules for node in start.nodes):
            return met(start.where)
    return missing()


@check("llm-task-metrics")
def task_metrics(llm: Llm, files: Files) -> Verdict:
    """Compute what the task is about: groundedness, relevance, exact match, hit rate; not only an overall impression."""
    name = re.compile(
        r"(^|[._])(faithfulness|groundedness|answer_relevancy|relevance|exact_match|f1|rouge\w*|bleu\w*|bertscore|hit_?(rate|at)\w*|mrr|ndcg|recall\w*|precision\w*|context_(precision|recall)|similarity|correctness|accuracy|hallucination\w*|GEval|Faithfulness\w*|AnswerRelevancy\w*|Hallucination\w*|llm_rubric)($|[._(])",
        re.I,
    )
    modules = _eval_modules(llm).values()
    places = [m.where(c.line) for m in modules for c in m.calls if name.search(c.name)]
    places += [m.where(f.line) for m in modules for f in m.functions.values() if name.search(f.last)]
    places += [m.where(line) for m in modules for text, line, _ in m.strings if len(text) < 30 and name.search(text)]
    places += [
        path
        for path in llm.eval_configs
        if re.search(
            r"type:\s*(llm-rubric|similar|factuality|answer-relevance|context-\w+|rouge-n|equals|contains)",
            files.text(path),
        )
    ]
    return found(places)


@check("llm-red-team")
def red_team(llm: Llm, files: Files, ci: list[Job], graph: Graph, code: Code) -> Verdict:
    """Keep a set of attacks (injection, jailbreak, leaks) and run it in CI."""
    word = re.compile(r"red_?team|jailbreak|injection|adversarial|attack", re.IGNORECASE)
    sets = list(
        files.match(r"(red[_-]?team|jailbreak|injection|adversarial|attacks?)[^/]*\.(jsonl|json|ya?ml|csv|py)$")
    )
    runs = any(test_commands(job, graph) or _runs_evals(job, graph, llm)[0] for job in ci)
    tools = [
        f"{job.file}:{s.line}"
        for job in ci
        for c, s in graph.job_commands(job)
        if re.search(r"garak|pyrit|promptfoo redteam|giskard", c.line)
    ]
    tests = [m.where(f.line) for m in code.tests for f in m.functions.values() if word.search(f.last)]
    return found(tools + (sets + tests if runs else []))


_TRACES = re.compile(
    r"(^|\.)(fetch_traces|get_traces|search_traces|list_runs|fetch_observations|get_spans_dataframe|query_spans|load_traces|read_traces|sample_traces|trace\.list|fetch_trace|api\.trace\.\w+|recent_traces|read_calls|sample_calls|load_calls)$"
)


@check("llm-online-evals")
def online(triggers: list[Trigger], code: Code, ml: Ml, llm: Llm) -> Verdict:
    """Sample live traces on a schedule, score them, and start the evaluation of a new candidate when the score falls."""
    reads = ml.live(code.named(_TRACES.pattern))
    for start in triggers:
        sampled = [hit for hit in reads if hit.node in start.nodes]
        judged = any(
            node[1] in _eval_modules(llm) or re.search(r"eval|score|judge|grade", node[2]) for node in start.nodes
        )
        if sampled and judged and start.kind in ("schedule", "event", "chain"):
            return met(sampled[0].where, start.where)
    return missing(f"{reads[0].where} reads traces, but nothing evaluates them by itself" if reads else "")


@check("llm-cases-from-traces")
def from_traces(code: Code, ml: Ml) -> Verdict:
    """Turn badly rated answers into eval cases through a review, and commit them."""
    hits = code.named(
        r"(^|[._])(add_to_dataset|create_dataset_item|merge_records|create_examples?|create_case\w*|trace_to_case|cases_from_traces|append_case\w*|harvest\w*)$"
    )
    traces = {hit.module.path for hit in code.named(_TRACES.pattern)}
    return found(hit.where for hit in ml.live(hits) if hit.module.path in traces or "case" in hit.call.last)


@check("llm-promotion-policy")
def policy(code: Code, files: Files, triggers: list[Trigger]) -> Verdict:
    """Write down when a prompt may be promoted without a person, and let the promoting code obey that file."""

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, (ast.Compare, ast.Call, ast.Subscript, ast.Attribute)) and bool(
            re.search(r"polic|risk_?tier|auto_?promot|promotion_(rules?|limits?)", words_of(node), re.I)
        )

    running = frozenset().union(*(start.nodes for start in triggers), frozenset())
    outcome = decisions(code, source, ACTS, re.compile("polic|risk|promot", re.I))
    acting = [e for e in outcome.effects if e.node in running and e.kind != "output"]
    return found(
        [e.where for e in sorted(acting, key=lambda e: e.where)]
        if files.match(r"(polic|promotion|risk)[^/]*\.(toml|ya?ml|json|rego)$")
        else []
    )
