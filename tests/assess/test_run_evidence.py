"""What the evidence promises, executed in a copy and within a limit."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from textwrap import dedent

import pytest

from assess.labelled.low import CASES as LOW
from mlops_ladder.assess.run_evidence import Run, assess_and_run, promised, run, set_up
from mlops_ladder.errors import LadderError
from mlops_ladder.progress import silent
from support.facts import facts_of
from support.ladder import invoked as ladder
from support.trees import write as write_tree

TRAIN = "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"


def write(files: dict[str, str], root: Path) -> Path:

    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text).lstrip("\n"))
    return root


@pytest.mark.parametrize(
    ("recipe", "status"), [("true", "met"), ("echo broken; exit 3", "missing"), ("sleep 60", "missing")]
)
def test_run_executes_the_evidence_in_a_copy_and_within_a_limit(tmp_path: Path, recipe: str, status: str) -> None:
    case = next(case for case in LOW if case.name == "manual-script")
    repo = write(
        {
            **case.files,
            "Makefile": f"train:\n\t{recipe} # python train.py\n\ttouch trace\n\tpython3 -c pass train.py\n",
        },
        tmp_path / "r",
    )
    done = ladder("assess", repo, "--run", "--limit", 3, "--json")
    finding = next(f for f in json.loads(done.stdout)["findings"] if f["id"] == "one-command")

    assert finding["status"] == status
    assert "ran `make train`" in " ".join([*finding["evidence"], finding["note"]])
    assert not (repo / "trace").exists()


def test_run_executes_the_tests_where_ci_runs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a working directory, beside a pipe that nobody could copy."""
    steps = "[{uses: actions/checkout@v4}, {run: pytest, working-directory: back}]"
    files = {
        ".github/workflows/ci.yml": f"on: pull_request\njobs: {{t: {{runs-on: x, steps: {steps}}}}}\n",
        "back/train.py": "from sklearn.svm import SVC\n\n\ndef fit():\n    return SVC().fit([[1], [2]], [0, 1])\n",
        "back/test_train.py": "from pathlib import Path\n\nfrom train import fit\n\n\n"
        "def test_fit():\n    assert fit() is not None\n",
    }
    repo = write(files, tmp_path / "r")
    # A program in the place of pytest, since what is asked is where it runs.
    program = write({"pytest": "#!/bin/sh\ntest -f train.py\n"}, tmp_path / "bin") / "pytest"
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    os.mkfifo(repo / "pipe")
    done = ladder("assess", repo, "--run", "--json")
    finding = next(f for f in json.loads(done.stdout)["findings"] if f["id"] == "ci-tests")

    assert finding["status"] == "met", finding
    assert "ran `cd back && pytest`: exit 0" in finding["evidence"][0]


def test_run_without_bash_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    problem = ladder("assess", tmp_path, "--run").exception

    assert isinstance(problem, LadderError)
    assert "bash was not found" in problem.message


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Run("make", 0, 1.24, "done"), "ran `make`: exit 0 after 1.2 s"),
        (Run("make", 2, 0.06, "no rule"), "ran `make`: exit 2 after 0.1 s: no rule"),
        (Run("make", None, 3, "still here"), "ran `make`: stopped at the time limit after 3.0 s: still here"),
        (Run("make", 1, 0, ""), "ran `make`: exit 1 after 0.0 s"),
    ],
)
def test_a_line_of_evidence(done: Run, said: str) -> None:
    assert done.said == said


def test_without_a_command_nothing_is_executed_and_findings_are_as_read(tmp_path: Path) -> None:
    repo = write_tree(tmp_path / "r", {"train.py": TRAIN, "README.md": "A project.\n"})
    said: list[str] = []
    found = {f.capability.id: f for f in assess_and_run(repo, 3, "", said.append).findings}

    assert found["training"].evidence == ("train.py:2",)
    assert not any("ran `" in " ".join([*f.evidence, f.note]) for f in found.values())


