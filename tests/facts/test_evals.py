"""Jobs that run evals, and whether those can fail."""

from __future__ import annotations

import pytest

from support.bots import bot
from support.facts import facts_of

RUN = "import sys\nfrom chat import answer\n\ncases = open('evals/cases.jsonl')\n{}\n"


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
