"""Which lines of CI may be executed by themselves."""

from __future__ import annotations

import time

import pytest

from mlops_ladder.assess.running.bare import bare
from mlops_ladder.facts.code.shell import parse_shell


def taken(run: str, folder: str = "") -> list[str]:
    """The commands of a step that may be executed, joined."""
    words = [bare(run.split("\n"), command) for command in parse_shell(run, folder)]
    return [" ".join(line) for line in words if line]


@pytest.mark.parametrize(
    "line",
    [
        "pytest",
        "pytest -q tests/test_a.py::test_one --cov=src",
        "pytest -n 2 --dist loadgroup",
        "python -m pytest",
        "python3.11 -m unittest discover",
        "tox",
        "tox -e py311",
        "nox -s tests",
        "uv run pytest",
        "uv run --frozen --group test pytest -x",
        "poetry run python -m pytest",
        "hatch run pytest",
        "pdm run nox",
        "make test",
        "just check",
        "dvc repro",
    ],
)
def test_a_task_or_a_runner_by_itself_is_taken(line: str) -> None:
    assert taken(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "ssh prod pytest",
        "docker run -v /:/h img pytest",
        "docker compose run app pytest",
        "sudo pytest",
        "sudo -u prod make test",
        "env AWS_PROFILE=prod pytest",
        "MLFLOW_TRACKING_URI=https://prod pytest",
        "timeout 60 pytest",
        "xargs pytest",
        "pytest | tee log",
        "pytest > /etc/motd",
        "pytest < input",
        "pytest 2>&1",
        "pytest; rm -rf /",
        "pytest && twine upload dist/*",
        "rm -rf build && pytest",
        "pytest || true",
        "pytest &",
        "(pytest)",
        "if true; then pytest; fi",
        "! pytest",
        "pytest $WHERE",
        "pytest ${{ matrix.where }}",
        "pytest `cat list`",
        "pytest $(cat list)",
        'pytest -k "$(cat list)"',
        'pytest -k "`id`"',
        "pytest tests/*.py",
        "pytest ~/other",
        "pytest /srv/other",
        "pytest ../other",
        "pytest tests/../../other",
        "pytest --rootdir=/srv",
        "pytest -c/srv/x.ini",
        "pytest --cov-report=xml:/srv/x",
        "pytest --tx ssh=prod//python=python3",
        "pytest --tx=ssh=prod",
        "pytest \x1b]0;x\x07",
        "pytest -k '\u202e'",
        "pytest -k 'unclosed",
        "python test.py",
        "python -c 'import pytest'",
        "bash -c pytest",
        "sh run_tests.sh",
        "./pytest",
        "uv run --env-file .env pytest",
        "uv run --directory /srv pytest",
        "uv run --index https://x pytest",
        "uv run",
        "uv run --group",
        "uvx pytest",
        "poetry install",
        "make",
        "make test deploy",
        "make -C / test",
        "make -f/srv/Makefile",
        "make CC=x",
        "make SHELL=/srv/sh",
        "just",
        "dvc push",
        "dvc repro; dvc push",
        "npm test",
    ],
)
def test_anything_more_is_left_to_ci(line: str) -> None:
    assert taken(line) == []


@pytest.mark.parametrize(
    ("run", "lines"),
    [
        ("pip install .\npytest -q\n", ["pytest -q"]),
        ("cd back && pytest -q", ["pytest -q"]),
        ("cd back\npytest", ["pytest"]),
        ("cd back && pytest && deploy", []),
        ("cd $HOME && pytest", []),
        ("cd $HOME\npytest", []),
        ("pytest  # all of them", ["pytest"]),
        ("pytest \\\n  --verbose \\\n  -x\n", ["pytest --verbose -x"]),
        ("pytest \\\r\n  -x\r\n", ["pytest -x"]),
        ("pytest \\\n  | tee log", []),
        ("cat > run.sh <<EOF\npytest\nEOF\n", []),
        ("tox\nssh prod pytest\nnox", ["tox", "nox"]),
    ],
)
def test_a_line_counts_as_a_whole(run: str, lines: list[str]) -> None:
    assert taken(run) == lines


def test_words_are_taken_literally() -> None:
    (command,) = parse_shell("""pytest -m "not slow" -k 'a or b'""")

    assert bare([command.text], command) == ("pytest", "-m", "not slow", "-k", "a or b")


@pytest.mark.parametrize(("folder", "taken_"), [("back", True), ("$HOME", False), ("a\x1bb", False), ("a\nb", False)])
def test_a_folder_that_is_not_plain_is_left_to_ci(folder: str, taken_: bool) -> None:
    assert bool(taken("pytest", folder)) is taken_


@pytest.mark.parametrize(
    "text",
    ["x=1; pytest\n" * 20_000, "pytest \\\n" * 20_000, "pytest " + "a" * 100_000, "pytest " + "'" * 99_999],
    ids=["lines", "continued", "long", "quotes"],
)
def test_much_text_takes_little_time(text: str) -> None:
    """What is here alone: reading the shell is somebody else's."""
    commands = parse_shell(text)
    lines = text.split("\n")
    before = time.process_time()

    assert [line for line in (bare(lines, command) for command in commands) if line] == []
    assert time.process_time() - before < 3


@pytest.mark.parametrize(("word", "taken_"), [("../tests", True), ("../../tests", False)])
def test_a_word_may_lead_as_far_as_the_root(word: str, taken_: bool) -> None:
    assert bool(taken(f"pytest {word}", "back")) is taken_
