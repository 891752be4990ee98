"""The plan for a terminal and as Markdown."""

from __future__ import annotations

from mlops_ladder.assess.costs import Cost, Range
from mlops_ladder.assess.reports.markdown import cell, table
from mlops_ladder.assess.reports.text import wrapped
from mlops_ladder.assess.road import BASIS, Road, Stretch


def road_text(plan: Road, cost: Cost | None, people: dict[str, str]) -> str:
    """The road map, step by step."""
    lines = [f"From level {plan.level} to level {plan.goal}: {len(plan.steps)} steps", ""]
    for number, step in enumerate(plan.steps, 1):
        low, high = step.capability.effort_days
        mark = "*" if step.capability.required else " "
        lines += [f"{number:>3}. {mark} {step.capability.title}  [{low:g} to {high:g} days]"]
        for text in (_brought(step), step.advice, f"Tools, one of a kind: {', '.join(step.capability.tools)}"):
            lines += wrapped(text, "       ")
    low, high = plan.effort
    lines += ["", "* = the level stands on it", "", f"Effort: {low:g} to {high:g} person-days"]
    lines += wrapped(BASIS, "  ")
    lines += ["", "Roles to name:"]
    lines += [
        f"  {role:<24} {a:.1f} to {b:.1f} days   {people.get(role, 'unassigned')}"
        for role, (a, b) in plan.roles.items()
    ]
    lines += ["", *_cost_lines(plan, cost)]
    return "\n".join(lines) + "\n"


def road_markdown(plan: Road, cost: Cost | None, people: dict[str, str]) -> str:
    """The same as Markdown."""
    rows = [
        [
            str(number),
            cell(step.capability.title) + (" (required)" if step.capability.required else ""),
            "{:g} to {:g}".format(*step.capability.effort_days),
            cell(", ".join(step.capability.roles)),
            cell(", ".join(step.capability.tools)),
            cell(_brought(step)),
            cell(step.advice),
        ]
        for number, step in enumerate(plan.steps, 1)
    ]
    low, high = plan.effort
    head = ["", "capability", "person-days", "roles", "tools, one of a kind", "", "advice"]
    roles = [
        [cell(role), f"{a:.1f} to {b:.1f}", cell(people.get(role, "unassigned"))] for role, (a, b) in plan.roles.items()
    ]
    return "\n".join(
        [
            f"# From level {plan.level} to level {plan.goal}", "", *table(head, rows), "",
            f"**{low:g} to {high:g} person-days.** {BASIS}", "", "## Roles to name", "",
            *table(["role", "person-days", "who"], roles), "", "## Cost", "", *_cost_lines(plan, cost), "",
        ]
    )  # fmt: skip


def _brought(step: Stretch) -> str:
    return "`ladder up` brings its files." if step.brought else ""


def _cost_lines(plan: Road, cost: Cost | None) -> list[str]:
    if cost is None:
        return [f"Cost drivers: {', '.join(plan.costs)}", "Amounts need your own rates: ladder plan --rates FILE"]
    lines = [f"Cost in {cost.currency or 'your currency'}, from your rates (one-off; monthly):"]
    lines += [f"  {line.driver:<12} {_range(line.once)}; {_range(line.monthly)}" for line in cost.lines]
    if cost.total is None:
        return [*lines, f"  No total: {', '.join(cost.empty)} is empty in the rates file."]
    once, monthly = cost.total
    return [*lines, f"  {'total':<12} {_range(once)}; {_range(monthly)}"]


def _range(pair: Range) -> str:
    return f"{pair[0]:,.0f} to {pair[1]:,.0f}"
