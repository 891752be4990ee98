"""Assessments made by hand, for the tests of what is told of them."""

from __future__ import annotations

from typing import Any

from mlops_ladder.assess.catalogue import Capability
from mlops_ladder.assess.judge import Assessment, Finding
from mlops_ladder.assess.road import Road, Stretch


def capability(name: str, level: int = 1, **more: Any) -> Capability:
    """A capability that is required unless said otherwise."""
    given = {
        "area": "data", "track": "mlops", "stage": "training", "title": f"Title of {name}", "sources": ("own",),
        "tools": ("DVC",), "roles": ("ML engineer",), "effort_days": (1, 2), "costs": ("people",), "required": True,
    }  # fmt: skip
    return Capability(name, level, **(given | more))


def finding(name: str, status: str = "met", level: int = 1, note: str = "", **more: Any) -> Finding:
    """What became of such a capability: met at `NAME.py:1`, or missing with the advice "Do NAME."."""
    evidence = (f"{name}.py:1",) if status == "met" else ()
    advice = f"Do {name}." if status == "missing" else ""
    return Finding(capability(name, level, **more), status, evidence, note, advice)  # type: ignore[arg-type]


def assessment(*findings: Finding, level: int = 1, **more: Any) -> Assessment:
    """An assessment with these findings, of a repository at a level."""
    given = {"tracks": {"mlops": level}, "areas": {"data": level}, "at_most": level}
    return Assessment(level=level, findings=findings, **(given | more))


def road(*capabilities: Capability, brought: bool = False) -> Road:
    """The road from level 1 to level 2, with a step for each."""
    return Road(1, 2, tuple(Stretch(c, "", f"Do {c.id}.", brought) for c in capabilities))
