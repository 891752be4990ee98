"""The checks, one module per area. Importing this package registers all of them."""

from mlops_ladder.checks import (  # noqa: F401
    ci,
    data,
    delivery,
    deployment,
    evals,
    experimentation,
    governance,
    llm,
    monitoring,
    pipeline,
    prompts,
    registry,
    retraining,
    rollback,
    tracing,
    versioning,
)
from mlops_ladder.checks.base import CHECKS, Verdict, advice, run

__all__ = ["CHECKS", "Verdict", "advice", "run"]
