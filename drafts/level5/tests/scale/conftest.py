"""A project with a champion, and a cluster for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.nodes import Cluster, cluster

from support.command import must
from support.env import shell
from support.projects import Project, new

VERBS = """
set -e
for verb in train fingerprint evaluate tracking release; do uv run --no-sync python -m flights.$verb; done
"""
PROMOTE = """
from flights import registry
registry.promote(registry.find("candidate"), "a test", "somebody has to", "")
"""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose champion is a model of a few trees."""
    folder = tmp_path_factory.mktemp("scale")
    made = new(folder / "flights", shell(folder / "home"), "--level", "5", "--yes")
    config = made.path / "config.toml"
    config.write_text(config.read_text("utf-8").replace("max_iter = 400", "max_iter = 60"), "utf-8")
    made.run("uv", "add", "--quiet", "--group", "scale", "ray>=2.60,<2.61")
    made.run("bash", "-c", VERBS)
    made.run("uv", "run", "--no-sync", "python", "-c", PROMOTE)
    return made


@pytest.fixture(scope="session")
def nodes(project: Project) -> Iterator[Cluster]:
    """A head and two workers, for all tests; who kills one starts it again."""
    with cluster(project.path, project.env) as made:
        yield made


@pytest.fixture(scope="session")
def rows(project: Project) -> Path:
    """100,000 rows in 40 parts."""
    code = """
import numpy as np
import pyarrow as pa
from pyarrow import parquet
table = parquet.read_table("data/raw/flights.parquet")
drawn = table.take(pa.array(np.random.default_rng(7).integers(0, len(table), 100_000)))
parquet.write_table(drawn, "data/rows.parquet", row_group_size=2_500)
"""
    must(project.path / ".venv/bin/python", "-c", code, cwd=project.path, env=project.env)
    return project.path / "data/rows.parquet"
