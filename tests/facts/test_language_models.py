"""Prompts, evals and traces of a language model."""

from __future__ import annotations

import pytest

from support.facts import facts_of

CHAT = """
from openai import OpenAI

client = OpenAI()


def answer(question):
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content


answer(input())
"""
RUN = "import sys\nfrom chat import answer\n\ncases = open('evals/cases.jsonl')\n{}\n"


def bot(more: dict[str, str]) -> dict[str, str]:
    return {"chat.py": CHAT} | more


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"prompts/a.txt": "Answer.", "p.py": "PROMPT = open('prompts/a.txt').read()\n"}, ""),
        ({"prompts/a.txt": "Answer."}, "prompts/a.txt is a prompt that no code loads"),
        ({"prompts.py": "ANSWER = 'Answer.'\n"}, ""),
        ({}, "no prompt is kept in a file"),
        ({"p.py": "import langfuse\n\nlangfuse.get_prompt('a')\n"}, ""),
    ],
)
def test_prompts_with_versions(more: dict[str, str], note: str) -> None:
    found = facts_of(bot(more)).prompts.versioned
    assert bool(found) is not bool(note)
    assert found.note == note


def test_a_registry_says_which_version_is_used() -> None:
    versions = {"prompts/a.v1.txt": "Answer.", "p.py": "open('prompts/index.toml')\n"}
    chosen = {"prompts/index.toml": "[prompts]\n\nactive = 'v1'\n"}
    assert facts_of(bot(versions | chosen)).prompts.registry.places == ("prompts/index.toml:3", "prompts/a.v1.txt")
    assert facts_of(bot(versions)).prompts.registry.note == "prompts have versions, but nothing says which one is used"
    assert not facts_of(bot(chosen)).prompts.registry


@pytest.mark.parametrize(
    ("command", "ends", "where", "fails"),
    [
        ("python -m evals.run", "sys.exit(1)", 5, True),
        ("python -m evals.run", "print(1)", 5, False),
        ("python -m evals.run || true", "sys.exit(1)", 5, False),
        ("promptfoo eval", "", 5, True),
        ("python chat.py", "sys.exit(1)", 0, False),
    ],
)
def test_a_job_runs_evals_and_can_fail(command: str, ends: str, where: int, fails: bool) -> None:
    workflow = f"on: pull_request\njobs:\n  a:\n    steps:\n    - run: {command}\n"
    facts = facts_of(
        bot({"evals/run.py": RUN.format(ends), "evals/cases.jsonl": "{}\n" * 3, ".github/workflows/a.yml": workflow})
    )
    assert facts.evals.run_by(facts.ci[0]) == (f".github/workflows/a.yml:{where}" if where else "", fails)


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
