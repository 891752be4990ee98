"""What the evidence promises, executed in a copy, within a limit and when somebody agreed."""

from __future__ import annotations

import json
import os
import re
import socket
import time
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest

from assess.labelled.low import CASES as LOW
from mlops_ladder.assess.run_evidence import assess_and_run
from mlops_ladder.assess.running.plan import Plan
from mlops_ladder.assess.running.scratch import remove
from mlops_ladder.errors import LadderError
from mlops_ladder.progress import silent
from support.env import isolate
from support.facts import committed, git_at
from support.ladder import invoked as ladder
from support.repos import state
from support.trees import nested, write

own_git = pytest.fixture(autouse=True)(isolate)

TRAIN = "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0], [1]], [0, 1])\n"


def project(recipe: str) -> dict[str, str]:
    """A project whose main job is a recipe of make: shell lines, then the training that makes it the main job."""
    lines = "".join(f"\t{line}\n" for line in recipe.splitlines())
    return {"train.py": TRAIN, "Makefile": f".ONESHELL:\nrun:\n\tset -e\n{lines}\tpython3 -c pass train.py\n"}


def finding(output: str, capability: str = "one-command") -> dict[str, object]:
    found: dict[str, object] = next(f for f in json.loads(output)["findings"] if f["id"] == capability)
    return found


@pytest.mark.parametrize(
    ("recipe", "status"), [("true", "met"), ("echo broken; exit 3", "missing"), ("sleep 60", "missing")]
)
def test_run_executes_the_evidence_in_a_copy_and_within_a_limit(tmp_path: Path, recipe: str, status: str) -> None:
    case = next(case for case in LOW if case.name == "manual-script")
    makefile = f"train:\n\t{recipe} # python train.py\n\ttouch trace\n\tpython3 -c pass train.py\n"
    repo = write(
        tmp_path / "r", {name: dedent(text).lstrip() for name, text in case.files.items()} | {"Makefile": makefile}
    )
    done = ladder("assess", repo, "--run", "--yes", "--limit", 3, "--json")
    found = finding(done.stdout)

    assert found["status"] == status
    assert "ran `make train`" in f"{found['evidence']} {found['note']}"
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
    repo = write(tmp_path / "r", files)
    # A program in the place of pytest, since what is asked is where it runs.
    program = write(tmp_path / "bin", {"pytest": "#!/bin/sh\ntest -f train.py\n"}) / "pytest"
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    os.mkfifo(repo / "pipe")
    found = finding(ladder("assess", repo, "--run", "--yes", "--json").stdout, "ci-tests")

    assert found["status"] == "met", found
    assert re.match(r"\['ran `cd back && pytest`: exit 0", str(found["evidence"]))


def test_run_without_bash_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    problem = ladder("assess", tmp_path, "--run").exception

    assert isinstance(problem, LadderError)
    assert "bash was not found" in problem.message


def test_without_a_command_nothing_is_executed_and_findings_are_as_read(tmp_path: Path) -> None:
    """Nothing is asked or set up either."""
    files = {"train.py": TRAIN, "README.md": "A project.\n", "Makefile": f"setup:\n\ttouch {tmp_path}/mark\n"}
    asked: list[Plan] = []
    told: list[str] = []
    repo = write(tmp_path / "r", files)
    result = assess_and_run(repo, 3, "", silent, agree=asked.append, tell=told.append)
    found = {f.capability.id: f for f in result.findings}

    assert found["training"].evidence == ("train.py:2",)
    assert not any("ran `" in " ".join([*f.evidence, f.note]) for f in found.values())
    assert (asked, told) == ([], ["Nothing was executed: no evidence names a command that --run may execute."])
    assert not (tmp_path / "mark").exists()


def test_what_takes_too_long_to_find_is_not_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlops_ladder.assess.run_evidence.promised", lambda _: time.sleep(60))
    asked: list[Plan] = []
    told: list[str] = []
    repo = write(tmp_path / "r", project("true"))
    assess_and_run(repo, 3, "", silent, within=2, agree=asked.append, tell=told.append)

    assert (asked, told) == ([], ["Nothing was executed: what to execute was not found in time."])


def test_a_command_for_what_is_missing_anyway_is_not_executed(tmp_path: Path) -> None:
    """A target with the name of tests is no evidence without tests."""
    repo = write(tmp_path / "r", {"train.py": TRAIN, "Makefile": "test:\n\tpytest\n"})
    asked: list[Plan] = []
    assess_and_run(repo, 3, "", silent, agree=asked.append)

    assert asked == []


