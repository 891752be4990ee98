"""Alarms that are loaded."""

from __future__ import annotations

import pytest

from support.facts import facts_of
from support.monitors import watched

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
        (  # what promtool tests is loaded by nothing
            RULES | {"rules/down_test.yml": "rule_files: [down.yml]\ntests:\n- interval: 1m\n"},
            "no Prometheus configuration loads them",
        ),
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


def test_a_monitor_alarms_when_something_hangs_on_its_finding() -> None:
    assert facts_of(watched("raise SystemExit(1)")).alarms
    assert facts_of(watched("print(drift)")).alarms.note == "watch.py:7 computes drift, and nothing hangs on it"
    assert facts_of(watched("raise SystemExit(1)", nightly=False)).alarms.note == (
        "watch.py:7 looks at drift, but nothing runs it by itself"
    )
