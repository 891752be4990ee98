"""What lies beside the render of a project, as the levels declare it, and the shipped data set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.layers import Asset, numbers, read_level, templates_root
from mlops_ladder.project.lock import load_dataset

SHIPPED = "flights"
"""The `source` of the data set that ships with the templates."""


@cache
def shipped_dataset() -> Dataset:
    """The profile of the shipped data set, read from TOML so that nothing heavy is imported."""
    return load_dataset((_folder(None) / "profile.toml").read_bytes())


def shipped_file(of: str, root: Path | None = None) -> Path:
    """The file of the shipped data set that an asset is a copy of."""
    return _folder(root) / f"{of}.parquet"


def assets(level: int, answers: Answers, root: Path | None = None) -> dict[str, Asset]:
    """What lies beside the render at a level: path in the project -> asset.

    A project without a table has none of it; one with the user's own table has the table and its sample.
    """
    data = answers.data
    if data is None:
        return {}
    found: dict[str, Asset] = {}
    for number in numbers(root or templates_root()):
        if number <= level:
            found |= {asset.path.format(file=data.file): asset for asset in read_level(number, root).assets}
    own = data.source != SHIPPED
    return {path: asset for path, asset in found.items() if not own or asset.of in ("data", "sample")}


def held_by_dvc(found: Mapping[str, Asset]) -> list[str]:
    """The paths whose versions DVC keeps."""
    return [path for path, asset in found.items() if asset.held == "dvc"]


def _folder(root: Path | None) -> Path:
    return (root or templates_root()) / "sample" / SHIPPED
