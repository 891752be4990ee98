"""A user's life on the ladder: make a project, make it one's own, climb, and have it work after every step."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.project.layers import available
from support.projects import Project, new

pytestmark = pytest.mark.slow

LEVELS = [level for level in available() if 1 < level <= 3]


def test_the_flights(user: dict[str, str], tmp_path: Path) -> None:
    live(new(tmp_path / "trips", user, "--yes"), "trips")


def test_ones_own_data(user: dict[str, str], tmp_path: Path) -> None:
    rows = [f"{n},{n % 7},{'abc'[n % 3]},{(n * 37) % 100 + (n % 7) * 20}" for n in range(900)]
    data = tmp_path / "houses.csv"
    data.write_text("\n".join(["id,rooms,town,price", *rows]) + "\n", "utf-8")
    live(new(tmp_path / "houses", user, "--yes", "--data", str(data), "--target", "price"), "houses")


def live(project: Project, package: str) -> None:
    """Work on level 1, then climb as far as level 3; after each step everything works."""
    make_it_ones_own(project, package)
    works(project)
    commit(project, "Our own")
    for level in LEVELS:
        workflows = edit_ci(project)
        raw = {path: path.read_bytes() for path in raw_files(project)}
        assert raw
        report = up(project)
        assert report["to_level"] == level
        assert report["result"]["in_progress"] is False
        assert project.git("status", "--porcelain") == ""
        assert {path: path.read_bytes() for path in raw_files(project)} == raw
        assert all("run: echo ours" in path.read_text("utf-8") for path in workflows)
        works(project)
        the_edits_hold(project, package)
        stored = Path(project.env["HOME"], ".dvc-storage", package)
        remote = [path.read_bytes() for path in stored.rglob("*") if path.is_file()]
        assert all(content in remote for content in raw.values())
        for path in raw:
            assert "up to date" in project.run("uv", "run", "dvc", "status", f"{path}.dvc").stdout
        commit(project, f"A run at level {level}")


def works(project: Project) -> None:
    """The README's verbs succeed."""
    for verb in ("setup", "run", "test"):
        project.make(verb)


def up(project: Project) -> Any:
    """`ladder up`; what it reports."""
    return json.loads(project.run(sys.executable, "-m", "mlops_ladder", "up", "--json").stdout)


def commit(project: Project, message: str) -> None:
    """What the README says after a run."""
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", message)


def raw_files(project: Project) -> list[Path]:
    """The data files themselves."""
    folder = project.path / "data/raw"
    return [path for path in sorted(folder.iterdir()) if path.suffix != ".dvc" and path.name[0] != "."]


def make_it_ones_own(project: Project, package: str) -> None:
    """Another model, a feature, a test, a dependency, the README."""
    model, data = (project.path / f"src/{package}/{name}.py" for name in ("model", "data"))
    text, count = re.subn(
        r"learner = HistGradientBoosting(Classifier|Regressor)\(.*?\n    \)",
        r"learner = ExtraTrees\1(n_estimators=80, min_samples_leaf=5, random_state=knobs.seed)",
        model.read_text("utf-8"),
        flags=re.DOTALL,
    )
    assert count == 1
    model.write_text(re.sub(r"import HistGradientBoosting(\w+)", r"import ExtraTrees\1", text), "utf-8")
    project.change(f"src/{package}/data.py", "def read(data: Data)", "def read_file(data: Data)")
    own = (
        "\n\ndef read(data: Data) -> pd.DataFrame:\n"
        '    """The raw file, and how many values of each row are missing."""\n'
        "    raw = read_file(data)\n"
        '    return raw.assign(own=raw.isna().sum(axis="columns"))\n'
    )
    data.write_text(data.read_text("utf-8") + own, "utf-8")
    project.change("config.toml", "\nnumber = [\n", '\nnumber = [\n    "own",\n')
    test = (
        f"from {package} import config, data\n\n\n"
        "def test_own_feature_counts_what_is_missing() -> None:\n"
        "    raw = data.read(config.load().data)\n"
        '    assert raw["own"].sum() == raw.isna().sum().sum()\n'
    )
    (project.path / "tests/test_own.py").write_text(test, "utf-8")
    project.change("README.md", "\n## Start\n", "\nOurs: ask the data team.\n\n## Start\n")
    project.run("uv", "add", "--quiet", "humanize>=4,<5")


def the_edits_hold(project: Project, package: str) -> None:
    """What the user made is in effect after a climb."""
    built = f"import json; from {package} import config, data, model; c = config.load()"
    assert project.python(f"{built}; print(json.dumps(type(model.build(c)[-1]).__name__))").startswith("ExtraTrees")
    assert "own" in project.python(f"{built}; print(json.dumps(list(data.load(c).columns)))")
    assert project.python("import humanize, json; print(json.dumps(humanize.intcomma(1000)))") == "1,000"
    wanted = tomllib.loads((project.path / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert "humanize>=4,<5" in wanted
    assert "Ours: ask the data team." in (project.path / "README.md").read_text("utf-8")
    assert "1 passed" in project.run("uv", "run", "pytest", "--quiet", "tests/test_own.py").stdout


def edit_ci(project: Project) -> list[Path]:
    """Add a step of one's own to the end of every workflow."""
    workflows = sorted((project.path / ".github/workflows").glob("*.y*ml"))
    for path in workflows:
        text = path.read_text("utf-8")
        indent = re.findall(r"^( +)- (?:name|uses|run):", text, re.MULTILINE)[-1]
        path.write_text(f"{text.rstrip()}\n{indent}- run: echo ours\n", "utf-8")
    if workflows:
        commit(project, "A step of our own in CI")
    return workflows
