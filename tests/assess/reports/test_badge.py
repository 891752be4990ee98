"""A badge says the level, and a plus where it may be higher."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from assess.reports.test_html import contrast
from mlops_ladder.assess.reports.badge import COLOURS, badge_json, badge_svg
from mlops_ladder.project.layers import LEVELS
from support.assessments import assessment


@pytest.mark.parametrize(("level", "at_most", "said"), [(0, 0, "0 of 5"), (3, 3, "3 of 5"), (1, 4, "1+ of 5")])
def test_the_level(level: int, at_most: int, said: str) -> None:
    result = assessment(level=level, at_most=at_most)
    value = json.loads(badge_json(result))

    assert value == {"schemaVersion": 1, "label": "MLOps level", "message": said, "color": COLOURS[level][1:]}
    svg = ET.fromstring(badge_svg(result))
    assert svg.get("aria-label") == f"MLOps level {said}"
    assert [node.text for node in svg.iter() if node.text] == [f"MLOps level {said}", "MLOps level", said]
    assert [node.get("fill") for node in svg.iter() if node.tag.endswith("rect")] == ["#444", COLOURS[level]]


def test_every_level_has_a_colour_that_white_letters_stand_out_from() -> None:
    assert len(set(COLOURS)) == len(COLOURS) == len(LEVELS) + 1
    assert [colour for colour in COLOURS if contrast(colour, "#ffffff") < 4.5] == []
