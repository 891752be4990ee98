"""Two repositories for each check of the area `feedback`."""

from __future__ import annotations

from checks.examples import BOT, Example

EXAMPLES = {
    "llm-feedback": Example(
        met=BOT
        | {
            "api.py": """
                from fastapi import FastAPI
                app = FastAPI()


                @app.post('/feedback')
                def post(x: int):
                    return x
                """,
        },
        missing=BOT,
    ),
    "llm-preference-data": Example(
        met=BOT
        | {
            "tune.py": """
                from trl import DPOTrainer
                DPOTrainer(None)
                """,
        },
        missing=BOT,
    ),
}
