"""Guardrails: limits, schemas, redaction, safety, budget, attacks."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evals import Evals
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.pull_request import PullRequest
from mlops_ladder.facts.read.files import Files


@check("llm-limits")
def limits(code: Code) -> Verdict:
    """Set `max_tokens` on every call, and refuse input above a length."""
    hits = code.find(
        lambda c: bool(
            {
                "max_tokens",
                "max_output_tokens",
                "max_new_tokens",
                "max_completion_tokens",
                "max_length",
                "num_predict",
            }
            & c.keywords()
        )
    )
    texts = [
        m.where(line)
        for m in code.modules
        for text, line, _ in m.strings
        if re.fullmatch(r"max_(output_|new_|completion_|input_)?(tokens|chars|length)", text)
    ]
    return found([hit.where for hit in hits] + texts)


@check("llm-output-schema")
def schema(code: Code, llm: Llm, ml: Ml) -> Verdict:
    """Ask for JSON, check it against a schema (pydantic) and treat a violation as an error."""
    hits = code.find(
        lambda c: bool(
            {"response_format", "response_model", "output_type", "response_schema", "output_pydantic"} & c.keywords()
        )
    )
    hits += code.named(
        r"(^|\.)(model_validate_json|model_validate|with_structured_output|PydanticOutputParser|JsonOutputParser|TypeAdapter|parse_raw|instructor\.\w+|Guard\S*|jsonschema\.validate)$"
    )
    near = {hit.module.path for hit in llm.calls}
    live = [h for h in ml.live(hits) if h.module.path in near or llm.used]
    return found(hit.where for hit in live)


@check("llm-redaction")
def redaction(code: Code, ml: Ml) -> Verdict:
    """Remove names, addresses and numbers from what is logged, before it is logged, and test it."""
    hits = code.named(r"redact|anonymi[sz]e|mask_pii|scrub|AnalyzerEngine|AnonymizerEngine|strip_pii|remove_pii")
    return found(hit.where for hit in ml.live(hits))


@check("llm-safety-checks")
def safety(code: Code, ml: Ml) -> Verdict:
    """Check input for injection and output for unsafe content, and refuse when the check itself fails."""
    hits = code.named(
        r"(^|[._])(moderations?|guardrails?|LLMRails|RailsConfig|injection|jailbreak|content_safety|safety|toxicity|PromptGuard|llama_?guard|is_safe|check_(input|output|injection|safety)|rebuff|lakera|apply_guardrail|ContentSafetyClient|scan_(prompt|output))\w{0,80}(\.\w{1,80})?$"
    )
    return found(hit.where for hit in ml.live(hits))


@check("llm-budget")
def budget(code: Code, ml: Ml, files: Files) -> Verdict:
    """Count what is spent and refuse calls (429) above the budget."""
    word = re.compile(
        r"max_budget|budget_(limit|exceeded|usd|guard)|BudgetManager|BudgetExceeded|check_budget|spend_limit|rate_?limit(er)?|RateLimiter|SlowAPI|slowapi|tpm_limit|rpm_limit",
        re.I,
    )
    hits = code.find(lambda c: bool(word.search(c.name)) or any(word.search(k) for k in c.keywords()))
    places = [hit.where for hit in ml.live(hits)]
    for path in files.match(r"(litellm|gateway|proxy|kong|envoy|apisix)[^/]*\.ya?ml$"):
        if match := word.search(files.text(path)):
            places.append(Place.at(path, files.text(path), match.start()))
    return found(places)


@check("llm-red-team")
def red_team(files: Files, ci: list[Job], graph: Graph, code: Code, evals: Evals, pull_request: PullRequest) -> Verdict:
    """Keep a set of attacks (injection, jailbreak, leaks) and run it in CI."""
    word = re.compile(r"red_?team|jailbreak|injection|adversarial|attack", re.IGNORECASE)
    tool = re.compile(r"garak|pyrit|promptfoo redteam|giskard")
    tools = [f"{job.file}:{s.line}" for job in ci for c, s in graph.job_commands(job) if tool.search(c.line)]
    attacks = files.match(
        r"(red[_-]?team|jailbreak|injection|adversarial|attacks?)[^/]{0,255}\.(jsonl|json|ya?ml|csv|py)$"
    )
    attacks += [m.where(f.line) for m in code.tests for f in m.functions.values() if word.search(f.last)]
    runs = any(pull_request.test_commands(job) or evals.run_by(job)[0] for job in ci)
    return found(tools + (attacks if runs else []))
