"""Two repositories for each check of the area `prompts`."""

from __future__ import annotations

from checks.examples import BOT, CHAT, POLICY, POLICY_CODE, Example, scheduled

EXAMPLES = {
    "llm-prompts-collected": Example(
        met=BOT
        | {
            "prompts/answer.txt": "Answer.\n",
        },
        missing=BOT,
    ),
    "llm-prompts-versioned": Example(
        met=BOT
        | {
            "prompts/answer.v1.txt": "Answer.\n",
            "chat.py": CHAT + "PROMPT = open('prompts/answer.v1.txt').read()\n",
        },
        missing=BOT
        | {
            "prompts/answer.v1.txt": "Answer.\n",
        },
    ),
    "llm-prompt-registry": Example(
        met=BOT
        | {
            "chat.py": "import mlflow\n" + CHAT + "\nPROMPT = mlflow.genai.load_prompt('prompts:/answer@champion')\n",
        },
        missing=BOT
        | {
            "prompts/answer.v1.txt": "Answer.\n",
        },
    ),
    "llm-promotion-policy": Example(
        met=BOT
        | {
            "promotion_policy.toml": POLICY,
        }
        | scheduled(POLICY_CODE),
        missing=BOT
        | {
            "promotion_policy.toml": POLICY,
        },
    ),
}
