"""`ladder assess` as a user meets it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from assess.labelled.middle import WANDB_TWO
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.read import files
from support.facts import git_at
from support.ladder import invoked as ladder
from support.terminal import Terminal


def write(files: dict[str, str], root: Path) -> Path:
    from textwrap import dedent

    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text).lstrip("\n"))
    return root


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write(WANDB_TWO, tmp_path / "leads")


def test_json_has_level_tracks_areas_and_findings(repo: Path) -> None:
    done = ladder("assess", repo, "--format", "json")
    value = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (value["level"], value["tracks"]) == (2, {"mlops": 2})
    assert value["areas"]["ci"] >= 1
    assert {"id", "area", "track", "level", "status", "evidence", "advice"} <= set(value["findings"][0])
    assert json.loads(ladder("assess", repo, "--json").stdout) == value


def test_min_level_is_a_gate_for_ci(repo: Path) -> None:
    assert ladder("assess", repo, "--min-level", 2).exit_code == 0
    assert ladder("assess", repo, "--min-level", 3).exit_code == 1


def test_table_and_markdown_name_what_the_next_level_needs(repo: Path) -> None:
    for form in ("table", "markdown"):
        text = ladder("assess", repo, "--format", form).stdout
        assert "Level 2 of 5: Reproducible" in text
        assert "A gate compares the challenger with the champion" in text


def test_summary_badge_and_output_are_written(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    names = [tmp_path / name for name in ("badge.svg", "badge.json", "report.html")]
    assert ladder("assess", repo, "--summary", "--badge", names[0]).exit_code == 0
    assert ladder("assess", repo, "--badge", names[1], "--format", "html", "--output", names[2]).exit_code == 0

    assert summary.read_text().startswith("# Level 2 of 5")
    assert "2 of 5" in names[0].read_text()
    assert json.loads(names[1].read_text())["message"] == "2 of 5"
    assert names[2].read_text().startswith("<!doctype html>")


def test_summary_outside_of_github_is_refused_with_a_way_out(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    problem = ladder("assess", repo, "--summary").exception
    assert isinstance(problem, LadderError)
    assert "GITHUB_STEP_SUMMARY" in problem.message
    assert "GitLab" in problem.hint


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    problem = ladder("assess", tmp_path / "nowhere").exception
    assert isinstance(problem, LadderError)
    assert "nowhere" in problem.message


def test_a_repository_that_was_not_looked_at_whole_passes_no_gate(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends a change could make the file large that shows what is wrong."""
    monkeypatch.setattr(files, "READ_BUDGET", 1)
    assert ladder("assess", repo).exit_code == 0
    done = ladder("assess", repo, "--min-level", 2, "--json")
    value = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (value["complete"], value["truncated"], bool(value["unseen"])) == (False, True, True)
    assert "missing" not in {finding["status"] for finding in value["findings"]}
    assert "Not all was looked at: " in done.stderr
    assert "Whether level 2 is reached is not certain." in done.stderr
    assert ladder("assess", repo, "--min-level", 0).exit_code == 0
    table = ladder("assess", repo)
    assert ("Not all was looked at" in table.stdout, table.stderr) == (True, "")


def test_a_command_ends_in_the_time_it_was_given(repo: Path) -> None:
    """A pipe where git reads rules: it waits for a writer who never comes."""
    git_at(repo, "init", "--quiet")
    os.mkfifo(repo / ".gitignore")
    done = ladder("assess", repo, "--within", 2)

    assert isinstance(done.exception, LadderError)
    assert "could not be listed within 2 seconds" in done.exception.message


def test_progress_is_shown_on_a_terminal(repo: Path) -> None:
    command = [sys.executable, "-m", "mlops_ladder", "assess", str(repo)]
    with Terminal(command, repo, os.environ) as terminal:
        terminal.expect("looking for evidence: 2 of")
        assert terminal.end() == 0
