"""The data that ships with the templates: flights, their profile, and the small sample of them."""

from __future__ import annotations

from functools import cache

from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.layers import templates_root
from mlops_ladder.project.lock import load_dataset

FOLDER = templates_root() / "sample"
FLIGHTS = FOLDER / "flights.parquet"
SAMPLE = FOLDER / "sample.parquet"


@cache
def flights() -> Dataset:
    """The profile of the shipped flights, read from TOML so that nothing heavy is imported."""
    return load_dataset((FOLDER / "flights.toml").read_bytes())
