"""A check of ours that fails is told as our bug: it lowers no level in silence and spoils no other finding."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assess.labelled.middle import CASES
from mlops_ladder.assess.assess import assess, assess_tree, level_of
from mlops_ladder.assess.reports.badge import badge_json, badge_svg
from mlops_ladder.assess.reports.html import assessment_html
from mlops_ladder.assess.reports.markdown import assessment_markdown
from mlops_ladder.assess.reports.text import assessment_text
from mlops_ladder.assess.road import road_to
from mlops_ladder.checks import CHECKS
from mlops_ladder.checks.base import Verdict, found, met
from mlops_ladder.cli import app
from mlops_ladder.errors import BUG, FINDINGS, OK, LadderError
from mlops_ladder.facts.read.files import Files
from mlops_ladder.project.tree import File
from support.trees import write


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository at level 2."""
    folder = tmp_path / "leads"
    write(folder, next(case for case in CASES if case.name == "wandb-foundations").tree())
    return folder


def broken(monkeypatch: pytest.MonkeyPatch, *capabilities: str) -> None:
    def failing(files: Files) -> Verdict:
        raise KeyError(files.paths[0])

    for capability in capabilities:
        monkeypatch.setitem(CHECKS, capability, failing)


def ladder(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("failure", [KeyError("x"), TypeError("x"), RecursionError(), OSError("x"), AssertionError()])
def test_it_reaches_the_caller_as_a_bug_that_names_the_check(
    repo: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def failing() -> Verdict:
        raise failure

    monkeypatch.setitem(CHECKS, "metrics", failing)
    for judge in (assess, level_of):
        with pytest.raises(LadderError, match=f"The check of metrics failed: {type(failure).__name__}") as caught:
            judge(repo)
        assert caught.value.code == BUG


def test_a_repository_that_cannot_be_read_is_no_bug(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> Verdict:
        raise LadderError("git is gone.", "Install it.")

    monkeypatch.setitem(CHECKS, "metrics", failing)
    with pytest.raises(LadderError, match=r"git is gone\.") as caught:
        assess(repo, keep_going=True)
    assert caught.value.code != BUG


def test_in_use_it_costs_its_own_verdict_and_the_level_is_a_lower_bound(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = assess(repo)
    broken(monkeypatch, "metrics")
    result = assess(repo, keep_going=True)
    changed = [f for f, before in zip(result.findings, whole.findings, strict=True) if f != before]

    assert [(f.capability.id, f.status) for f in changed] == [("metrics", "not judged")]
    assert (result.level, result.at_most, result.certain, result.complete) == (0, whole.level, False, False)


def test_a_failed_check_that_no_level_stands_on_leaves_the_level_certain(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, "slices")
    result = assess(repo, keep_going=True)

    assert (result.level, result.at_most, result.certain, result.complete) == (2, 2, True, False)
    assert assessment_text(result).startswith("Level 2 of 5: Reproducible\n")


def test_every_report_says_so(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, "metrics")
    result = assess(repo, keep_going=True)
    reports = [assessment_text(result), assessment_markdown(result), assessment_html(result, "a", road_to(result))]

    for report in reports:
        words = " ".join(report.split())
        assert "At least level 0 of 5, at most 2: not certain" in words
        assert "The check of metrics failed: KeyError" in words
        assert "a bug of ladder" in words
        assert "MLOps: level 0+" in words
        assert re.search(r"experimentation\W+(th\W+td\W+b\W+)?0\+", words)
        assert not re.search(r"\bci\W+(th\W+td\W+b\W+)?\d\+", words)
    assert json.loads(badge_json(result))["message"] == "0+ of 5"
    assert "0+ of 5" in badge_svg(result)


def test_json_and_exit_code_tell(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, "metrics")
    done = ladder("assess", repo, "--json")
    value = json.loads(done.stdout)

    assert done.exit_code == BUG
    assert "The check of metrics failed" in done.stderr
    assert (value["level"], value["at_most"], value["complete"]) == (0, 2, False)
    assert [error["check"] for error in value["errors"]] == ["metrics"]
    assert ladder("plan", repo).exit_code == BUG


@pytest.mark.parametrize(("wanted", "code"), [(0, OK), (1, BUG), (2, BUG), (3, FINDINGS)])
def test_a_gate_fails_for_a_bug_only_where_the_bug_leaves_it_open(
    repo: Path, monkeypatch: pytest.MonkeyPatch, wanted: int, code: int
) -> None:
    broken(monkeypatch, "metrics")
    assert ladder("assess", repo, "--min-level", wanted).exit_code == code


@pytest.mark.parametrize(
    ("status", "evidence", "note"),
    [("met", (), ""), ("met", ("",), ""), ("missing", ("a.py:1",), ""), ("not applicable", (), "")],
)
def test_a_verdict_shows_what_it_says(status: str, evidence: tuple[str, ...], note: str) -> None:
    with pytest.raises(LadderError) as caught:
        Verdict(status, evidence, note)  # type: ignore[arg-type]
    assert caught.value.code == BUG


def test_empty_places_are_no_evidence() -> None:
    assert found(["", ""], "seen").status == "missing"
    assert met("", "a.py:1").evidence == ("a.py:1",)
    with pytest.raises(LadderError):
        met("")


def test_a_check_that_shows_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(files: Files) -> Verdict:
        return met(*files.match("nothing"))

    monkeypatch.setitem(CHECKS, "metrics", silent)
    with pytest.raises(LadderError, match="The check of metrics failed: LadderError: A capability is said to be met"):
        assess_tree({"a.py": File(b"")})
