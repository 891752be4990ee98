"""What of the user's own data comes into files that git holds: said while it can still be changed."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from mlops_ladder.new.create import Project
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.lock import LOCK
from mlops_ladder.project.render import render

EXAMPLE = ", as in '"


@dataclass(frozen=True)
class Exposure:
    """`rows` are the files that hold whole rows, `texts` those that name values: each value of the columns `values`,
    the lowest and the highest of the columns `ranges`, a cell of the columns `cells`.
    """

    rows: tuple[str, ...]
    texts: tuple[str, ...]
    values: tuple[str, ...]
    ranges: tuple[str, ...]
    cells: tuple[str, ...] = ()


def exposure(project: Project) -> Exposure | None:
    """What a project tells of the user's own table; nothing where it has none."""
    data = project.answers.data
    if data is None or project.own_data is None:
        return None
    silent = render(replace(project.answers, data=_without_values(data)), project.level)
    told = [path for path, file in silent.items() if project.tree[path] != file]
    listed = [column.name for column in data.columns if column.values]
    ranged = [column.name for column in data.of_kind("number")]
    (listed if data.classes else ranged).append(data.target)
    return Exposure(
        rows=tuple(sorted(path for path, asset in project.assets.items() if asset.held == "git")),
        texts=(LOCK, *told),
        values=tuple(listed),
        ranges=(*ranged, *([data.time] if data.time else [])),
        cells=tuple(column.name for column in data.columns if EXAMPLE in column.note + column.remark),
    )


def _without_values(data: Dataset) -> Dataset:
    """A table of the same columns of which no cell is known."""
    return replace(
        data,
        columns=tuple(_blank(column) for column in data.columns),
        first="",
        last="",
        positive="",
        classes=tuple("" for _ in data.classes),
        target_low=None,
        target_high=None,
    )


def _blank(column: Column) -> Column:
    number = 0.0 if column.kind == "number" else None
    return replace(
        column,
        low=number,
        high=number,
        q01=number,
        q99=number,
        values=tuple("" for _ in column.values),
        note=_silent(column.note),
        remark=_silent(column.remark),
    )


def _silent(note: str) -> str:
    return note.partition(EXAMPLE)[0]
