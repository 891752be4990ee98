"""The assessment as Markdown, for a pull request or a job summary."""

from __future__ import annotations

from mlops_ladder.assess.judge import Assessment
from mlops_ladder.assess.reports.text import MARKS, area_level, doubts, headline, tracks
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.project.layers import LEVELS


def cell(text: str) -> str:
    """Text inside a table: nothing in it may end the cell or become markup."""
    for character in "\\`*_{}[]<>|#!~":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]


def assessment_markdown(result: Assessment) -> str:
    """Level, areas and findings."""
    lines = [f"# {headline(result)}", ""]
    lines += [f"- {line}" for line in tracks(result)]
    lines += ["", *(cell(doubt) for doubt in doubts(result))] if doubts(result) else []
    rows = []
    for area in AREAS:
        if area in result.areas:
            counts = [result.counts(area, level) for level in LEVELS]
            rows.append([area, area_level(result, area), *(f"{met}/{n}" if n else "" for met, n in counts)])
    lines += ["", "## Areas", "", *table(["area", "level", *(f"level {n}" for n in LEVELS)], rows), ""]
    for level in LEVELS:
        found = [f for f in result.findings if f.capability.level == level and f.status != "not applicable"]
        if not found:
            continue
        lines += [f"## Level {level}", ""]
        body = [
            [
                MARKS[f.status],
                cell(f.capability.title) + (" (required)" if f.capability.required else ""),
                cell("; ".join(f.evidence) or f.note or ""),
                cell(f.advice),
            ]
            for f in sorted(found, key=lambda f: (not f.capability.required, f.capability.area))
        ]
        lines += [*table(["", "capability", "evidence", "advice"], body), ""]
    return "\n".join(lines)
