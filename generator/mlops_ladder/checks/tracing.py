"""Tracing: the calls of a language model, their spans, their cost."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen


@check("llm-calls-traced")
def traced(traced_calls: Seen) -> Verdict:
    """Record every call: model, prompt version, tokens, latency, error (MLflow tracing, Langfuse, OpenTelemetry)."""
    return judged(traced_calls)


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
    for path in files.match(r"(alert|rules|dashboard|grafana|prometheus|monitor)[^/]{0,255}\.(ya?ml|json)$"):
        text = files.text(path)
        if match := re.search(
            r"token|cost_(usd|eur|total)|llm_\w{0,80}(cost|latency|tokens)|gen_ai", text, re.IGNORECASE
        ):
            places.append(Place.at(path, text, match.start()))
    hits = [
        h
        for h in code.named(r"(^|\.)(Counter|Histogram|Gauge|Summary|create_counter|create_histogram)$")
        if re.search(r"token|cost|llm", " ".join(h.call.strings()), re.I)
    ]
    return found(places + [hit.where for hit in ml.live(hits)])
