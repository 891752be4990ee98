"""Foreign files are neither evidence nor flaw, whoever committed them."""

from __future__ import annotations

import pytest

from mlops_ladder.deadline import deadline
from mlops_ladder.facts.source.scope import own, readable


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", "web/node_modules/a/index.js", "x/site-packages/numpy/core.py", "a/__pycache__/b.pyc",
        ".ipynb_checkpoints/a.ipynb", "any-name/lib/thing.py", "cache/deep/er.json", "env/bin/tool.py",
    ],
)  # fmt: skip
def test_foreign_files_are_left_out(path: str) -> None:
    marks = ["any-name/pyvenv.cfg", "cache/CACHEDIR.TAG", "env/conda-meta/history"]

    assert own([path, "train.py", *marks]) == ["train.py"]


def test_files_of_such_names_are_the_projects_own() -> None:
    paths = ["docs/site-packages", "envs/train.py", "pyvenv.cfg", "src/cachedir.py", "train.py"]

    assert own(reversed(paths)) == paths


def test_a_mark_in_the_assessed_folder_itself_hides_nothing() -> None:
    assert own(["tool/CACHEDIR.TAG", "tool/train.py"], "tool") == ["tool/CACHEDIR.TAG", "tool/train.py"]


def test_a_folder_of_a_monorepo_has_what_the_root_keeps_for_it() -> None:
    mine = [".github/workflows/a.yml", ".gitlab-ci.yml", "teams/churn/a.py"]

    assert own([*mine, "teams/churn2/b.py", "train.py", "teams/Jenkinsfile"], "teams/churn") == mine


def test_many_marks_take_no_longer_than_many_files() -> None:
    """Each mark against each path would be ten thousand million comparisons."""
    paths = [f"envs/{number}/pyvenv.cfg" for number in range(100_000)]
    with deadline(20):
        assert own([*paths, "train.py"]) == ["train.py"]


def test_a_name_can_be_shown_and_no_two_become_one() -> None:
    assert [readable(name) for name in (b"a.py", "Zürich.py".encode(), b"caf\xe9.py", b"caf\xe8.py")] == [
        "a.py", "Zürich.py", r"caf\xe9.py", r"caf\xe8.py",
    ]  # fmt: skip
