from __future__ import annotations

import json
import time

import pytest

from mlops_ladder.assess.assess import assess_tree
from mlops_ladder.facts.evidence import Place, line_number
from mlops_ladder.project.tree import File
from support.budget import slowness
from support.facts import facts_of, marked


def test_a_place_is_its_text_and_knows_its_parts() -> None:
    place = Place("a/b.py", 7)

    assert (place, place.path, place.line) == ("a/b.py:7", "a/b.py", 7)
    assert json.dumps([place]) == '["a/b.py:7"]'
    assert {"a/b.py:7": 1}[place] == 1
    assert Place("x") == "x:1"


@pytest.mark.parametrize(("position", "line"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_positions_into_lines(position: int, line: int) -> None:
    assert line_number("a\n\nb", position) == line
    assert Place.at("x", "a\n\nb", position) == f"x:{line}"


WORKFLOW = """\
    # pytest runs in this workflow
    name: pytest
    on: pull_request
    jobs:
      test:
        steps:
        - uses: actions/checkout@v4
        - name: pytest and what it needs
          run: |
            pip install -r requirements.txt  # not pytest itself

            pytest  # HERE
    """


def test_a_finding_of_assess_cites_the_command_and_not_the_first_place_that_has_its_name() -> None:
    texts = {
        ".github/workflows/ci.yml": WORKFLOW,
        "requirements.txt": "pytest\n",
        "half.py": "def half(x):\n    return x / 2\n",
        "test_half.py": "from half import half\n\n\ndef test_half():\n    assert half(2) == 1\n",
    }
    source = facts_of(texts).files.source
    tree = {path: File(source.read(path, 10_000) or b"") for path in source.paths()}
    finding = next(f for f in assess_tree(tree).findings if f.capability.id == "ci-tests")

    assert f".github/workflows/ci.yml:{marked(WORKFLOW)}" in finding.evidence


def test_the_lines_of_many_places_in_a_large_text_take_little_time() -> None:
    text = "f(\n" * 200_000
    start = time.process_time()
    lines = [line_number(text, position) for position in range(0, len(text), 3)]

    assert lines == list(range(1, 200_001))
    assert time.process_time() - start < 2 * slowness()