def test_what_is_executed_is_said_and_the_repository_stays_as_it_was(tmp_path: Path) -> None:
    makefile = "setup:\n\ttouch ready\nrun:\n\ttest -f ready && touch trace && python3 -c pass train.py\n"
    repo = write(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile})
    said: list[str] = []
    found = {f.capability.id: f for f in assess_and_run(repo, 20, "", said.append).findings}

    assert said[-2:] == ["make setup", "make run"]
    assert found["one-command"].status == "met"
    assert found["one-command"].evidence[0].startswith("ran `make run`: exit 0 after ")
    assert sorted(path.name for path in repo.iterdir()) == ["Makefile", "train.py"]


def test_a_set_up_that_fails_is_told_beside_what_fails_after_it(tmp_path: Path) -> None:
    makefile = "setup:\n\techo no network; exit 3\nrun:\n\tfalse && python train.py\n"
    repo = write(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile})
    found = {f.capability.id: f for f in assess_and_run(repo, 20, "", silent).findings}

    assert found["one-command"].status == "missing"
    assert re.match(r"ran `make setup`: exit 2 .*; ran `make run`: exit 2 ", found["one-command"].note)


def test_what_fails_is_missing_also_where_not_all_was_looked_at(tmp_path: Path) -> None:
    repo = write(tmp_path / "r", project("exit 3") | {"large.py": "x = 1\n" * 150_000})
    result = assess_and_run(repo, 20, "", silent)
    found = {f.capability.id: f for f in result.findings}

    assert result.unseen
    assert found["one-command"].status == "missing"
    assert found["one-command"].note.startswith("ran `make run`: exit 2 ")


def test_a_command_of_two_capabilities_is_executed_once_and_judges_both(tmp_path: Path) -> None:
    steps = "[{uses: actions/checkout@v4}, {run: make test}]"
    test = "from train import fit\n\n\ndef test_fit():\n    assert fit(2) == 4\n"
    files = {
        ".github/workflows/ci.yml": f"on: pull_request\njobs: {{t: {{runs-on: x, steps: {steps}}}}}\n",
        "train.py": f"{TRAIN}\n\ndef fit(x):\n    return x + 1\n",
        "tests/test_train.py": test,
        "Makefile": "test:\n\tpytest tests\n",
    }
    said: list[str] = []
    result = assess_and_run(write(tmp_path / "r", files), 20, "", said.append)
    found = {f.capability.id: f for f in result.findings}

    assert said.count("make test") == 1
    for name in ("ci-tests", "unit-tests"):
        assert found[name].status == "missing"
        assert found[name].note.startswith("ran `make test`: exit 2 ")


def test_the_last_commit_is_executed_and_what_is_not_in_it_is_named(tmp_path: Path) -> None:
    committed(tmp_path / "r", project("test ! -e new && grep -q random_state train.py"))
    write(tmp_path / "r", {"new": "", "train.py": TRAIN.replace("random_state=1", "")})
    done = ladder("assess", tmp_path / "r", "--run", "--yes", "--json")

    assert finding(done.stdout)["status"] == "met", done.stdout
    assert "Not committed, and so not in the copy: train.py, new\n" in done.stderr


def test_in_a_folder_of_a_repository_its_own_job_is_executed_there(tmp_path: Path) -> None:
    files = {f"svc/{path}": text for path, text in project("test -f ../root").items()}
    committed(tmp_path / "r", files | {"root": ""})

    assert finding(ladder("assess", tmp_path / "r/svc", "--run", "--yes", "--json").stdout)["status"] == "met"


def test_the_repository_around_a_linked_worktree_is_out_of_reach(tmp_path: Path) -> None:
    recipe = """
        git branch TAKEN
        git config taken.over yes
        git -c user.name=A -c user.email=a@b commit --quiet --allow-empty --message taken
        test -z "$$(git remote)"
        test -z "$$(git for-each-ref refs/heads/secret)"
        """
    top = tmp_path / "r"
    committed(top, project(recipe))
    git_at(top, "branch", "secret")
    git_at(top, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    before = state(top), (top / ".git/config").read_bytes(), state(tmp_path / "linked")
    done = ladder("assess", tmp_path / "linked", "--run", "--yes", "--json")

    assert finding(done.stdout)["status"] == "met", finding(done.stdout)
    assert (state(top), (top / ".git/config").read_bytes(), state(tmp_path / "linked")) == before


def test_what_links_lead_to_is_not_written(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"kept": "as it was\n"})
    recipe = "test ! -e absolute\ntest ! -e up\ntouch absolute/new up/outside/new || true\necho taken > file"
    files = project(recipe)
    write(tmp_path / "r", files)
    (tmp_path / "r/absolute").symlink_to(outside)
    (tmp_path / "r/up").symlink_to("..")
    (tmp_path / "r/file").symlink_to(outside / "kept")
    committed(tmp_path / "r", files)
    done = ladder("assess", tmp_path / "r", "--run", "--yes", "--json")

    assert finding(done.stdout)["status"] == "met"
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"kept": "as it was\n"}
    assert "Left out, since they lead out of the repository: absolute, file, up\n" in done.stderr


