"""Records of the calls of a language model."""

from __future__ import annotations

import pytest

from support.bots import CHAT, bot
from support.facts import facts_of


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("import mlflow\n" + CHAT + "\nmlflow.openai.autolog()\n", ""),
        ("import mlflow\n" + CHAT, "-"),
        (CHAT.replace("from openai", "from langfuse.openai"), ""),
        (CHAT.replace("    return", "    print({'latency': 1})\n    return"), "-"),
        (CHAT.replace("    return", "    log.info({'latency': 1})\n    return"), ""),
    ],
)
def test_traced_calls(code: str, note: str) -> None:
    assert bool(facts_of({"chat.py": code}).traced_calls) is not bool(note)


def test_traces_of_something_else_do_not_count() -> None:
    facts = facts_of(bot({"etl.py": "import mlflow\n\nmlflow.start_span('a')\n"}))
    assert facts.traced_calls.note == "etl.py:3 traces, but not the calls of the model"
