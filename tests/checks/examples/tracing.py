"""Two repositories for each check of the area `tracing`."""

from __future__ import annotations

from checks.examples import BOT, CHAT, RULE, Example, edit

EXAMPLES = {
    "llm-calls-traced": Example(
        met=BOT
        | {
            "chat.py": "import mlflow\n" + CHAT + "\nmlflow.openai.autolog()\n",
        },
        missing=BOT
        | {
            "chat.py": "import mlflow\n" + CHAT,
        },
    ),
    "llm-spans": Example(
        met=BOT
        | {
            "chat.py": "import mlflow\n" + edit(CHAT, ("    reply =", "    mlflow.start_span('answer')\n    reply =")),
        },
        missing=BOT,
    ),
    "llm-cost-watch": Example(
        met=BOT
        | {
            "alerts.yml": edit(RULE, ("up == 0", "llm_cost_usd > 5")),
        },
        missing=BOT
        | {
            "alerts.yml": RULE,
        },
    ),
}
