"""The reference pages and tables that are generated from the catalogue."""

from __future__ import annotations

from mlops_ladder.assess.catalogue import Capability, of_level
from mlops_ladder.assess.reports.markdown import cell, table
from mlops_ladder.assess.vocabulary import AREAS, SOURCES
from mlops_ladder.project.layers import LEVELS, available, read_level

NAMES = {"mlops": "MLOps", "llmops": "LLMOps", "both": "both"}


def capabilities_page(advice: dict[str, str]) -> str:
    """`docs/reference/capabilities.md`: every capability with its check's advice."""
    lines = [
        "# Capabilities",
        "",
        "Generated from the `capabilities.toml` files and the checks by `tools/reference.py`; do not edit.",
        "",
        "A level is reached when its **required** capabilities, and those of the levels below, are met or do not",
        "apply. All others are the profile. The placement on levels is ours, from the models whose tags are given:",
        "",
        *(f"- `{tag}`: {name}" for tag, name in SOURCES.items()),
        "",
    ]
    for number in LEVELS:
        level = read_level(number)
        lines += [f"## Level {number}: {level.name}", "", level.test, ""]
        for capability in sorted(of_level(number), key=lambda c: AREAS.index(c.area)):
            lines += _capability(capability, advice[capability.id])
    return "\n".join(lines)


def _capability(capability: Capability, advice: str) -> list[str]:
    low, high = capability.effort_days
    scores = f"; ML Test Score {', '.join(capability.ml_test_score)}" if capability.ml_test_score else ""
    needs = f" Needs {', '.join(f'`{need}`' for need in capability.needs)}." if capability.needs else ""
    return [
        f"### `{capability.id}`",
        "",
        f"{capability.title}." + (" **Required.**" if capability.required else ""),
        "",
        f"{advice}{needs}",
        "",
        f"- {capability.area}, {NAMES[capability.track]}; stage: {capability.stage}",
        f"- sources: {', '.join(capability.sources)}{scores}",
        f"- tools, one of a kind: {', '.join(capability.tools)}",
        f"- roles: {', '.join(capability.roles)}; {low:g} to {high:g} person-days (our estimate)",
        "",
    ]


def levels_table() -> str:
    """The levels in one table, for README."""
    rows, there = [], available()
    for number in LEVELS:
        level, own = read_level(number), of_level(number)
        counts = f"{len(own)}, {sum(c.required for c in own)} of them required"
        today = "yes" if number in there else "not yet"
        rows.append([f"{number} {level.name}", cell(level.test), counts, today])
    return "\n".join(table(["level", "you are there when", "capabilities", "generated today"], rows))
