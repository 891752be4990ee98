"""Whatever a file is called, no report and no error steers a terminal or a CI host, and every byte of it is UTF-8."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from mlops_ladder.new.create import Request, create, plan
from support.command import run
from support.env import isolate
from support.ladder import invoked as ladder
from support.repos import save

NAMES = {
    "title of the terminal": b"a\x1b]0;PWN\x07.py",
    "screen": b"b\x1b[2J\x7f.py",
    "C1": "c\x85\x9b31m.py".encode(),
    "direction": "d\u202eyp.py".encode(),
    "command of GitHub": b"e\n::error::PWN.py",
    "command of Azure": b"f\r##[group]##vso[x]PWN.py",
    "no UTF-8": b"g\xff.py",
    "markup": b"h|<script>`x`.py",
}
TRAIN = b"from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n"
FORMS = ("table", "json", "markdown", "html")
# What a terminal or a CI host would act on, or a reader would not see.
ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|^\s*::|##\w*\[", re.MULTILINE)


def in_a_process(folder: Path, *words: str, **settings: str) -> str:
    """All that a command says in a process of its own; its bytes that are no UTF-8 come back as U+FFFD."""
    done = run(sys.executable, "-m", "mlops_ladder", *words, cwd=folder, env={**os.environ, **settings})
    return f"{done.stdout}\nexit {done.returncode}"


@pytest.fixture(params=NAMES)
def repo(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / os.fsdecode(NAMES[request.param])).write_bytes(TRAIN)
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_no_report_acts(repo: Path, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    shown = ladder("assess", repo, "--format", form, "--summary")
    written = ladder("assess", repo, "--format", form, "--output", tmp_path / "report")
    texts = [shown.stdout, (tmp_path / "report").read_text("utf-8"), (tmp_path / "summary").read_text("utf-8")]

    assert (shown.exit_code, written.exit_code) == (0, 0)
    for text in texts:
        assert not ACTS.search(text), ACTS.search(text)
        assert "<script>" not in text or form in ("table", "json")
    if form != "table":
        assert ".py:" in texts[0]
    if form == "json":
        assert any(f["status"] == "met" and f["id"] == "training" for f in json.loads(texts[0])["findings"])


@pytest.mark.parametrize("name", NAMES)
def test_no_error_acts(name: str, tmp_path: Path) -> None:
    odd = os.fsdecode(NAMES[name])
    said = in_a_process(tmp_path, "assess", odd)

    assert not ACTS.search(said), said
    assert "is not a folder" in said
    assert said.endswith("exit 2")


@pytest.mark.parametrize("name", NAMES)
def test_no_plan_of_a_lift_acts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user has renamed a file that the next level changes, so the plan names it."""
    isolate(tmp_path, monkeypatch)
    project = tmp_path / "trips"
    create(plan(Request(project, 1)))
    (project / "README.md").rename(project / os.fsdecode(NAMES[name]))
    save(project)
    done = ladder("up", project, "--dry-run")

    assert ".py" in done.stdout
    assert not ACTS.search(done.stdout), done.stdout
    assert not ACTS.search(done.stderr), done.stderr


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "encoding",
    [{"PYTHONIOENCODING": "utf-8:strict"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
)
def test_no_encoding_is_a_reason_to_fail(form: str, encoding: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(NAMES["no UTF-8"])).write_bytes(TRAIN)
    said = in_a_process(tmp_path, "assess", ".", "--format", form, **encoding)

    assert said.endswith("exit 0"), said
    assert "\ufffd" not in said
    assert form == "table" or r"g\xff.py" in said.replace(r"\\", "\\")
