"""Sample projects whose hashes are recorded with every released version, to be rendered again for ever."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.project.answers import Answers, every_choice, variant
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.layers import available
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import tree_hash

# Two projects that take different ways through the templates: a class over time, and a number without.
SAMPLES = {
    "a": Answers(
        "Late trips",
        "late_trips",
        Dataset(
            source="flights",
            file="trips.parquet",
            format="parquet",
            target="late",
            task="binary",
            rows=20_000,
            columns=(
                Column("distance", "number", low=1.0, high=900.5, q01=3.0, q99=800.0),
                Column("carrier", "category", nulls=0.125, values=("AA", "B6", "ü | x")),
                Column("note", "ignored", note="is an id"),
            ),
            time="departure",
            first="2013-01-01T00:00:00",
            last="2013-06-30T23:00:00",
            positive="True",
            classes=("False", "True"),
        ),
    ),
    "b": Answers(
        "prices",
        "prices",
        Dataset(
            source="own",
            file="my prices.csv",
            format="csv",
            separator=";",
            target='the "price"',
            task="regression",
            rows=300,
            columns=(Column("rooms", "number", low=1.0, high=9.0, q01=1.0, q99=8.0, integer=True),),
            target_low=1.5,
            target_high=99.0,
        ),
    ),
}


def samples(root: Path) -> dict[str, str]:
    """The tree hashes of sample projects at every level and with every choice: LEVEL/VARIANT/WHICH -> hash."""
    names = [
        f"{level}/{variant(one)}/{which}" for level in available(root) for one in every_choice() for which in SAMPLES
    ]
    return {name: sample(name, root) for name in names}


def sample(name: str, root: Path) -> str:
    """The tree hash of one sample project by its name, with the templates in a folder."""
    level, wanted, which = name.split("/")
    choices = {variant(one): one for one in every_choice()}[wanted]
    return tree_hash(render(SAMPLES[which].choosing(**choices), int(level), root))
