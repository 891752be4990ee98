"""The ladder itself for a terminal, from the catalogue."""

from __future__ import annotations

from typing import Any

from mlops_ladder.assess.catalogue import Capability, of_level
from mlops_ladder.assess.reports.text import wrapped
from mlops_ladder.project.layers import LEVELS, Level, read_level


def ladder_text() -> str:
    """All rungs, the highest on top."""
    lines: list[str] = []
    for number in reversed(LEVELS):
        level = read_level(number)
        own = of_level(number)
        lines += [
            f"  ╫═══╫  {number}  {level.name}",
            *wrapped(level.test, "  ║   ║     "),
            f"  ║   ║     {len(own)} capabilities, {sum(c.required for c in own)} of them required",
        ]
    return "\n".join([*lines, "", "More: ladder levels N, ladder levels --diff A B"]) + "\n"


def level_text(number: int) -> str:
    """One rung with its capabilities, roles, tools, cost drivers and stages."""
    level, own = read_level(number), of_level(number)
    lines = [f"Level {number}: {level.name}", *wrapped(level.test, "  "), ""]
    for track, name in (("mlops", "MLOps"), ("both", "Both tracks"), ("llmops", "LLMOps")):
        hits = [c for c in own if c.track == track]
        if hits:
            lines += [f"{name} (* = required)"]
            for capability in hits:
                mark = "*" if capability.required else " "
                lines += wrapped(f"{capability.title} ({capability.id})", "    ", f"  {mark} ")
            lines += [""]
    return "\n".join([*lines, *_summary(own)]) + "\n"


def diff_text(low: int, high: int) -> str:
    """What climbing from one level to another adds."""
    own = tuple(c for n in range(low + 1, high + 1) for c in of_level(n))
    known = {role for n in LEVELS if n <= low for c in of_level(n) for role in c.roles}
    lines = [f"From level {low} to level {high}: {len(own)} capabilities", ""]
    for capability in own:
        mark = "*" if capability.required else " "
        lines += wrapped(f"{capability.level}  {capability.area}: {capability.title}", "      ", f"  {mark} ")
    new = [role for role in unique(own, "roles") if role not in known]
    return "\n".join([*lines, "", *_summary(own), *wrapped("New roles: " + (", ".join(new) or "none"), "  ")]) + "\n"


def _summary(own: tuple[Capability, ...]) -> list[str]:
    low, high = (sum(c.effort_days[i] for c in own) for i in (0, 1))
    return [
        *wrapped("Roles: " + ", ".join(unique(own, "roles")), "  "),
        *wrapped("Tools, of which one of a kind is enough: " + ", ".join(unique(own, "tools")), "  "),
        *wrapped("Cost drivers: " + ", ".join(unique(own, "costs")), "  "),
        *wrapped("Life cycle stages: " + ", ".join(unique_stages(own)), "  "),
        f"  Effort: {low:g} to {high:g} person-days (our estimates: one model, one team that knows the tools)",
    ]


def unique(own: tuple[Capability, ...], name: str) -> list[str]:
    """The values of a list field over several capabilities, each once."""
    return list(dict.fromkeys(value for c in own for value in getattr(c, name)))


def unique_stages(own: tuple[Capability, ...]) -> list[str]:
    """The stages of several capabilities, each once."""
    return list(dict.fromkeys(c.stage for c in own))


def level_dict(level: Level, own: tuple[Capability, ...]) -> dict[str, Any]:
    """A rung as JSON has it."""
    return {
        "number": level.number,
        "name": level.name,
        "test": level.test,
        "capabilities": [
            {
                "id": c.id, "area": c.area, "track": c.track, "stage": c.stage, "title": c.title,
                "required": c.required, "sources": list(c.sources), "ml_test_score": list(c.ml_test_score),
                "tools": list(c.tools), "roles": list(c.roles), "needs": list(c.needs),
                "effort_days": list(c.effort_days), "costs": list(c.costs),
            }
            for c in own
        ],
        "roles": unique(own, "roles"),
        "tools": unique(own, "tools"),
        "costs": unique(own, "costs"),
        "stages": unique_stages(own),
    }  # fmt: skip
