"""No telemetry: no command of ladder reaches beyond this machine, nor does anything that it starts."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from mlops_ladder.cli import COMMANDS
from mlops_ladder.project.layers import available
from support.env import clean
from support.trees import write
from support.wall import behind

pytestmark = pytest.mark.slow

ROWS = "day,rooms,rent\n" + "".join(f"2024-01-{n % 28 + 1:02},{n % 5},{n % 5 * 200 + n}\n" for n in range(60))
LIFE = (
    f"new trips --yes --level {min(available())}",
    "new rents --yes --data rents.csv --target rent",
    "new shown --yes --dry-run --json",
    "levels 2",
    "assess trips --json",
    "plan trips --format html",
    "update trips",
    "up trips",
    "set ci=gitlab trips",
    "assess trips --format markdown",
    "keep --project trips trips/config.toml",
    "--version",
)


def test_no_command_calls_anybody(tmp_path: Path) -> None:
    write(tmp_path, {"rents.csv": ROWS})
    assert {line.split()[0] for line in LIFE} >= COMMANDS.keys()
    ladder = shlex.join([sys.executable, "-m", "mlops_ladder"])

    script = "set -e\n" + "".join(f"{ladder} {line}\n" for line in LIFE)
    seen = behind("sh", "-c", script, cwd=tmp_path, env=clean(tmp_path / "home"))

    assert seen.code == 0, seen.output[-2000:]
    assert seen.reached == []
    assert seen.left == []
