"""A user's life as a list of stations: what is done, and what must be seen. Read from TOML, executed one by one.

A station is a table `[[station]]` with `id`, `level`, `title`, `why`, `do` and `see`; each entry of `do` and `see` is
a table whose first key says what kind it is. The kinds are the functions of `support.deeds` and `support.sights`; the
other keys are their arguments. A misspelt kind or argument is an error when the file is read.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.project.layers import available
from support import deeds, sights
from support.user import User

Act = tuple[Callable[..., None], Any, dict[str, Any]]


@dataclass(frozen=True)
class Station:
    """One thing that a user does, why, and how it is known that it worked."""

    id: str
    level: int
    title: str
    why: str
    do: tuple[Act, ...]
    see: tuple[Act, ...]


def load(path: Path) -> list[Station]:
    """The stations of a chain, in order."""
    tables = tomllib.loads(path.read_text("utf-8"))["station"]
    found = [_station(table) for table in tables]
    names = [station.id for station in found]
    assert len(set(names)) == len(names), f"{path.name}: two stations have one id"
    levels = [station.level for station in found]
    assert levels == sorted(levels), f"{path.name}: a life goes up"
    return found


def _station(table: dict[str, Any]) -> Station:
    name = table["id"]
    do, see = (tuple(_act(name, kinds, entry) for entry in table[key]) for key, kinds in KINDS.items())
    assert do or see, f"station '{name}' does nothing"
    assert table["level"] in available(), f"station '{name}': there is no level {table['level']}"
    station = Station(name, table["level"], table["title"], table["why"], do, see)
    assert table.keys() == vars(station).keys(), f"station '{name}' has other keys than {', '.join(vars(station))}"
    return station


KINDS: dict[str, dict[str, Callable[..., None]]] = {
    "do": {name: kind for name, kind in vars(deeds).items() if getattr(kind, "__module__", "") == deeds.__name__},
    "see": {name: kind for name, kind in vars(sights).items() if getattr(kind, "__module__", "") == sights.__name__},
}


def _act(station: str, kinds: dict[str, Callable[..., None]], entry: dict[str, Any]) -> Act:
    (kind, value), *rest = entry.items()
    where = f"station '{station}', {kind}"
    assert kind in kinds, f"{where}: no such kind; there are {', '.join(sorted(kinds))}"
    more = dict(rest)
    signature = inspect.signature(kinds[kind])
    try:
        given = signature.bind(None, value, **more).arguments
    except TypeError as error:
        raise AssertionError(f"{where}: {error}") from None
    if "wanted" in signature.parameters:
        assert given.get("wanted", {}).keys() & sights.BOUNDS.keys() == given.get("wanted", {}).keys() != set(), where
    return kinds[kind], value, more


class Chain:
    """A life being lived: the user, and whether a station has failed, after which none can be trusted."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._broken = ""

    def visit(self, station: Station) -> None:
        """Do what the station says and look; an error names the station and the step."""
        if self._broken:
            pytest.skip(f"station '{self._broken}' before it failed")
        self._user.level = station.level
        for number, (kind, value, more) in enumerate((*station.do, *station.see), 1):
            try:
                kind(self._user, value, **more)
            except Exception as error:
                self._broken = station.id
                step = f"station '{station.id}' at level {station.level}, step {number}, {kind.__name__} {value!r}"
                raise AssertionError(f"{step}\n{error}") from error
