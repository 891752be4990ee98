"""A life on own data with GitLab, with edits that have to hold: the stations of `chain_b.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.env import shell
from support.stations import Chain, Station, load
from support.user import User

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chain-b")]

STATIONS = load(Path(__file__).with_name("chain_b.toml"))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    home = tmp_path_factory.mktemp("chain-b")
    return Chain(User(home, shell(home / "home")))


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: f"{station.level}-{station.id}")
def test_station(station: Station, chain: Chain) -> None:
    chain.visit(station)
