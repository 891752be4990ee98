"""The words of the catalogue: each used, and each written once."""

from __future__ import annotations

import pytest

from mlops_ladder.assess import vocabulary
from mlops_ladder.assess.catalogue import catalogue


@pytest.mark.parametrize(
    ("words", "field"),
    [("AREAS", "area"), ("STAGES", "stage"), ("ROLES", "roles"), ("TOOLS", "tools"), ("COSTS", "costs")],
)
def test_every_word_of_the_vocabulary_is_used(words: str, field: str) -> None:
    values = [getattr(capability, field) for capability in catalogue()]
    used = {word for value in values for word in (value if isinstance(value, tuple) else (value,))}
    # Moving from what one has is a cost of the road, of no capability in particular.
    assert used | ({"migration"} if words == "COSTS" else set()) == set(getattr(vocabulary, words))


@pytest.mark.parametrize("words", ["AREAS", "STAGES", "ROLES", "TOOLS", "COSTS", "SOURCES"])
def test_a_word_has_one_spelling(words: str) -> None:
    found = list(getattr(vocabulary, words))

    assert len({word.casefold().replace("-", " ") for word in found}) == len(found)
    assert [word for word in found if word != word.strip()] == []


def test_every_source_is_named_by_some_capability() -> None:
    tags = {tag for capability in catalogue() for tag in capability.sources}

    assert [tag for tag in vocabulary.SOURCES if not any(used == tag or used.startswith(tag) for used in tags)] == []


def test_a_cost_has_a_table_of_its_own_whose_name_needs_no_quotes() -> None:
    tables = [driver.table for driver in vocabulary.COSTS.values()]

    assert len(set(tables)) == len(tables)
    assert [table for table in tables if not table.isidentifier()] == []
