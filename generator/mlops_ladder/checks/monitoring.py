"""Monitoring: metrics, alerts that are loaded, drift, logs, live quality."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, judged
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.seen import Seen


@check("service-metrics")
def service_metrics(code: Code, ml: Ml, manifests: Manifests) -> Verdict:
    """Count requests, errors and latency in the service and expose them at /metrics."""
    hits = code.named(r"(^|\.)(Counter|Histogram|Gauge|Summary|Instrumentator|make_asgi_app|start_http_server|generate_latest|instrument_app|get_meter|create_counter|create_histogram|put_metric_data|increment|statsd\w*|PrometheusMetrics|PrometheusMiddleware)$",
                      "prometheus_client", "prometheus_fastapi_instrumentator", "opentelemetry", "statsd", "datadog", "boto3", "starlette_exporter", "prometheus_flask_exporter", "aioprometheus", "ray", "bentoml")  # fmt: skip
    return found([hit.where for hit in ml.live(hits)] + [m.where for m in manifests.of("ServiceMonitor", "PodMonitor")])


@check("alerts")
def alerts(alarms: Seen) -> Verdict:
    """Write alert rules, name them in prometheus.yml (`rule_files`) and test them with promtool; or run a drift monitor on a schedule that fails or notifies."""
    return judged(alarms)


@check("drift-report")
def drift_report(drift: list[Hit]) -> Verdict:
    """Compare the live inputs and predictions with the reference (Evidently, PSI, KS) and write a report."""
    return found(hit.where for hit in drift)


@check("prediction-log")
def prediction_log(code: Code, ml: Ml, manifests: Manifests) -> Verdict:
    """Write each prediction with its input, its time and the model's version to a log that can be queried."""
    hits = code.named(
        r"(^|[._])(log_prediction\w{0,80}|record_prediction\w{0,80}|store_prediction\w{0,80}|save_prediction\w{0,80}|insert_prediction\w{0,80}|append_prediction\w{0,80}|write_prediction\w{0,80}|DataCaptureConfig|prediction_log\w{0,80}|PredictionLog\w{0,80})(\.\w{1,80})?$"
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        if module.uses("fastapi", "flask", "uvicorn", "bentoml", "litestar", "starlette", "ray", "kserve"):
            places += [
                module.where(line)
                for text, line, _ in module.strings
                if re.search(r"INSERT INTO \w*predict|predictions?\.(jsonl|parquet|csv|log)|prediction_log", text, re.I)
            ]
    places += [m.where for m in manifests.of("InferenceService") if any(key == "logger" for key, _ in walk(m.body))]
    return found(places)


@check("alert-runbooks")
def runbooks(files: Files) -> Verdict:
    """Give every alert a `runbook_url` and write there who acts, what to look at first and what to do."""
    places = []
    for path in files.match(r"\.(ya?ml|tf|json)$"):
        text = files.text(path) if re.search(r"alert|rules|monitor|prometheus", path) else ""
        if match := re.search(r"runbook(_url)?\s*:|runbook_url\s*=", text):
            places.append(Place.at(path, text, match.start()))
    return found(places)


@check("live-quality")
def live_quality(code: Code, ml: Ml) -> Verdict:
    """Join the labels to the logged predictions when they arrive, and compute the metrics of live traffic."""
    hits = code.named(
        r"(^|[._])(join_labels|live_quality|live_metrics|delayed_labels?|ground_truth\w*|label_join|join_feedback|with_labels|late_labels|backfill_labels|CBPE|DLE|PerformanceCalculator|ModelQualityMonitor)(_|\.|$)|(^|[._])labels?\.join(ed)?$"
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        merges = {c.scope for c in module.calls if c.last in ("merge", "join", "merge_asof")}
        for call in module.calls:
            about = " ".join(text for text, _, scope in module.strings if scope == call.scope) + module.path
            if (
                call.scope in merges
                and call.name.startswith("sklearn.metrics")
                and re.search(r"predict", about)
                and re.search(r"label|truth|outcome|actual", about)
            ):
                places.append(module.where(call.line))
    return found(places)
