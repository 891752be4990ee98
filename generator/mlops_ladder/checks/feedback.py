"""Feedback: what users say of an answer, and what becomes of it."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.ml import Ml


@check("llm-feedback")
def feedback(code: Code, ml: Ml) -> Verdict:
    """Add an endpoint that takes a rating and a comment with the trace's id, and store them together."""
    hits = code.named(
        r"(^|[._])(create_feedback|log_feedback|score_current_trace|create_score|score|add_feedback|record_feedback|submit_feedback|save_feedback|store_feedback|feedback)$",
        "langsmith", "langfuse", "mlflow", "fastapi", "flask", "trubrics", "opik", "chainlit", "streamlit",
    )  # fmt: skip
    live = [
        hit
        for hit in ml.live(hits)
        if "feedback" in hit.call.name or ("score" in hit.call.last and hit.module.uses("langfuse", "opik"))
    ]
    places = [hit.where for hit in live]
    for module in code.uses("fastapi", "flask", "starlette"):
        places += [
            module.where(line)
            for text, line, _ in module.strings
            if "feedback" in text and re.fullmatch(r"[\w/{}-]+", text)
        ]
    return found(places)


@check("llm-preference-data")
def preferences(code: Code, ml: Ml) -> Verdict:
    """Turn rated answers into pairs, and tune (DPO) or propose prompts with them, through the same gate."""
    hits = code.named(
        r"(^|\.)(DPOTrainer|ORPOTrainer|KTOTrainer|PPOTrainer|RewardTrainer|optimize_prompts?|MIPROv2|BootstrapFewShot\w*|GEPA|build_preference\w*|preference_pairs|propose_prompt\w*)$"
    )
    return found(hit.where for hit in ml.live(hits))
