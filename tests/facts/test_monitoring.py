"""Alarms that are loaded, drift, and what signals set going."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.seen import Seen
from support.facts import facts_of

RULES = {"rules/down.yml": "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n"}
RECORDED = {"rules/down.yml": "groups:\n- name: a\n  rules:\n  - record: a\n    expr: up\n"}


def prometheus(pattern: str) -> dict[str, str]:
    return {"prometheus.yml": f"rule_files:\n- {pattern}\nscrape_configs: []\n"}


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (RULES | prometheus("rules/*.yml"), ""),
        (RULES | prometheus("rules/down.yml"), ""),
        (RULES | prometheus("/etc/prometheus/other/*.yml"), "no Prometheus configuration loads them"),
        (RULES | prometheus("rules/up.yml"), "no Prometheus configuration loads them"),
        (RULES, "no Prometheus configuration loads them"),
        (RECORDED | prometheus("rules/*.yml"), "-"),
        (
            RULES
            | prometheus("/etc/alerts/*.yml")
            | {"compose.yaml": "services:\n  p:\n    image: prom\n    volumes: ['./rules:/etc/alerts']\n"},
            "",
        ),
        ({"main.tf": 'resource "aws_cloudwatch_metric_alarm" "a" {}\n'}, ""),
        ({"main.tf": 'resource "aws_s3_bucket" "a" {}\n'}, "-"),
    ],
)
def test_alarms_that_are_loaded(texts: dict[str, str], note: str) -> None:
    found = facts_of(texts).alarms
    assert bool(found) is not bool(note)
    assert note in ("", "-") or note in found.note


WATCH = """
from scipy.stats import ks_2samp
from train import main as retrain


def main():
    drift = ks_2samp([1], [2]).statistic
    if drift > 0.2:
        {effect}


main()
"""
TRAIN = "from sklearn.svm import SVC\n\n\ndef main():\n    return SVC(random_state=1).fit([[0], [1]], [0, 1])\n"
NIGHT = """
on: {schedule: [{cron: '1 1 * * *'}]}
jobs:
  a:
    steps:
    - uses: actions/checkout@v4
    - run: python watch.py
"""


def watched(effect: str, nightly: bool = True) -> dict[str, str]:
    texts = {"train.py": TRAIN, "watch.py": WATCH.format(effect=effect)}
    return texts | ({".github/workflows/n.yml": NIGHT} if nightly else {})


def test_a_monitor_alarms_when_something_hangs_on_its_finding() -> None:
    assert facts_of(watched("raise SystemExit(1)")).alarms
    assert facts_of(watched("print(drift)")).alarms.note == "watch.py:7 computes drift, and nothing hangs on it"
    assert facts_of(watched("raise SystemExit(1)", nightly=False)).alarms.note == (
        "watch.py:7 looks at drift, but nothing runs it by itself"
    )


def test_drift_is_looked_for_in_live_code_only() -> None:
    assert [hit.where for hit in facts_of(watched("pass")).drift] == ["watch.py:7"]
    assert facts_of({"watch.py": "def look():\n    ks_2samp([1], [2])\n"}).drift == []


def retraining(texts: dict[str, str]) -> Seen:
    return facts_of(texts).signals.retraining


def test_a_signal_starts_the_training_by_itself() -> None:
    assert retraining(watched("retrain()")).places == ("watch.py:9",)
    assert "only when a person runs it" in retraining(watched("retrain()", nightly=False)).note
    assert "sees a signal, and no retraining follows" in retraining(watched("print(drift)")).note


@pytest.mark.parametrize(("url", "counts"), [("https://api/dispatches", True), ("https://chat/hooks/alarm", False)])
def test_an_alert_is_sent_to_what_trains(url: str, counts: bool) -> None:
    text = f"route: {{receiver: a}}\nreceivers:\n- name: a\n  webhook_configs:\n  - url: {url}\n"
    assert bool(retraining({"alertmanager.yml": text})) is counts


@pytest.mark.parametrize(("sender", "counts"), [("event = 'drift-found'\n", True), ("event = 'new-data'\n", False)])
def test_an_event_counts_when_something_sends_it(sender: str, counts: bool) -> None:
    workflow = (
        "on: {repository_dispatch: {types: [drift-found]}}\njobs:\n  a:\n    steps:\n"
        "    - uses: actions/checkout@v4\n    - run: python -c 'import train; train.main()'\n    - run: python go.py\n"
    )
    texts = {"train.py": TRAIN, "go.py": "import train\n\ntrain.main()\n", "send.py": sender}
    assert bool(retraining(texts | {".github/workflows/t.yml": workflow})) is counts
