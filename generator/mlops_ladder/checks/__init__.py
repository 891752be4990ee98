"""The checks, one for each capability: the module of a check is the area of its capability. Importing this has them all."""

from __future__ import annotations

from mlops_ladder.checks import (  # noqa: F401
    ci,
    data,
    delivery,
    evals,
    experimentation,
    feedback,
    governance,
    guardrails,
    model,
    monitoring,
    pipeline,
    prompts,
    registry,
    retraining,
    tracing,
)
from mlops_ladder.checks.base import CHECKS, Verdict, advice, run

__all__ = ["CHECKS", "Verdict", "advice", "run"]
