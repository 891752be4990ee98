"""What a plan costs by the user's own rates: products of ranges, and no total while something is empty."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlops_ladder.assess.costs import Cost, Line, cost_of, example
from mlops_ladder.assess.vocabulary import COSTS
from mlops_ladder.errors import LadderError
from support.assessments import capability, road

PLAN = road(capability("a", effort_days=(2, 5)))


def cost(folder: Path, text: str) -> Cost:
    (folder / "rates.toml").write_text(text, "utf-8")
    return cost_of(PLAN, folder / "rates.toml")


@pytest.mark.parametrize(
    ("body", "once", "monthly"),
    [
        ("rate = 100\nonce = 3\nmonthly = 2", (300, 300), (200, 200)),
        ("rate = [100, 200]\nonce = [1, 4]", (100, 800), (0, 0)),
        ("rate = 10\nmonthly = [0, 0.5]", (0, 0), (0, 5)),
    ],
)
def test_a_rate_times_a_quantity(tmp_path: Path, body: str, once: object, monthly: object) -> None:
    found = cost(tmp_path, f'currency = "EUR"\n[storage]\n{body}\n')

    assert found.lines == (Line("storage", once, monthly),)  # type: ignore[arg-type]
    assert (found.currency, found.empty, found.total) == ("EUR", (), (once, monthly))


def test_people_who_are_not_counted_are_those_of_the_plan(tmp_path: Path) -> None:
    assert cost(tmp_path, "[people]\nrate = [10, 20]\n").lines == (Line("people", (20, 100), (0, 0)),)
    assert cost(tmp_path, "[people]\nrate = 10\nonce = 1\n").lines == (Line("people", (10, 10), (0, 0)),)


def test_a_total_is_the_sum_of_all_lines(tmp_path: Path) -> None:
    text = 'currency = "EUR"\n[storage]\nrate = 2\nmonthly = [1, 3]\n[llm_tokens]\nrate = 5\nonce = 1\nmonthly = 2\n'
    found = cost(tmp_path, text)

    assert [line.driver for line in found.lines] == ["storage", "LLM tokens"]
    assert found.total == ((5, 5), (12, 16))
    assert found.as_dict() == {
        "currency": "EUR", "empty": [], "total": {"once": [5, 5], "monthly": [12, 16]},
        "lines": [
            {"driver": "storage", "once": [0, 0], "monthly": [2, 6]},
            {"driver": "LLM tokens", "once": [5, 5], "monthly": [10, 10]},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ('currency = "EUR"\n[storage]\nrate = 1\n', ("storage.once and storage.monthly",)),
        ('currency = "EUR"\n[storage]\nonce = 1\n', ("storage.rate",)),
        ('currency = "EUR"\n[people]\n', ("people.rate",)),
        ("[storage]\nrate = 1\nonce = 1\n", ("currency",)),
        ("currency = 3\n[storage]\nrate = ''\nonce = 1\n", ("storage.rate", "currency")),
    ],
)
def test_there_is_no_total_while_something_is_empty(tmp_path: Path, text: str, empty: tuple[str, ...]) -> None:
    found = cost(tmp_path, text)

    assert (found.empty, found.total, found.as_dict()["total"]) == (empty, None, None)


def test_what_is_switched_off_is_not_paid(tmp_path: Path) -> None:
    found = cost(tmp_path, 'currency = "EUR"\n[storage]\nenabled = false\n[compute]\nrate = 1\nonce = 2\n')

    assert [line.driver for line in found.lines] == ["compute"]
    assert found.total == ((2, 2), (0, 0))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "is not valid TOML"),
        ("[cars]\nrate = 1\n", "'cars' is no cost driver"),
        ("people = 3\n", r"\[people\] is malformed"),
        ("[people]\nspeed = 1\n", r"\[people\] is malformed"),
        ("[people]\nenabled = 1\n", "people.enabled is neither true nor false"),
        ("[people]\nrate = -1\n", "people.rate is neither a number nor a range"),
        ("[people]\nrate = [3, 2]\n", "people.rate is neither"),
        ("[people]\nonce = [1, 2, 3]\n", "people.once is neither"),
        ("[people]\nmonthly = true\n", "people.monthly is neither"),
        ("[people]\nmonthly = 'many'\n", "people.monthly is neither"),
    ],
)
def test_what_is_no_rates_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LadderError, match=words):
        cost(tmp_path, text)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    for name in ("none.toml", "latin.toml"):
        with pytest.raises(LadderError, match=f"{name} cannot be read") as caught:
            cost_of(PLAN, tmp_path / name)
        assert "--example" in caught.value.hint


def test_the_example_has_every_driver_and_no_value(tmp_path: Path) -> None:
    table = tomllib.loads(example())
    assert table.pop("currency") == "EUR"
    assert set(table) == {driver.table for driver in COSTS.values()}
    assert all(body == {"enabled": True, "rate": [], "once": [], "monthly": []} for body in table.values())
    assert cost(tmp_path, example()).total is None
