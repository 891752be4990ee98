"""The capabilities that make up the levels, as they stand in each `level.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.project.layers import LEVELS, templates_root

Track = Literal["mlops", "llmops", "both"]

TRACKS: tuple[Literal["mlops", "llmops"], ...] = ("mlops", "llmops")

AREAS = (
    "data", "experimentation", "pipeline", "registry", "ci", "delivery", "monitoring", "retraining", "governance",
    "model", "prompts", "evals", "tracing", "guardrails", "feedback",
)  # fmt: skip
"""The areas: nine of MLOps, then six of LLMOps."""

STAGES = (
    "data collection", "data preparation", "model development", "training", "evaluation", "deployment", "monitoring",
)  # fmt: skip
"""The stages of the life cycle that capabilities belong to."""

COSTS = ("people", "compute", "storage", "licences", "LLM tokens", "annotation", "migration")
"""What drives cost."""

SOURCES = {
    "G": "Google Cloud MLOps levels 0-2",
    "M": "Microsoft MLOps maturity model, levels 0-4",
    "L": "Microsoft GenAIOps maturity model, levels 1-4",
    "MG": "Microsoft GenAIOps guide",
    "A": "AWS MLOps phases 1-4",
    "K": "Kreuzberger, Kuehl, Hirschl: principles P1-P9, components C1-C9",
    "T": "ML Test Score: tests D1-D7, M1-M7, I1-I7, O1-O7",
    "S": "practice of secure MLOps",
    "P": "topic named by Stone et al. (2025); the placement is ours",
    "own": "ours",
}
"""What the source tags stand for, by their letters."""


@dataclass(frozen=True)
class Capability:
    """One thing that a level consists of.

    `required` marks the few that the level's one-sentence test stands on. `effort_days` is our estimate of the
    person-days to get there, low and high; `needs` are the capabilities to have first.
    """

    id: str
    level: int
    area: str
    track: Track
    stage: str
    title: str
    required: bool = False
    sources: tuple[str, ...] = ()
    ml_test_score: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    effort_days: tuple[float, float] = (0, 0)
    costs: tuple[str, ...] = ()

    def counts_for(self, track: str) -> bool:
        """Whether it belongs to a track."""
        return self.track in (track, "both")


@cache
def catalogue(root: Path | None = None) -> tuple[Capability, ...]:
    """Every capability, by level and then in the order of the files.

    Raises:
        LadderError: a `level.toml` has an unknown key, area, track or need (a bug of the catalogue).
    """
    found: list[Capability] = []
    for level in LEVELS:
        path = (root or templates_root()) / f"level{level}" / "level.toml"
        for raw in tomllib.loads(path.read_text("utf-8")).get("capability", ()):
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
            }
            try:
                found.append(Capability(level=level, **values))
            except TypeError as error:
                raise LadderError(f"{path}: {error}.", code=BUG) from error
    ids = {capability.id for capability in found}
    for capability in found:
        unknown = [
            *([capability.area] if capability.area not in AREAS else []),
            *([capability.track] if capability.track not in (*TRACKS, "both") else []),
            *([capability.stage] if capability.stage not in STAGES else []),
            *(need for need in capability.needs if need not in ids),
            *(cost for cost in capability.costs if cost not in COSTS),
        ]
        if unknown:
            raise LadderError(f"Capability {capability.id} names the unknown '{unknown[0]}'.", code=BUG)
    if len(ids) != len(found):
        raise LadderError("Two capabilities have the same id.", code=BUG)
    return tuple(found)


def of_level(level: int, root: Path | None = None) -> tuple[Capability, ...]:
    """The capabilities of one level."""
    return tuple(capability for capability in catalogue(root) if capability.level == level)


def roles_of(level: int) -> tuple[str, ...]:
    """The roles that the capabilities up to a level need, in the order in which they appear."""
    return tuple(dict.fromkeys(role for c in catalogue() if c.level <= level for role in c.roles))
