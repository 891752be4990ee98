"""The pages that are generated from the catalogue."""

from __future__ import annotations

import pytest

from mlops_ladder.assess.catalogue import catalogue, of_level
from mlops_ladder.assess.reports.reference import capabilities_page, levels_table
from mlops_ladder.assess.vocabulary import AREAS, SOURCES
from mlops_ladder.project.layers import LEVELS, available, read_level

ADVICE = {capability.id: f"Do {capability.id}." for capability in catalogue()}


def test_every_capability_has_a_section_below_its_level_in_the_order_of_the_areas() -> None:
    lines = capabilities_page(ADVICE).splitlines()
    assert lines[0] == "# Capabilities"
    assert "do not edit" in lines[2]
    wanted: list[str] = []
    for number in LEVELS:
        wanted.append(f"## Level {number}: {read_level(number).name}")
        wanted += [f"### `{c.id}`" for c in sorted(of_level(number), key=lambda c: AREAS.index(c.area))]

    assert [line for line in lines if line.startswith(("## ", "### "))] == wanted
    assert [line for line in lines if line.startswith("- `")] == [f"- `{tag}`: {name}" for tag, name in SOURCES.items()]


def test_what_a_section_says() -> None:
    found = next(c for c in catalogue() if c.required and c.needs and c.ml_test_score and c.track == "mlops")
    low, high = found.effort_days
    needs = ", ".join(f"`{need}`" for need in found.needs)

    assert (
        section(found.id)
        == f"""\
{found.title}. **Required.**

Do {found.id}. Needs {needs}.

- {found.area}, MLOps; stage: {found.stage}
- sources: {", ".join(found.sources)}; ML Test Score {", ".join(found.ml_test_score)}
- tools, one of a kind: {", ".join(found.tools)}
- roles: {", ".join(found.roles)}; {low:g} to {high:g} person-days (our estimate)"""
    )


def section(name: str) -> str:
    """What stands below the heading of a capability."""
    return capabilities_page(ADVICE).split(f"### `{name}`\n")[1].split("\n##")[0].strip()


@pytest.mark.parametrize(("track", "shown"), [("llmops", "LLMOps"), ("both", "both")])
def test_a_section_that_has_less_to_say(track: str, shown: str) -> None:
    found = next(c for c in catalogue() if c.track == track and not (c.required or c.needs or c.ml_test_score))
    text = section(found.id)

    assert text.startswith(f"{found.title}.\n\nDo {found.id}.\n\n- {found.area}, {shown}; stage: {found.stage}\n")
    assert f"- sources: {', '.join(found.sources)}\n" in text


def test_a_capability_without_advice_is_no_page() -> None:
    with pytest.raises(KeyError, match="training"):
        capabilities_page({name: text for name, text in ADVICE.items() if name != "training"})


def test_the_levels_in_one_table() -> None:
    rows = [row.split(" | ") for row in levels_table().splitlines()[2:]]

    assert [row[0] for row in rows] == [f"| {number} {read_level(number).name}" for number in LEVELS]
    assert [row[3] == "yes |" for row in rows] == [number in available() for number in LEVELS]
    assert levels_table().splitlines()[0] == "| level | you are there when | capabilities | generated today |"
    assert {row[3] for row in rows} <= {"yes |", "not yet |"}
    own = of_level(2)
    assert rows[1][2] == f"{len(own)}, {sum(c.required for c in own)} of them required"
