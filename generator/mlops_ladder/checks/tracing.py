"""Traces, cost and feedback of a language model."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of


@check("llm-calls-traced")
def traced(code: Code, llm: Llm, ml: Ml, graph: Graph, files: Files) -> Verdict:
    """Record every call: model, prompt version, tokens, latency, error (MLflow tracing, Langfuse, OpenTelemetry)."""
    hits = code.named(
        r"(^|\.)(observe|Langfuse|CallbackHandler|get_client|start_as_current_\w+|langfuse_context\S*|trace|generation|openai)$",
        "langfuse",
    )
    hits += code.named(r"(^|\.)(traceable|wrap_openai|trace|Client|LangChainTracer|tracing_context)$", "langsmith")
    hits += code.named(r"(^|\.)(autolog|trace|start_span|start_trace)$", "mlflow")
    hits += code.named(
        r"(^|\.)(instrument|start_as_current_span|start_span|register|init|instrument_openai|instrument_\w+|launch_app|op)$",
        "opentelemetry",
        "phoenix",
        "openinference",
        "traceloop",
        "logfire",
        "weave",
        "agentops",
        "ddtrace",
        "openlit",
        "opik",
        "lunary",
        "helicone",
    )
    hits += list(code.find(lambda c: any("helicone" in s or "portkey" in s for s in c.strings())))
    hits += _own_records(code)
    live = ml.live(hits)
    together = [
        hit for hit in live if hit.module.path in {m.path for m in llm.modules} or _same_run(hit.node, llm, graph, code)
    ]
    if together:
        return met(*(hit.where for hit in together))
    if llm.used and any(m.uses("langchain", "langchain_openai", "langgraph", "langsmith") for m in code.modules):
        for path in files.match(r"(\.env[.\w]*|\.ya?ml|Dockerfile|\.toml)$"):
            if match := re.search(r"LANG(CHAIN|SMITH)_TRACING(_V2)?\W+(true|1)", files.text(path), re.IGNORECASE):
                return met(f"{path}:{line_of(files.text(path), match[0])}")
    for module in code.modules:
        for name in module.imports.values():
            if name == "langfuse.openai" or name.startswith("langfuse.openai."):
                return met(module.where(1))
    return missing(f"{live[0].where} traces, but not the calls of the model" if live else "")


def _own_records(code: Code) -> list:  # type: ignore[type-arg]
    """Calls that write a record with tokens or latency beside a call of a model."""
    from mlops_ladder.facts.code.modules import Hit

    found_hits = []
    for module in code.modules:
        scopes = {
            scope
            for text, _, scope in module.strings
            if re.search(r"(total|prompt|completion|input|output)?_?tokens|latency|duration|cost|elapsed", text)
            and len(text) < 40
        }
        for call in module.calls:
            if call.scope in scopes and re.search(
                r"(^|[._])(info|log|write|dump|dumps|append|log_call|record\w*|emit|insert|execute|log_metrics?|log_dict)$",
                call.name,
            ):
                found_hits.append(Hit(module, call))
    return found_hits


def _same_run(node: tuple[str, str, str], llm: Llm, graph: Graph, code: Code) -> bool:
    return any(
        node in graph.of_file(module.path)
        or graph.reach({("py", module.path, name) for name in module.functions}) & {node}
        for module in llm.modules
    ) or any(node in (nodes := graph.of_file(module.path)) and nodes & llm.nodes for module in code.modules)


@check("llm-spans")
def spans(code: Code, ml: Ml) -> Verdict:
    """Open a span for retrieval, each tool and each model call, and return the trace's id to the caller."""
    hits = code.named(
        r"(^|\.)(start_as_current_span|start_span|observe|traceable|trace|span|start_as_current_generation)$",
        "opentelemetry",
        "langfuse",
        "langsmith",
        "mlflow",
        "phoenix",
        "logfire",
        "weave",
    )
    return found(hit.where for hit in ml.live(hits))


@check("llm-cost-watch")
def cost_watch(code: Code, ml: Ml, files: Files) -> Verdict:
    """Export tokens, cost and latency as metrics, and alert on them."""
    places = []
    for path in files.match(r"(alert|rules|dashboard|grafana|prometheus|monitor)[^/]*\.(ya?ml|json)$"):
        text = files.text(path)
        if match := re.search(r"token|cost_(usd|eur|total)|llm_\w*(cost|latency|tokens)|gen_ai", text, re.IGNORECASE):
            places.append(f"{path}:{line_of(text, match[0])}")
    hits = [
        h
        for h in code.named(r"(^|\.)(Counter|Histogram|Gauge|Summary|create_counter|create_histogram)$")
        if re.search(r"token|cost|llm", " ".join(h.call.strings()), re.I)
    ]
    return found(places + [hit.where for hit in ml.live(hits)])


@check("llm-feedback")
def feedback(code: Code, ml: Ml) -> Verdict:
    """Add an endpoint that takes a rating and a comment with the trace's id, and store them together."""
    hits = code.named(
        r"(^|[._])(create_feedback|log_feedback|score_current_trace|create_score|score|add_feedback|record_feedback|submit_feedback|save_feedback|store_feedback|feedback)$",
        "langsmith",
        "langfuse",
        "mlflow",
        "fastapi",
        "flask",
        "trubrics",
        "opik",
        "chainlit",
        "streamlit",
    )
    live = [
        hit
        for hit in ml.live(hits)
        if "feedback" in hit.call.name or ("score" in hit.call.last and hit.module.uses("langfuse", "opik"))
    ]
    places = [hit.where for hit in live]
    for module in code.uses("fastapi", "flask", "starlette"):
        places += [
            module.where(line)
            for text, line, _ in module.strings
            if re.fullmatch(r"/?[\w/{}-]*feedback[\w/{}-]*", text)
        ]
    return found(places)


@check("llm-preference-data")
def preferences(code: Code, ml: Ml) -> Verdict:
    """Turn rated answers into pairs, and tune (DPO) or propose prompts with them, through the same gate."""
    hits = code.named(
        r"(^|\.)(DPOTrainer|ORPOTrainer|KTOTrainer|PPOTrainer|RewardTrainer|optimize_prompts?|MIPROv2|BootstrapFewShot\w*|GEPA|build_preference\w*|preference_pairs|propose_prompt\w*)$"
    )
    return found(hit.where for hit in ml.live(hits))
