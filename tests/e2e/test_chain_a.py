"""A life on the sample data with GitHub, pristine to the top: the stations of `chain_a.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.env import shell
from support.stations import Chain, Station, load
from support.user import User

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chain-a")]

STATIONS = load(Path(__file__).with_name("chain_a.toml"))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    home = tmp_path_factory.mktemp("chain-a")
    return Chain(User(home, shell(home / "home")))


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: f"{station.level}-{station.id}")
def test_station(station: Station, chain: Chain) -> None:
    chain.visit(station)
