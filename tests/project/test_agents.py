"""AGENTS.md says what the Makefile, the catalogue and the modules say, at every level: it cannot say anything else."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

import pytest

from mlops_ladder.project.layers import level_folder, numbers, templates_root
from support import agents
from support.cases import Case, kinds
from support.shapes import project

every = pytest.mark.parametrize("case", [Case("flights", *kind, "late-flights") for kind in kinds()], ids=str)
TAKES = ("seconds", "a minute", "minutes", "until Ctrl-C")


def files(case: Case) -> dict[str, str]:
    made = project(case.shape, case.level, case.variant, case.name)
    return {path: made.tree[path].content.decode() if path in made.tree else "" for path in made.files}


def page(case: Case) -> str:
    return files(case)["AGENTS.md"]


@every
def test_it_lists_the_verbs_of_the_makefile_in_their_order_and_words(case: Case) -> None:
    verbs = re.findall(r"^([a-z-]+):.*?## (.*)$", files(case)["Makefile"], re.MULTILINE)

    assert len(verbs) > 8
    assert [(row.verb, row.what) for row in agents.rows(page(case))] == verbs
    assert {row.takes for row in agents.rows(page(case))} <= set(TAKES)


@every
def test_it_says_what_the_level_stands_on_in_the_words_of_the_catalogue(case: Case) -> None:
    text = page(case)
    section = text[text.index("## What holds") : text.index("## Never")]
    bullets = " ".join(section.split("\n", 1)[1].split())
    found = re.split(r"; |\. - |\.$", re.sub(r" \([^()]*\)", "", bullets).removeprefix("- "))

    assert [one.lower() for one in found if one] == [one.lower() for one in _required(case)]


def _required(case: Case) -> list[str]:
    """The titles of what is required up to a level, of projects without a language model."""
    return [
        capability["title"]
        for number in numbers(templates_root())
        if number <= case.level
        for capability in tomllib.loads((level_folder(number) / "capabilities.toml").read_text("utf-8"))["capability"]
        if capability.get("required") and capability["track"] != "llmops"
    ]


@every
def test_every_module_has_its_place_and_every_place_is_there(case: Case) -> None:
    """What is no verb of a name of its own is named with what it is for; no name leads nowhere."""
    text, there = page(case), files(case)
    modules = {path.split("/", 2)[2] for path in there if path.startswith("src/") and not path.endswith("__init__.py")}
    named = set(re.findall(r"`([\w./-]+\.\w+)`", text))
    verbs = {f"{row.verb}.py" for row in agents.rows(text)}
    folders = {PurePosixPath(module).parts[0] for module in modules if "/" in module}

    assert {module for module in modules if "/" not in module} <= named | verbs
    assert {one for one in folders if not any(name.startswith(f"{one}/") for name in named)} == set()
    written = {"dvc.lock", "mlflow.db", "reports/metrics.json", "uv.lock"}
    assert named - written - modules - there.keys() <= {"trusted_keys"}


@every
def test_it_is_short(case: Case) -> None:
    text = page(case)

    assert len(text.splitlines()) <= 45 + 10 * (case.level - 1)
    assert max(map(len, text.splitlines())) <= 130
