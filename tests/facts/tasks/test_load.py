"""Which files hold tasks, and that each is read by the one that knows it."""

from __future__ import annotations

import pytest

from mlops_ladder.facts.tasks.load import load_tasks
from support.facts import facts_of, files_of

DVC = "stages:\n  fit:\n    cmd: python fit.py\n"
NPM = '{"scripts": {"fit": "node fit.js"}}'
TOML = "[tool.pdm.scripts]\nfit = 'python fit.py'\n"


@pytest.mark.parametrize(
    ("path", "text", "tools"),
    [
        ("GNUmakefile", "fit:\n\tls\n", ["make"]),
        ("make/fit.mk", "fit:\n\tls\n", ["make"]),
        ("Justfile", "fit:\n  ls\n", ["just"]),
        ("ml/dvc.yaml", DVC, ["dvc"]),
        ("Taskfile.yaml", "tasks: {fit: ls}", ["task"]),
        ("MLproject", "entry_points: {fit: {command: ls}}", ["mlproject"]),
        ("pyproject.toml", TOML, ["pdm"]),
        ("tox.ini", "[testenv]\ncommands = ls\n", ["tox"]),
        ("noxfile.py", "@nox.session\ndef fit(session):\n    session.run('ls')\n", ["nox"]),
        ("setup.cfg", "[options.entry_points]\nconsole_scripts =\n  fit = pkg.fit:main\n", ["script"]),
        ("web/package.json", NPM, ["npm"]),
        ("Snakefile", "rule fit:\n  shell: 'ls'\n", ["snakemake"]),
        # Files whose names only look like theirs.
        ("Makefile.am", "fit:\n\tls\n", []),
        ("stages.yaml", DVC, []),
        ("package-lock.json", NPM, []),
        ("poetry.toml", TOML, []),
    ],
)
def test_the_files_of_each_tool(path: str, text: str, tools: list[str]) -> None:
    assert [task.tool for task in load_tasks(files_of({path: text}))] == tools


def test_all_files_in_the_order_of_their_paths_and_targets_as_they_stand() -> None:
    tasks = load_tasks(files_of({"b/dvc.yaml": DVC, "a/Makefile": "two:\n\tls\none:\n\tls\n", "package.json": NPM}))

    assert [(task.name, task.where) for task in tasks] == [
        ("two", "a/Makefile:1"), ("one", "a/Makefile:3"), ("fit", "b/dvc.yaml:2"), ("fit", "package.json:1"),
    ]  # fmt: skip


def test_of_very_many_tasks_the_first_are_looked_at_and_that_is_said() -> None:
    facts = facts_of({"Makefile": "".join(f"t{number}:\n" for number in range(3_001))})

    assert len(facts.tasks) == 3_000
    assert facts.files.unseen == {"tasks": "are looked at up to the first 3,000"}
