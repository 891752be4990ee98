"""Alarms that are loaded: rules of Prometheus, alarms of a cloud, a monitor that runs by itself and tells somebody."""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator

from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.drift import DRIFT
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifest, Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed, walk
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.triggers import Trigger

_CLOUD = re.compile(
    r"resource\s+\"(aws_cloudwatch_metric_alarm|google_monitoring_alert_policy|azurerm_monitor_(metric|scheduled_query_rules)_alert\w*|datadog_monitor|grafana_rule_group|newrelic_\w*condition|aws_sagemaker_monitoring_schedule)\"|AWS::CloudWatch::Alarm|AWS::SageMaker::MonitoringSchedule"
)
_MANAGED = r"(^|\.)(create_monitoring_schedule|ModelDeploymentMonitoringJob\S*|MonitorSchedule|DefaultModelMonitor|ModelQualityMonitor|put_metric_alarm|create_alert_policy|DataDriftDetector\S*)$"
_ACTS = r"alert|notif|send|post|page|slack|mail|publish|trigger|retrain|webhook|push|set|emit|create_issue|run_deployment|dispatch|warn_team|put"
_TELLS = r"(^|[._])(push_to_gateway|send_alert|notify\w{0,80}|send_message|chat_postMessage|create_issue|put_metric_data|pushadd_to_gateway|add_run|workspace\.add_report|write_api)$"


def alarms(
    files: Files, manifests: Manifests, code: Code, ml: Ml, triggers: list[Trigger], deploy: Deploy, drift: list[Hit]
) -> Iterator[Seen]:
    """Every alarm of the repository."""
    yield from _rules(files, manifests)
    yield from _in_kubernetes(files, manifests, deploy)
    for path in [*manifests.terraform, *files.match(r"(template|cloudformation|alarms?|infra)[^/]*\.(ya?ml|json)$")]:
        if match := _CLOUD.search(files.text(path)):
            yield Seen((Place.at(path, files.text(path), match.start()),))
    managed = code.named(_MANAGED)
    managed += code.named(
        r"(^|\.)(log|Client|log_validation_records)$", "arize", "fiddler", "whylabs_client", "superwise"
    )
    yield Seen(tuple(hit.where for hit in ml.live(managed)))
    yield _scheduled_monitor(code, ml, triggers, drift)


def _alerts(manifest: Manifest) -> bool:
    return any(key == "alert" for key, _ in walk(manifest.body))


def _rules(files: Files, manifests: Manifests) -> Iterator[Seen]:
    """Rule files that a configuration of Prometheus names."""
    patterns = [
        str(item)
        for m in manifests.of("prometheus")
        if "tests" not in m.body
        for item in listed(m.body.get("rule_files"))
    ]
    for config in files.match(r"prometheus[^/]*\.(ya?ml|tpl|j2|tmpl)$|values[^/]*\.ya?ml$|helm.*\.ya?ml$"):
        for block in re.findall(
            r"rule_files:[ \t]*\n((?:[ \t]*(?:-[^\n]*)?\n)*(?:[ \t]*-[^\n]*)?)", files.text(config)
        ):
            patterns += [item.strip("'\"") for item in re.findall(r"(?m)^[ \t]*-[ \t]*(\S+)", block)]
    patterns = files.some(list(dict.fromkeys(patterns)), 200, "the rule files that Prometheus loads")
    for rule in filter(_alerts, manifests.of("rules")):
        if any(_loads(pattern, rule.path, files, manifests) for pattern in patterns):
            yield Seen((rule.where,))
        yield Seen((), f"{rule.where} holds alert rules, and no Prometheus configuration loads them")


def _loads(pattern: str, path: str, files: Files, manifests: Manifests) -> bool:
    """Whether an entry of `rule_files` means a file of the repository."""
    above, _, last = pattern.rpartition("/")
    folder = above.rpartition("/")[2]
    if not fnmatch.fnmatch(path.rpartition("/")[2], last):
        return False
    return not folder or "*" not in last or folder in path or _mounted(path, folder, manifests, files)


def _mounted(path: str, folder: str, manifests: Manifests, files: Files) -> bool:
    """Whether a compose file or an image puts the rules where Prometheus looks for them."""
    parent = path.rpartition("/")[0].rpartition("/")[2]
    texts = [files.text(m.path) for m in manifests.of("compose")] + [files.text(p) for p in manifests.dockerfiles]
    return bool(parent) and any(_puts(text.split(), parent, folder) for text in texts)


def _puts(words: list[str], source: str, target: str) -> bool:
    """Whether a word names a source, and what follows in it, or the next word, the target; a lone colon is no word."""
    for at, word in enumerate(words):
        if source in word:
            after = [word.partition(source)[2], *words[at + 1 : at + 3]]
            if any(target in part for part in (after if after[1:2] == [":"] else after[:2])):
                return True
    return False


def _in_kubernetes(files: Files, manifests: Manifests, deploy: Deploy) -> Iterator[Seen]:
    """Rules as objects of Kubernetes, in values of Helm, in the provisioning of Grafana."""
    for manifest in filter(_alerts, manifests.of("PrometheusRule")):
        if deploy.applies(manifest.path):
            yield Seen((manifest.where,))
        yield Seen((), f"{manifest.where} holds alert rules, and nothing applies it")
    for manifest in manifests.of("ConfigMap"):
        text = " ".join(str(value) for _, value in walk(manifest.body) if isinstance(value, str))
        if "rule_files" in text and re.search(r"\balert:", text):
            yield Seen((manifest.where,))
    for path in files.match(r"\.ya?ml$"):
        text = files.text(path) if re.search(r"values|grafana|provisioning|alert|prometheus", path) else ""
        rules = re.search(r"(additionalPrometheusRules\w*|serverFiles|prometheusRule):", text)
        if rules and (alert := re.search(r"\balert:", text)):
            yield Seen((Place.at(path, text, alert.start()),))
        if re.search(r"provisioning/alerting/", path) and re.search(r"condition:|contactPoints:", text):
            yield Seen((Place(path),))


def _scheduled_monitor(code: Code, ml: Ml, triggers: list[Trigger], drift: list[Hit]) -> Seen:
    """A monitor that runs by itself and whose finding does something."""
    timed = [trigger for trigger in triggers if trigger.kind in ("schedule", "event", "chain")]
    monitored = [(trigger, hit) for trigger in timed for hit in drift if hit.node in trigger.nodes]
    if not monitored:
        return Seen((), f"{drift[0].where} looks at drift, but nothing runs it by itself" if drift else "")

    def source(node: ast.AST, _: Module) -> bool:
        return isinstance(node, (ast.Compare, ast.Call)) and bool(DRIFT.search(words_of(node)))

    running = frozenset().union(*(trigger.nodes for trigger, _ in monitored))
    for effect in sorted(decisions(code, source, _ACTS, DRIFT).effects, key=lambda effect: effect.where):
        if effect.node in running and effect.kind != "output":
            return Seen((effect.where, monitored[0][0].where))
    for hit in ml.live(code.named(_TELLS)):
        if hit.node in running:
            return Seen((hit.where, monitored[0][0].where))
    return Seen((), f"{monitored[0][1].where} computes drift, and nothing hangs on it")
