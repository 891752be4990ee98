"""The assessment as one HTML file that needs no network: ladder, heat map, findings, road map."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from mlops_ladder.assess.costs import Cost
from mlops_ladder.assess.judge import Assessment, Finding
from mlops_ladder.assess.reports.text import MARKS, area_level, doubts, headline, tracks
from mlops_ladder.assess.road import BASIS, Road
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.project.layers import LEVELS, read_level

_STYLE = Path(__file__).with_name("report.css")
_SAID = {"not applicable": "does not apply"}  # the others are called what they are


def assessment_html(result: Assessment, name: str, plan: Road, cost: Cost | None = None) -> str:
    """The whole report. `name` is what the repository is called."""
    title = f"{name}: {headline(result)}"
    parts = [
        f"<h1>{escape(name)}</h1>",
        f'<p class="lead">{escape(headline(result))}</p>',
        _tracks(result),
        *(f"<p>{_prose(doubt)}</p>" for doubt in doubts(result)),
        "<main>",
        _section("The ladder", _ladder(result)),
        _section("Areas", _heat(result)),
        _section("Findings", _findings(result)),
        _section(f"Road to level {plan.goal}", road_html(plan, cost)),
        "</main>",
    ]
    return page(title, "\n".join(parts))


def page(title: str, body: str) -> str:
    """A self-contained page."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _section(title: str, body: str) -> str:
    anchor = title.lower().replace(" ", "-")
    return f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{escape(title)}</h2>\n{body}\n</section>'


def _tracks(result: Assessment) -> str:
    items = [f"<li>{line}</li>" for line in tracks(result)]
    return f'<ul class="tracks">{"".join(items)}</ul>'


def _ladder(result: Assessment) -> str:
    rungs = []
    for number in reversed(LEVELS):
        level = read_level(number)
        found = [f for f in result.findings if f.capability.level == number and f.capability.required]
        applying = [f for f in found if f.status != "not applicable"]
        met = sum(f.status == "met" for f in applying)
        state = "reached" if number <= result.level else "next" if number == result.level + 1 else "above"
        said = {"reached": "reached", "next": "next", "above": "not reached"}[state]
        rungs.append(
            f'<li class="{state}" value="{number}"><b>{number} {escape(level.name)}</b> '
            f'<span class="state">{said}, {met} of {len(applying)} required</span><br>{escape(level.test)}</li>'
        )
    return f'<ol class="ladder" reversed>{"".join(rungs)}</ol>'


