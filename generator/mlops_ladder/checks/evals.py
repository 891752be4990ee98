"""Evals: cases, CI, gates, schedules, live traffic."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evals import Evals
from mlops_ladder.facts.gate import Gate
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.pull_request import PullRequest
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.triggers import Trigger

_METRIC = re.compile(
    r"(^|[._])(faithfulness|groundedness|answer_relevancy|relevance|exact_match|f1|rouge\w*|bleu\w*|bertscore|hit_?(rate|at)\w*|mrr|ndcg|recall\w*|precision\w*|context_(precision|recall)|similarity|correctness|accuracy|hallucination\w*|GEval|Faithfulness\w*|AnswerRelevancy\w*|Hallucination\w*|llm_rubric)($|[._(])",
    re.I,
)


@check("llm-eval-cases")
def cases(llm: Llm, evals: Evals) -> Verdict:
    """Write at least twenty cases (question, expected answer) as JSONL, and a command that scores the model on them."""
    if llm.eval_configs:
        return met(*llm.eval_configs)
    runners = evals.modules.values()
    if llm.eval_data and runners:
        return met(*llm.eval_data[:2], *(module.where(1) for module in runners))
    inside = [
        m for m in runners if len([t for t, _, _ in m.strings if len(t) > 8]) >= 6 and any(c.name for c in m.calls)
    ]
    if inside:
        return met(*(module.where(1) for module in inside))
    return missing(
        f"{llm.eval_data[0]} holds cases that nothing runs" if llm.eval_data else "no cases with expected answers"
    )


@check("llm-evals-in-ci")
def in_ci(pull_request: PullRequest, evals: Evals) -> Verdict:
    """Run the evals on every pull request, with a scripted or a cheap model, and let a score below the floor fail the job."""
    seen = ""
    for job in pull_request.jobs:
        where, fails = evals.run_by(job)
        if not where:
            continue
        seen = pull_request.cannot_install(job) if fails else f"{where} runs evals that cannot fail the job"
        if not seen:
            return met(where)
    return missing(seen)


@check("llm-eval-gate")
def gate(gates: list[Gate], ml: Ml) -> Verdict:
    """Score the new prompt or model and the one in use on the same cases, and promote only when the difference holds."""
    about = re.compile(r"(^|/|_)(evals?|evaluat\w*|golden\w*|judge|benchmark)(_|/|\.|$)|prompt|gate|llm|eval")
    held = [g for g in gates if not g.ignored and g.node and (not ml.trains or about.search(g.node[1]))]
    if held:
        return met(*(gate.where for gate in held))
    ignored = [f"{gate.where} compares, but {gate.ignored}" for gate in gates if gate.ignored]
    return missing(ignored[0] if ignored else "nothing compares a new prompt or model with the one in use")


@check("llm-eval-trigger")
def trigger(triggers: list[Trigger], evals: Evals) -> Verdict:
    """Run the full evaluation every night, and when a prompt, a model or the cases change."""
    for start in triggers:
        if start.job is not None and evals.run_by(start.job)[0]:
            return met(start.where)
        if any(node[1] in evals.modules for node in start.nodes):
            return met(start.where)
    return missing()


@check("llm-task-metrics")
def task_metrics(llm: Llm, files: Files, evals: Evals) -> Verdict:
    """Compute what the task is about: groundedness, relevance, exact match, hit rate; not only an overall impression."""
    asserts = re.compile(
        r"type:\s*(llm-rubric|similar|factuality|answer-relevance|context-\w+|rouge-n|equals|contains)"
    )
    modules = evals.modules.values()
    places = [m.where(c.line) for m in modules for c in m.calls if _METRIC.search(c.name)]
    places += [m.where(f.line) for m in modules for f in m.functions.values() if _METRIC.search(f.last)]
    places += [m.where(line) for m in modules for text, line, _ in m.strings if len(text) < 30 and _METRIC.search(text)]
    places += [path for path in llm.eval_configs if asserts.search(files.text(path))]
    return found(places)


@check("llm-online-evals")
def online(triggers: list[Trigger], ml: Ml, evals: Evals) -> Verdict:
    """Sample live traces on a schedule, score them, and start the evaluation of a new candidate when the score falls."""
    reads = ml.live(evals.reads_traces)
    judges = re.compile(r"eval|score|judge|grade")
    for start in triggers:
        sampled = [hit for hit in reads if hit.node in start.nodes]
        judged = any(node[1] in evals.modules or judges.search(node[2]) for node in start.nodes)
        if sampled and judged and start.kind in ("schedule", "event", "chain"):
            return met(sampled[0].where, start.where)
    return missing(f"{reads[0].where} reads traces, but nothing evaluates them by itself" if reads else "")


@check("llm-cases-from-traces")
def from_traces(code: Code, ml: Ml, evals: Evals) -> Verdict:
    """Turn badly rated answers into eval cases through a review, and commit them."""
    hits = code.named(
        r"(^|[._])(add_to_dataset|create_dataset_item|merge_records|create_examples?|create_case\w{0,80}|trace_to_case|cases_from_traces|append_case\w{0,80}|harvest\w{0,80})$"
    )
    traces = {hit.module.path for hit in evals.reads_traces}
    return found(hit.where for hit in ml.live(hits) if hit.module.path in traces or "case" in hit.call.last)
