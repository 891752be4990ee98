"""The assessment for a terminal: legible without colour."""

from __future__ import annotations

import textwrap

from mlops_ladder.assess.judge import Assessment, Finding
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.project.layers import LEVELS, read_level

MARKS = {"met": "✓", "missing": "✗", "not applicable": "-", "not seen": "?", "not judged": "?"}
TRACK_NAMES = {"mlops": "MLOps", "llmops": "LLMOps"}
WIDTH = 100


def assessment_text(result: Assessment) -> str:
    """The overall level, the levels by track and area, and what the next level needs."""
    lines = [headline(result), ""]
    lines += [f"  {line}" for line in tracks(result)]
    lines += ["", *_areas(result), ""]
    lines += [line for doubt in doubts(result) for line in [*wrapped(doubt), ""]]
    following = result.level + 1
    if following in LEVELS:
        missing = [f for f in result.missing(following) if f.capability.required]
        lines += [f"Level {following} needs:", ""] if missing else []
        lines += [line for finding in missing for line in _finding(finding)]
        unseen = result.not_seen(following)
        lines += [f"Level {following} needs what was not seen and may be there:", ""] if unseen else []
        lines += [line for finding in unseen for line in _finding(finding)]
    later = [f for f in result.findings if f.status == "missing" and f.capability.level <= max(result.level, 1)]
    rest = [f for f in later if not f.capability.required]
    if rest:
        lines += ["", f"Missing at level {max(result.level, 1)} and below, without counting for the level:"]
        lines += [f"  ✗ {f.capability.title} ({f.capability.id})" for f in rest]
    ahead = [f for f in result.findings if f.status == "met" and f.capability.level > following]
    if ahead:
        lines += ["", f"Already there, above level {following}:"]
        lines += [f"  ✓ {f.capability.title}: {_first(f)}" for f in ahead]
    return "\n".join(lines).rstrip() + "\n"


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Text in lines of the width; no id, path or option is broken at its hyphens."""
    begun = indent if first is None else first
    return textwrap.wrap(text, WIDTH, initial_indent=begun, subsequent_indent=indent, break_on_hyphens=False)


def doubts(result: Assessment) -> list[str]:
    """What an assessment could not do, one sentence each: what was not looked at, checks that failed."""
    return not_looked_at(result) + [
        f"{finding.note}. This is a bug of ladder, not of the repository: {finding.capability.title!r} is not judged."
        for finding in result.errors
    ]


def not_looked_at(result: Assessment) -> list[str]:
    """What was not looked at, as one sentence and what follows from it; nothing where all was."""
    if not result.unseen:
        return []
    parts = []
    for why, paths in result.unseen_by_reason.items():
        name = "the repository" if paths[0] == "." else _shortened(paths[0])
        parts.append(f"{name} {why}" + (f", and {len(paths) - 1:,} more like it" if len(paths) > 1 else ""))
    said = "; ".join(parts)
    return [f"Not all was looked at: {said}. What was not found is therefore not seen, and not called missing."]


def _shortened(path: str) -> str:
    return path if len(path) <= WIDTH else f"{path[: WIDTH // 2]} ... {path[-WIDTH // 2 :]}"


def headline(result: Assessment) -> str:
    """Level and name; that the first is not reached; or what is certain when something is open."""
    if not result.certain:
        failed = ", ".join(finding.capability.id for finding in result.errors)
        least = f"At least level {result.level} of {LEVELS[-1]}"
        why = f"a check failed ({failed})" if failed else "not all was looked at"
        return f"{least}, at most {result.at_most}: not certain, for {why}"
    if result.level == 0:
        return f"Level 0 of {LEVELS[-1]}: level {LEVELS[0]} is not reached"
    return f"Level {result.level} of {LEVELS[-1]}: {read_level(result.level).name}"


def tracks(result: Assessment) -> list[str]:
    """Each track in use, with its level."""
    return [f"{TRACK_NAMES[track]}: level {level}{_plus(result, track)}" for track, level in result.tracks.items()]


def area_level(result: Assessment, area: str) -> str:
    """The level of an area; `2+` where something of it could not be judged."""
    return f"{result.areas[area]}{_plus(result, area)}"


def _plus(result: Assessment, part: str) -> str:
    """A plus where the level of a track or an area may be higher, for something of it is open."""
    still_open = (f.capability for f in result.findings if f.status in ("not seen", "not judged"))
    return "+" if any(c.area == part or (c.required and c.counts_for(part)) for c in still_open) else ""


def _areas(result: Assessment) -> list[str]:
    head = f"  {'area':<16} {'level':>5}   " + "  ".join(f"{level:^5}" for level in LEVELS)
    rows = [head.rstrip()]
    for area in AREAS:
        if area not in result.areas:
            continue
        cells = []
        for level in LEVELS:
            met, all_of = result.counts(area, level)
            cells.append(f"{met}/{all_of}" if all_of else "")
        row = f"  {area:<16} {area_level(result, area):>5}   " + "  ".join(f"{cell:^5}" for cell in cells)
        rows.append(row.rstrip())
    return [*rows, "  (capabilities met / of those that apply, by level)"]


def _finding(finding: Finding) -> list[str]:
    lines = [f"  {MARKS[finding.status]} {finding.capability.title} ({finding.capability.id})"]
    if finding.note:
        lines += wrapped(finding.note if finding.status == "not seen" else f"seen: {finding.note}", "      ")
    lines += wrapped(finding.advice, "      ")
    return lines


def _first(finding: Finding) -> str:
    return finding.evidence[0] if finding.evidence else finding.note
