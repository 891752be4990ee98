"""The catalogue: complete in itself, and a capability that is described wrongly is refused with the way out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from mlops_ladder.assess import vocabulary
from mlops_ladder.assess.catalogue import Capability, catalogue
from mlops_ladder.assess.costs import cost_of, example
from mlops_ladder.assess.road import Road, Stretch
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.project.layers import LEVELS, templates_root

GOOD: dict[str, Any] = {
    "id": "feature-store",
    "area": "data",
    "track": "mlops",
    "stage": "data preparation",
    "title": "Features are kept in a store",
    "sources": ["K:C4", "own"],
    "tools": ["Feast"],
    "roles": ["data engineer"],
    "effort_days": [2, 5.5],
    "costs": ["people", "LLM tokens"],
}


def read(root: Path, *capabilities: dict[str, Any], level: int = 4) -> tuple[Capability, ...]:
    """A catalogue with nothing but these, at one level."""
    for number in LEVELS:
        (root / f"level{number}").mkdir(exist_ok=True)
        entries = list(capabilities) if number == level else []
        (root / f"level{number}/capabilities.toml").write_text(tomli_w.dumps({"capability": entries}))
    catalogue.cache_clear()
    return catalogue(root)


def refused(root: Path, *capabilities: dict[str, Any]) -> str:
    with pytest.raises(LadderError) as caught:
        read(root, *capabilities)
    assert caught.value.code == BUG
    assert caught.value.hint
    return caught.value.message


def test_a_good_one_is_read(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD)
    assert (found.id, found.level, found.required, found.needs) == ("feature-store", 4, False, ())
    assert found.effort_days == (2, 5.5)


def test_all_missing_keys_are_named_at_once_each_with_what_to_write(tmp_path: Path) -> None:
    message = refused(tmp_path, {"id": "feature-store", "title": "Features", "required": False})
    first, *lines = message.splitlines()

    assert first == f"{tmp_path}/level4/capabilities.toml, capability feature-store:"
    assert {line.split(":")[0].strip() for line in lines} == set(GOOD) - {"id", "title"}
    assert all("is missing; write " in line for line in lines)
    assert "  roles: is missing; write a list of texts in quotes: one of approver, data engineer," in message


def test_one_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    assert "capabilities.toml, capability number 2:" in refused(tmp_path, GOOD, {"title": "Features"})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("id", "Feature Store", "'Feature Store' is not known; use words of small letters"),
        ("area", "dat", "'dat' is not known; did you mean 'data'?"),
        ("area", "kitchen", "'kitchen' is not known; use one of ci, data,"),
        ("track", "ml", "'ml' is not known; use one of both, llmops, mlops"),
        ("stage", "cooking", "'cooking' is not known; use one of data collection,"),
        ("title", 3, "3 is of the wrong type; write a text in quotes"),
        ("title", "", "'' is of the wrong type"),
        ("sources", ["Z9"], "'Z9' is not known; use a tag of G, M, L"),
        ("sources", [], "[] is of the wrong type; write a list of texts in quotes"),
        ("tools", "Feast", "'Feast' is of the wrong type; write a list of texts in quotes"),
        ("tools", ["Feest"], "'Feest' is not known; did you mean 'Feast'?"),
        ("tools", ["Zzyzx"], "or add it to TOOLS in assess/vocabulary.py"),
        ("roles", ["data engineers"], "'data engineers' is not known; did you mean 'data engineer'?"),
        ("roles", ["cook"], "or add it to ROLES in assess/vocabulary.py"),
        ("effort_days", [5, 2], "[5, 2] is of the wrong type; write two numbers of person-days, the lower first"),
        ("effort_days", [True, 2], "is of the wrong type"),
        ("effort_days", 3, "3 is of the wrong type"),
        ("costs", ["llm_tokens"], "'llm_tokens' is not known; did you mean 'LLM tokens'?"),
        ("required", "yes", "'yes' is of the wrong type; write true or false"),
        ("ml_test_score", ["D9"], "'D9' is not known; use a test of the ML Test Score"),
        ("needs", ["feature-stores"], "'feature-stores' is not known; did you mean 'feature-store'?"),
        ("effort", [1, 2], "is no key of a capability; did you mean effort_days?"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_the_way_out(tmp_path: Path, key: str, value: Any, said: str) -> None:
    message = refused(tmp_path, GOOD | {key: value})
    assert f"\n  {key}: " in message
    assert said in message


def test_two_of_one_id_and_a_need_of_a_higher_level_are_refused(tmp_path: Path) -> None:
    assert "id: another capability has it already" in refused(tmp_path, GOOD, GOOD)

    read(tmp_path, GOOD)
    (tmp_path / "level2/capabilities.toml").write_text(
        tomli_w.dumps({"capability": [GOOD | {"id": "b", "needs": ["feature-store"]}]})
    )
    catalogue.cache_clear()
    with pytest.raises(
        LadderError, match=r"level2/capabilities\.toml, capability b:\n  needs: 'feature-store' belongs"
    ):
        catalogue(tmp_path)


@pytest.mark.parametrize("text", ["[", "[[capabilities]]\nid = 'a'\n", "capability = 3\n", "capability = [3]\n"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    read(tmp_path)
    (tmp_path / "level1/capabilities.toml").write_text(text)
    catalogue.cache_clear()
    with pytest.raises(LadderError, match=r"level1/capabilities\.toml"):
        catalogue(tmp_path)


def test_every_level_has_capabilities_and_some_that_it_stands_on() -> None:
    for level in LEVELS:
        assert any(c.required for c in catalogue() if c.level == level)


def test_level_files_hold_no_capabilities() -> None:
    for level in LEVELS:
        assert "capability" not in tomllib.loads((templates_root() / f"level{level}/level.toml").read_text("utf-8"))


def test_the_rates_file_has_a_table_for_every_cost_and_names_it_as_the_plan_does(tmp_path: Path) -> None:
    capability = Capability(level=4, **{k: tuple(v) if isinstance(v, list) else v for k, v in GOOD.items()})
    plan = Road(3, 4, (Stretch(capability, "", "", brought=False),))
    text = example().replace("rate = []", "rate = 1").replace("monthly = []", "monthly = 2")
    (tmp_path / "rates.toml").write_text(text)

    assert {line.driver for line in cost_of(plan, tmp_path / "rates.toml").lines} == set(vocabulary.COSTS)
    assert set(plan.costs) == {"people", "LLM tokens"}
