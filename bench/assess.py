"""CPU of `ladder assess` on a repository of 20,000 files, made for the purpose."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from mlops_ladder.assess.assess import assess

MODULE = '''"""Module {number}."""

import logging

import pandas as pd
from sklearn.linear_model import LogisticRegression

from project.package{other} import module{other}

LOG = logging.getLogger(__name__)


def transform_{number}(frame: pd.DataFrame, limit: float = {number}.5) -> pd.DataFrame:
    """Clip and scale one column."""
    kept = frame[frame["value_{number}"] < limit]
    if kept.empty:
        raise ValueError("nothing is left")
    for column in kept.columns:
        kept[column] = kept[column].clip(0, limit) / limit
    LOG.info("%s rows", len(kept))
    return module{other}.transform_{other}(kept) if limit > 100 else kept


class Model{number}:
    """A model of its own."""

    def __init__(self, seed: int = {number}) -> None:
        self.model = LogisticRegression(random_state=seed)

    def fit(self, frame: pd.DataFrame) -> None:
        self.model.fit(frame.drop(columns="y"), frame["y"])
'''


def make(root: Path, count: int) -> None:
    """Modules, YAML, documents, data and images in a proportion that large repositories have."""
    randomly = random.Random(7)
    for number in range(count):
        folder = root / "project" / f"package{number % 200}"
        folder.mkdir(parents=True, exist_ok=True)
        kind = number % 20
        if kind < 7:
            text = MODULE.format(number=number, other=randomly.randrange(200))
            (folder / f"module{number}.py").write_text(text, "utf-8")
        elif kind < 9:
            (folder / f"values{number}.yaml").write_text(f"name: thing{number}\nreplicas: {number}\n" * 10, "utf-8")
        elif kind < 12:
            (folder / f"page{number}.md").write_text(f"# Page {number}\n" + "Some words. " * 200, "utf-8")
        elif kind < 16:
            (folder / f"record{number}.json").write_text('{"value": ' + str(number) + "}", "utf-8")
        else:
            (folder / f"image{number}.png").write_bytes(bytes(500))


def main() -> None:
    """Print the CPU seconds of the best of three runs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), count)
        times = []
        for _ in range(3):
            start = time.process_time()
            result = assess(Path(name))
            times.append(time.process_time() - start)
    note = "" if result.complete else ", reading budget reached"
    print(f"{count:,} files: {min(times):.2f} s of CPU{note}")


if __name__ == "__main__":
    main()