def _heat(result: Assessment) -> str:
    head = "".join(f'<th scope="col">level {level}</th>' for level in LEVELS)
    rows = []
    for area in AREAS:
        if area not in result.areas:
            continue
        cells = []
        for level in LEVELS:
            met, all_of = result.counts(area, level)
            if not all_of:
                cells.append('<td class="none"><span class="unseen">nothing at this level</span></td>')
                continue
            shade = min(4, met * 4 // all_of)
            cells.append(f'<td class="heat{shade}">{met}<span class="of"> of {all_of}</span></td>')
        rows.append(f'<tr><th scope="row">{area}</th><td><b>{area_level(result, area)}</b></td>{"".join(cells)}</tr>')
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Areas by level"><table>'
        "<caption>Capabilities met, of those that apply</caption>"
        f'<thead><tr><th scope="col">area</th><th scope="col">its level</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _findings(result: Assessment) -> str:
    parts = []
    for level in LEVELS:
        found = [f for f in result.findings if f.capability.level == level and f.status != "not applicable"]
        if not found:
            continue
        met = sum(f.status == "met" for f in found)
        is_open = " open" if level == min(result.level + 1, LEVELS[-1]) else ""
        ordered = sorted(found, key=lambda f: (f.status == "met", not f.capability.required))
        parts.append(
            f'<details class="level"{is_open}><summary>Level {level}: {met} of {len(found)} met</summary>'
            f"{''.join(map(_finding, ordered))}</details>"
        )
    return "\n".join(parts)


def _finding(finding: Finding) -> str:
    capability = finding.capability
    required = ' <span class="tag">required</span>' if capability.required else ""
    rows = []
    if finding.evidence:
        places = "".join(f"<li><code>{escape(place)}</code></li>" for place in finding.evidence)
        rows.append(f"<p>Evidence</p><ul>{places}</ul>")
    if finding.note:
        rows.append(f"<p>Seen: {_prose(finding.note)}.</p>")
    if finding.advice:
        rows.append(f"<p>{_prose(finding.advice)}</p>")
    about = [f"{capability.area}, {capability.stage}", f"sources: {', '.join(capability.sources)}"]
    rows.append(f'<p class="about"><code>{capability.id}</code> · {escape(" · ".join(about))}</p>')
    mark, said = MARKS[finding.status], _SAID.get(finding.status, finding.status)
    kind = finding.status.replace(" ", "-")
    return (
        f'<details class="finding {kind}"><summary><span class="mark" aria-hidden="true">{mark}</span> '
        f'<span class="unseen">{said}: </span>{escape(capability.title)}{required}</summary>'
        f"{''.join(rows)}</details>"
    )


def _prose(text: str) -> str:
    """Text in which backticks mark code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def road_html(plan: Road, cost: Cost | None = None) -> str:
    """The steps of a plan, its roles and its costs."""
    if not plan.steps:
        return "<p>Nothing is missing.</p>"
    steps = []
    for step in plan.steps:
        low, high = step.capability.effort_days
        tags = '<span class="tag">required</span> ' if step.capability.required else ""
        tags += '<span class="tag">ladder up brings it</span>' if step.brought else ""
        steps.append(
            f"<li><b>{escape(step.capability.title)}</b> {tags}<br>{_prose(step.advice)}<br>"
            f'<span class="about">{low:g} to {high:g} person-days · {escape(", ".join(step.capability.roles))} · '
            f"tools, one of a kind: {escape(', '.join(step.capability.tools))}</span></li>"
        )
    low, high = plan.effort
    roles = "".join(
        f'<tr><th scope="row">{escape(role)}</th><td>{a:.1f} to {b:.1f}</td></tr>'
        for role, (a, b) in plan.roles.items()
    )
    return (
        f'<ol class="road">{"".join(steps)}</ol>'
        f"<p><b>{low:g} to {high:g} person-days.</b> {escape(BASIS)}</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Roles"><table><caption>Roles to name</caption>'
        '<thead><tr><th scope="col">role</th><th scope="col">person-days</th></tr></thead>'
        f"<tbody>{roles}</tbody></table></div>{_cost(plan, cost)}"
    )


def _cost(plan: Road, cost: Cost | None) -> str:
    drivers = ", ".join(plan.costs)
    if cost is None:
        return f"<p>Cost drivers: {escape(drivers)}. Amounts need your own rates: <code>ladder plan --rates</code>.</p>"
    rows = "".join(
        f'<tr><th scope="row">{line.driver}</th><td>{line.once[0]:,.0f} to {line.once[1]:,.0f}</td>'
        f"<td>{line.monthly[0]:,.0f} to {line.monthly[1]:,.0f}</td></tr>"
        for line in cost.lines
    )
    if cost.total is None:
        foot = f"<p>No total: {escape(', '.join(cost.empty))} is empty in the rates file.</p>"
    else:
        once, monthly = cost.total
        rows += (
            f'<tr class="total"><th scope="row">total</th><td>{once[0]:,.0f} to {once[1]:,.0f}</td>'
            f"<td>{monthly[0]:,.0f} to {monthly[1]:,.0f}</td></tr>"
        )
        foot = ""
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Cost"><table>'
        f"<caption>Cost in {escape(cost.currency or 'your currency')}, from your rates</caption>"
        '<thead><tr><th scope="col">driver</th><th scope="col">one-off</th><th scope="col">monthly</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{foot}"
    )