BACKEND = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "left-here"
version = "1"
"""
# The smallest build of a wheel: one module and its metadata.
BUILD = """
import zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "left_here-1-py3-none-any.whl"
    files = {
        "left_here.py": "",
        "left_here-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: left-here\\nVersion: 1\\n",
        "left_here-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "left_here-1.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "hidden",
    "HTTPS_PROXY": "http://user:hidden@proxy.example",
    "MLFLOW_TRACKING_URI": "https://user:hidden@mlflow.example",
    "UV_INDEX_URL": "https://user:hidden@index.example",
    "SSH_AUTH_SOCK": "hidden",
}
# Of the shell, make and Python; nothing of the caller's.
ADDED = {"PWD", "OLDPWD", "SHLVL", "_", "MAKELEVEL", "MAKEFLAGS", "MFLAGS", "MAKE_TERMERR", "MAKE_TERMOUT", "LC_CTYPE"}


def seen(tmp_path: Path, *words: str) -> dict[str, str]:
    """The environment that a main job gets."""
    repo = write(tmp_path / "r", project(f"env -0 > {tmp_path}/seen"))
    done = ladder("assess", repo, "--run", "--yes", "--json", *words)
    assert finding(done.stdout)["status"] == "met", done.output
    pairs = (tmp_path / "seen").read_text().rstrip("\0").split("\0")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def test_secrets_stay_with_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names by equality: `running/test_environment.py` has the lists."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TZ", "UTC")
    found = seen(tmp_path)

    from mlops_ladder.assess.running.environment import HANDED_ON, environment

    ours = environment(Path("home"), Path("tmp")).keys() - HANDED_ON
    assert found.keys() - ADDED == (ours | {name for name in HANDED_ON if name in os.environ}) - ADDED
    assert "hidden" not in str(found)
    assert found["TZ"] == "UTC"
    assert not Path(found["HOME"]).exists()


@pytest.mark.slow
def test_set_up_installs_into_no_python_of_the_users(tmp_path: Path) -> None:
    """Of a package that needs no index."""
    package = {"pyproject.toml": BACKEND, "backend.py": BUILD}
    makefile = "setup:\n\tpip install --quiet --no-index .\nrun:\n\tpython -c 'import left_here' train.py\n"
    repo = write(tmp_path / "r", {"train.py": TRAIN, "Makefile": makefile} | package)
    found = finding(ladder("assess", repo, "--run", "--yes", "--json").stdout)

    assert found["status"] == "met", found
    assert find_spec("left_here") is None


def test_a_variable_is_handed_over_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    found = seen(tmp_path, "--env", "UV_INDEX_URL", "--env", "HTTPS_PROXY")

    assert {name: found.get(name) for name in SECRETS} == {
        name: value if name in ("UV_INDEX_URL", "HTTPS_PROXY") else None for name, value in SECRETS.items()
    }


def test_a_variable_that_is_not_set_is_named_before_anything_else(tmp_path: Path) -> None:
    problem = ladder("assess", write(tmp_path / "r", project("true")), "--run", "--yes", "--env", "NOT_SET").exception

    assert isinstance(problem, LadderError)
    assert problem.message == "--env NOT_SET: there is no such variable in the environment."


@pytest.mark.parametrize("words", [("--yes",), ("--env", "PATH")])
def test_what_belongs_to_run_is_refused_without_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    problem = ladder("assess", tmp_path, *words).exception

    assert isinstance(problem, LadderError)
    assert "are of use with --run only" in problem.message


def test_without_a_terminal_and_without_yes_it_is_listed_and_refused(tmp_path: Path) -> None:
    repo = write(tmp_path / "r", project(f"touch {tmp_path}/mark"))
    done = ladder("assess", repo, "--run", "--json")

    assert isinstance(done.exception, LadderError)
    assert "add --yes" in done.exception.hint
    assert done.stdout == ""
    assert "  make run  one-command  (Makefile:2)\n" in done.stderr
    assert not (tmp_path / "mark").exists()


