"""A project outside of any repository does its job too: DVC would refuse if it were not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.projects import new

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("own_data")]


def test_level_2_runs_without_git(shared_env: dict[str, str], tmp_path: Path) -> None:
    project = new(tmp_path / "flights", shared_env, "--level", "2", "--no-git")
    assert not (project.path / ".git").exists()
    project.make("setup")
    project.make("run")

    assert (project.path / "dvc.lock").is_file()
    assert project.record("metrics.json")["model"]["roc_auc"] > 0.65
    assert "Data and pipelines are up to date" in project.make("run")
