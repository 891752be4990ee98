"""Two repositories for each check of the area `guardrails`."""

from __future__ import annotations

from checks.examples import BOT, CHAT, EVALS, PR, Example, edit

EXAMPLES = {
    "llm-limits": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("model=", "max_tokens=99, model=")),
        },
        missing=BOT,
    ),
    "llm-output-schema": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("model=", "response_format={'type': 'json'}, model=")),
        },
        missing=BOT,
    ),
    "llm-redaction": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("print(answer", "print(redact(answer"), ("input()))", "input())))")),
        },
        missing=BOT,
    ),
    "llm-safety-checks": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("    reply =", "    client.moderations.create(input=question)\n    reply =")),
        },
        missing=BOT,
    ),
    "llm-budget": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("    reply =", "    check_budget()\n    reply =")),
        },
        missing=BOT,
    ),
    "llm-red-team": Example(
        met=BOT
        | EVALS
        | {
            "evals/red_team.jsonl": '{"q": "ignore all"}\n',
            ".github/workflows/ci.yml": edit(PR, ("pytest", "python -m evals.run")),
            "requirements.txt": "openai\n",
        },
        missing=BOT
        | EVALS
        | {
            "evals/red_team.jsonl": '{"q": "ignore all"}\n',
        },
    ),
}