def test_with_yes_it_is_listed_too_and_the_report_stays_json(tmp_path: Path) -> None:
    done = ladder("assess", write(tmp_path / "r", project("echo noise")), "--run", "--yes", "--json")

    assert json.loads(done.stdout)["findings"]
    assert "  make run  one-command  (Makefile:2)\n" in done.stderr


def test_who_says_no_gets_nothing_executed(tmp_path: Path) -> None:
    def refuse(plan: Plan) -> None:
        raise LadderError(f"no to {len(plan.commands)}")

    repo = write(tmp_path / "r", project(f"touch {tmp_path}/mark"))
    with pytest.raises(LadderError, match="no to 1"):
        assess_and_run(repo, 3, "", silent, agree=refuse)
    assert not (tmp_path / "mark").exists()


def test_ci_that_reaches_other_machines_keeps_its_evidence_and_is_not_executed(tmp_path: Path) -> None:
    programs = dict.fromkeys(("ssh", "docker", "sudo"), f"#!/bin/sh\ntouch {tmp_path}/mark\n")
    write(tmp_path / "bin", programs)
    for name in programs:
        (tmp_path / "bin" / name).chmod(0o755)
    path = os.environ["PATH"]
    runs = "\n".join(
        f"    - run: {line}" for line in ("ssh prod pytest", "docker run -v /:/h img pytest", "sudo pytest")
    )
    ci = f"on: pull_request\njobs:\n  t:\n    steps:\n    - uses: actions/checkout@v4\n{runs}\n"
    test = "from train import fit\n\n\ndef test_fit():\n    assert fit() is not None\n"
    files = {
        "train.py": "from sklearn.svm import SVC\n\n\ndef fit():\n    return SVC().fit([[1], [2]], [0, 1])\n",
        "test_train.py": test,
        ".github/workflows/ci.yml": ci,
    }
    repo = write(tmp_path / "r", files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path / 'bin'}:{path}")
        done = ladder("assess", repo, "--run", "--yes", "--json")
    plain = ladder("assess", repo, "--json")

    assert finding(done.stdout, "ci-tests") == finding(plain.stdout, "ci-tests")
    assert finding(plain.stdout, "ci-tests")["status"] == "met"
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("in_git", [False, True])
def test_odd_files_and_depth_are_no_obstacle(tmp_path: Path, in_git: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = write(
        tmp_path / "r", project("test ! -e pipe\ntest ! -e socket") | {"a\x1b]0;x\x07\n::error::x": "", "b\udcff": ""}
    )
    nested(repo, 1200)
    if in_git:
        committed(repo, {"x": ""})
    os.mkfifo(repo / "pipe")
    monkeypatch.chdir(repo)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket")
            done = ladder("assess", repo, "--run", "--yes", "--json")
        assert finding(done.stdout)["status"] == "met", done.output
    finally:
        remove(repo)  # pytest cannot


@pytest.mark.parametrize("what", ["sparse", "no commit", "partial clone", "broken"])
def test_what_cannot_be_copied_is_one_clear_error(tmp_path: Path, what: str) -> None:
    repo = tmp_path / "r"
    if what in ("sparse", "no commit"):
        write(repo, project(f"touch {tmp_path}/mark"))
    else:
        committed(repo, project(f"touch {tmp_path}/mark"))
    if what == "sparse":
        os.truncate(write(repo, {"large": ""}) / "large", 3_000_000_000)
    elif what == "no commit":
        git_at(repo, "init", "--quiet")
    elif what == "partial clone":
        git_at(repo, "config", "remote.origin.promisor", "true")
    else:
        blob = git_at(repo, "rev-parse", "HEAD:train.py").strip()
        (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    problem = ladder("assess", repo, "--run", "--yes").exception

    assert isinstance(problem, LadderError)
    assert problem.code == 2
    assert problem.hint
    assert not (tmp_path / "mark").exists()


def test_a_project_of_ours_is_executed_to_the_end(tmp_path: Path) -> None:
    """Without its packages: a program in the place of uv says what it was asked for."""
    made = ladder("new", tmp_path / "ours", "--yes", "--level", 1)
    assert made.exit_code == 0, made.output
    write(tmp_path / "bin", {"uv": f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'})
    (tmp_path / "bin/uv").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        done = ladder("assess", tmp_path / "ours", "--run", "--yes", "--json")

    assert finding(done.stdout)["status"] == finding(done.stdout, "unit-tests")["status"] == "met"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[:2] == ["lock --check --quiet", "sync --quiet"]
    assert "run python -m pytest --quiet" in asked
    assert git_at(tmp_path / "ours", "status", "--porcelain") == ""