def test_what_is_executed_is_said_and_the_repository_stays_as_it_was(tmp_path: Path) -> None:
    makefile = "setup:\n\ttouch ready\nrun:\n\ttest -f ready && touch trace && python3 -c pass train.py\n"
    repo = write_tree(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile})
    said: list[str] = []
    found = {f.capability.id: f for f in assess_and_run(repo, 20, "", said.append).findings}

    assert said == ["make setup", "make run"]
    assert found["one-command"].status == "met"
    assert found["one-command"].evidence[0].startswith("ran `make run`: exit 0 after ")
    assert sorted(path.name for path in repo.iterdir()) == ["Makefile", "train.py"]


def test_a_set_up_that_fails_is_told_beside_what_fails_after_it(tmp_path: Path) -> None:
    makefile = "setup:\n\techo no network; exit 3\nrun:\n\tfalse && python train.py\n"
    repo = write_tree(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile})
    found = {f.capability.id: f for f in assess_and_run(repo, 20, "", silent).findings}

    assert found["one-command"].status == "missing"
    assert re.match(r"ran `make setup`: exit 2 .*; ran `make run`: exit 2 ", found["one-command"].note)


WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n    - run: {}\n"


@pytest.mark.parametrize(
    ("texts", "commands"),
    [
        (
            {"Makefile": "test:\n\tpytest\nrun:\n\tpython train.py\n"},
            {"unit-tests": "make test", "one-command": "make run"},
        ),
        ({"justfile": "train:\n  python train.py\n"}, {"one-command": "just train"}),
        ({"dvc.yaml": "stages:\n  fit:\n    cmd: python train.py\n"}, {"one-command": "dvc repro"}),
        ({".github/workflows/a.yml": WORKFLOW.format("cd back && pytest -q")}, {"ci-tests": "cd back && pytest -q"}),
        ({".github/workflows/a.yml": WORKFLOW.format("pytest $WHERE")}, {}),
        (
            {".github/workflows/a.yml": WORKFLOW.format("make test"), "Makefile": "test:\n\tpytest\n"},
            {"ci-tests": "make test"},  # executed once
        ),
        ({"Makefile": "notes:\n\tpython train.py\n", "sub/Makefile": "run:\n\tpython ../train.py\n"}, {}),
        ({"tox.ini": "[testenv:run]\ncommands = python train.py\n"}, {}),
    ],
)
def test_which_commands_the_evidence_promises(texts: dict[str, str], commands: dict[str, str]) -> None:
    assert promised(facts_of({"train.py": TRAIN} | texts)) == commands


@pytest.mark.parametrize(
    ("texts", "commands"),
    [
        ({"Makefile": "all:\n\tls\ninstall:\n\tls\n"}, ["make install"]),
        ({"justfile": "deps:\n  ls\n"}, ["just deps"]),
        ({"justfile": "deps:\n  ls\n", "Makefile": "setup:\n\tls\n"}, ["make setup"]),
        ({"sub/Makefile": "setup:\n\tls\n"}, []),
        ({"Makefile": "all:\n\tls\n"}, []),
    ],
)
def test_what_sets_a_project_up(texts: dict[str, str], commands: list[str]) -> None:
    assert set_up(facts_of(texts)) == commands


@pytest.mark.parametrize(
    ("command", "code", "tail"),
    [
        ("echo one; echo two >&2", 0, "two"),
        ("echo one; exit 3", 3, "one"),
        ("true", 0, ""),
        ("cat", 0, ""),  # nobody answers
        ("pwd | sed s:.*/::", 0, "here"),
    ],
)
def test_a_command_is_executed_in_a_folder(tmp_path: Path, command: str, code: int, tail: str) -> None:
    (tmp_path / "here").mkdir()
    done = run(command, tmp_path / "here", 20)

    assert (done.command, done.code, done.tail) == (command, code, tail)


def test_at_the_limit_a_command_ends_with_all_its_children(tmp_path: Path) -> None:
    done = run("echo begun; (sleep 1; touch late) & sleep 60", tmp_path, 0.3)

    assert (done.code, done.tail) == (None, "begun")
    assert 0.3 <= done.seconds < 1
    time.sleep(max(0, 1.2 - done.seconds))
    assert not (tmp_path / "late").exists()
