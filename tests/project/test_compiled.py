"""The templates as the build compiles them, beside what Jinja makes of their text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hatch_build import compiled

from mlops_ladder.project import render as rendering
from mlops_ladder.project.answers import every_choice
from mlops_ladder.project.layers import available
from support.repos import ANSWERS, templates
from support.shapes import SHAPES, project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built() -> dict[str, object]:
    """What a build would ship now; the one in the checkout may be older."""
    namespace: dict[str, object] = {}
    exec(compile(compiled(ROOT), "compiled.py", "exec"), namespace)
    found = namespace["TEMPLATES"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_both_ways_give_the_same_bytes(built: dict[str, object], shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [project(shape).answers.choosing(**choices) for choices in every_choice()]
    made = []
    for known in (built, {}):
        monkeypatch.setattr(rendering, "_by_the_build", lambda known=known: known)
        made.append([rendering.render(one, level) for one in answers for level in available()])

    assert made[0] == made[1]


def test_with_a_build_nothing_is_left_to_jinja(built: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the build cannot translate would cost every start the import of Jinja: translate it, or write it simpler."""
    monkeypatch.setattr(rendering, "_by_the_build", lambda: built)
    monkeypatch.setattr(rendering, "_by_jinja", lambda _, name, __: pytest.fail(f"{name} was left to Jinja"))
    for choices in every_choice():
        rendering.render(ANSWERS.choosing(**choices), max(available()))


def test_a_template_edited_since_the_build_counts_at_once(
    built: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_by_the_build", lambda: built)
    root = templates(tmp_path, {"level1/files/Makefile.jinja": "{% if True %}edited{% endif %}\n"})

    assert rendering.render(ANSWERS, 1, root)["Makefile"].content == b"edited"


def test_an_install_has_its_templates_compiled() -> None:
    code = "from mlops_ladder.project.compiled import TEMPLATES; print(len(TEMPLATES))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert int(done.stdout) > 10, done.stderr
