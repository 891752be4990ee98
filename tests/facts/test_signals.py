"""What signals of production set going."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.seen import Seen
from support.facts import facts_of
from support.monitors import TRAIN, watched


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
