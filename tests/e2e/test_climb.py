"""A user's life on the ladder: make a project, make it one's own, climb, and have it work after every step."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mlops_ladder.levels import available

pytestmark = pytest.mark.slow


class Shell:
    """A user at a prompt in the project, with a home of their own but uv's usual cache."""

    def __init__(self, folder: Path, home: Path) -> None:
        cache = subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
        dropped = ("GIT_", "VIRTUAL_ENV", "PYTHONPATH", "PYTEST_", "COVERAGE_", "MLFLOW_", "DVC_")
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        self.env |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "UV_CACHE_DIR": cache}
        self.folder = folder
        home.mkdir()
        (home / ".gitconfig").write_text(
            "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
        )

    def run(self, *command: str, code: int = 0) -> str:
        """What a command prints to stdout; it must end with the given code."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False, timeout=900
        )
        said = f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        assert done.returncode == code, said
        return done.stdout

    def ladder(self, *args: str, code: int = 0) -> str:
        """Run `ladder`."""
        return self.run(sys.executable, "-m", "mlops_ladder", *args, code=code)

    def python(self, code: str) -> str:
        """Run some Python in the project's environment."""
        return self.run("uv", "run", "python", "-c", code)

    def commit(self, message: str) -> None:
        """What the README says after a run."""
        self.run("git", "add", "-A")
        self.run("git", "commit", "-q", "-m", message)

    def works(self) -> None:
        """The README's verbs succeed, and leave nothing that cannot be committed."""
        for verb in ("setup", "run", "test"):
            self.run("make", verb)


def replaced(path: Path, old: str, new: str) -> None:
    """Edit a file at a place that must be there once."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), "utf-8")


def make_it_ones_own(shell: Shell, package: str) -> None:
    """Another model, a feature, a test, a dependency, the README."""
    project = shell.folder
    model = project / f"src/{package}/model.py"
    text = model.read_text("utf-8")
    text, count = re.subn(
        r"learner = HistGradientBoosting(Classifier|Regressor)\(.*?\n    \)",
        r"learner = ExtraTrees\1(n_estimators=80, min_samples_leaf=5, random_state=knobs.seed)",
        text,
        flags=re.DOTALL,
    )
    assert count == 1
    model.write_text(re.sub(r"import HistGradientBoosting(\w+)", r"import ExtraTrees\1", text), "utf-8")
    replaced(
        project / f"src/{package}/data.py",
        "    frame = pd.DataFrame(typed, index=raw.index)\n",
        "    frame = pd.DataFrame(typed, index=raw.index)\n    add_own(frame)\n",
    )
    with (project / f"src/{package}/data.py").open("a", encoding="utf-8") as file:
        file.write(
            '\n\ndef add_own(frame: pd.DataFrame) -> None:\n    """A feature of our own."""\n'
            '    frame["own"] = frame.isna().sum(axis="columns").astype("float64")\n'
        )
    (project / "tests/test_own.py").write_text(
        f"import pandas as pd\n\nfrom {package}.data import add_own\n\n\n"
        "def test_own_feature_counts_what_is_missing() -> None:\n"
        '    frame = pd.DataFrame({"a": [1.0, None]})\n    add_own(frame)\n'
        '    assert frame["own"].tolist() == [0.0, 1.0]\n',
        "utf-8",
    )
    replaced(project / "README.md", "\n## Start\n", "\nOurs: ask the data team.\n\n## Start\n")
    shell.run("uv", "add", "--quiet", "humanize>=4,<5")


def the_edits_hold(shell: Shell, package: str) -> None:
    """What the user made is in effect after a climb."""
    kind = shell.python(f"from {package} import config, model; print(type(model.build(config.load())[-1]).__name__)")
    assert kind.startswith("ExtraTrees")
    assert (
        "own" in shell.python(f"from {package} import config, data; print(*data.load(config.load()).columns)").split()
    )
    shell.python("import humanize")
    project = tomllib.loads((shell.folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert "humanize>=4,<5" in project["dependencies"]
    assert "Ours: ask the data team." in (shell.folder / "README.md").read_text("utf-8")
    assert "1 passed" in shell.run("uv", "run", "pytest", "--quiet", "tests/test_own.py")


def edit_ci(shell: Shell) -> list[Path]:
    """Add a step of one's own at the end of every workflow."""
    workflows = sorted((shell.folder / ".github/workflows").glob("*.y*ml"))
    for path in workflows:
        text = path.read_text("utf-8")
        indent = re.findall(r"^( +)- (?:name|uses|run):", text, re.MULTILINE)[-1]
        path.write_text(f"{text.rstrip()}\n{indent}- run: echo ours\n", "utf-8")
    if workflows:
        shell.commit("A step of our own in CI")
    return workflows


def climb_all(shell: Shell, package: str) -> None:
    """Climb level by level up to 3; after each step everything works."""
    shell.works()
    shell.commit("A run")
    make_it_ones_own(shell, package)
    shell.works()
    shell.commit("Our own")
    for level in [level for level in available() if 1 < level <= 3]:
        workflows = edit_ci(shell)
        raw = {path: path.read_bytes() for path in (shell.folder / "data/raw").iterdir() if path.suffix != ".dvc"}
        raw = {path: content for path, content in raw.items() if not path.name.startswith(".")}
        report = json.loads(shell.ladder("up", "--json"))
        assert report["to_level"] == level
        assert report["result"]["in_progress"] is False
        assert shell.run("git", "status", "--porcelain") == ""
        assert all(path.read_bytes() == content for path, content in raw.items())
        assert all("run: echo ours" in path.read_text("utf-8") for path in workflows)
        shell.works()
        the_edits_hold(shell, package)
        for path in raw:
            assert "up to date" in shell.run("uv", "run", "dvc", "status", f"{path}.dvc")
        # What a colleague gets: the same data, out of the remote.
        for path, content in raw.items():
            stored = [p.read_bytes() for p in Path(shell.env["HOME"], ".dvc-storage").rglob("*") if p.is_file()]
            assert content in stored, f"{path} is not in the remote"
        shell.commit(f"A run at level {level}")


def test_the_flights(tmp_path: Path) -> None:
    shell = Shell(tmp_path, tmp_path / "home")
    shell.ladder("new", "trips", "--yes")
    shell.folder = tmp_path / "trips"
    climb_all(shell, "trips")


def test_ones_own_data(tmp_path: Path) -> None:
    rows = [f"{n},{n % 7},{'abc'[n % 3]},{(n * 37) % 100 + (n % 7) * 20}" for n in range(900)]
    (tmp_path / "houses.csv").write_text("id,rooms,town,price\n" + "\n".join(rows) + "\n")
    shell = Shell(tmp_path, tmp_path / "home")
    shell.ladder("new", "houses", "--yes", "--data", "houses.csv", "--target", "price")
    shell.folder = tmp_path / "houses"
    climb_all(shell, "houses")
