"""`ladder plan`: what is missing, in order, and what it costs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from assess.labelled.middle import WANDB_TWO
from mlops_ladder.assess.costs import example
from mlops_ladder.assess.vocabulary import COSTS
from mlops_ladder.errors import LadderError
from support.ladder import invoked as ladder
from support.trees import write


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write(tmp_path / "leads", {path: dedent(text) for path, text in WANDB_TWO.items()})


def test_a_plan_puts_nothing_before_what_it_needs(repo: Path) -> None:
    value = json.loads(ladder("plan", repo, "--to", 5, "--json").stdout)
    order = [step["id"] for step in value["steps"]]

    assert value["level"] == 2
    assert all(order.index(need) < order.index(s["id"]) for s in value["steps"] for need in s["needs"] if need in order)
    assert value["effort_days"][0] < value["effort_days"][1]
    assert not any(step["brought_by_ladder_up"] for step in value["steps"])


def test_a_total_is_refused_while_a_rate_is_empty(repo: Path, tmp_path: Path) -> None:
    rates = tmp_path / "rates.toml"
    assert ladder("plan", "--example", rates).exit_code == 0
    assert rates.read_text() == example()
    refused = ladder("plan", repo, "--rates", rates, "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["cost"]["total"] is None

    text = re.sub(r"rate = \[\]", "rate = [2, 3]", re.sub(r"monthly = \[\]", "monthly = 10", example()))
    rates.write_text(text)
    done = ladder("plan", repo, "--rates", rates, "--json")
    value = json.loads(done.stdout)
    low, high = value["effort_days"]

    assert done.exit_code == 0
    assert value["cost"]["total"] == {
        "once": [2 * low, 3 * high],
        "monthly": [20.0 * len(COSTS), 30.0 * len(COSTS)],
    }


def test_an_example_never_overwrites(tmp_path: Path) -> None:
    rates = tmp_path / "rates.toml"
    rates.write_text("mine")
    assert isinstance(ladder("plan", "--example", rates).exception, LadderError)
    assert rates.read_text() == "mine"


@pytest.mark.parametrize(
    "text",
    ["[people]\nrate = -1", "[people]\nrate = [3, 2]", "[cars]\nrate = 1", "[people]\nspeed = 1", "people = 3", "["],
)
def test_a_wrong_rates_file_is_refused(repo: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "rates.toml").write_text(text)
    assert isinstance(ladder("plan", repo, "--rates", tmp_path / "rates.toml").exception, LadderError)


@pytest.mark.parametrize("text", ["x = [", f"x = {'1' * 5000}", "x = " + "[" * 20_000])
@pytest.mark.parametrize("option", ["--rates", "--people"])
def test_a_file_that_cannot_be_parsed_is_refused(repo: Path, tmp_path: Path, option: str, text: str) -> None:
    (tmp_path / "given.toml").write_text(text)
    problem = ladder("plan", repo, option, tmp_path / "given.toml").exception

    assert isinstance(problem, LadderError)
    assert "given.toml" in problem.message


def test_people_are_named_beside_their_roles(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text('"ML engineer" = "Ada"\n')
    text = ladder("plan", repo, "--people", tmp_path / "people.toml").stdout
    assert re.search(r"ML engineer .* Ada", text)
    assert "unassigned" in text


def test_its_help_says_what_it_does() -> None:
    assert "Plan the road of the repository" in " ".join(ladder("plan", "--help").stdout.split())
