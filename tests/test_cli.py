"""The command line as a user's shell sees it: exit codes, what goes where, help, and the promises of every option."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from mlops_ladder import __version__, cli
from mlops_ladder.cli import COMMANDS
from mlops_ladder.errors import BUG, FINDINGS, OK, USAGE, LadderError
from mlops_ladder.project.answers import QUESTIONS
from mlops_ladder.project.layers import available
from support.env import clean
from support.shapes import request
from support.terminal import Terminal

LIMIT = 60
COMMAND = [sys.executable, "-m", "mlops_ladder"]


def ladder(cwd: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=clean(cwd, known=False, TMPDIR=str(cwd), **env),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_list_of_commands_is_the_help(tmp_path: Path) -> None:
    done = ladder(tmp_path, "--help")

    assert done.returncode == OK
    assert done.stderr == ""
    for name, line in COMMANDS.items():
        assert name in done.stdout
        assert line in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = cli.program().get_command(None, name)
    assert command is not None
    text = command.get_help(typer.Context(command, info_name=f"ladder {name}"))

    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, f"ladder {name} {parameter.opts[0]} has no help"
            assert parameter.opts[0] in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_reports_as_json_and_every_writer_can_only_look(name: str) -> None:
    command = cli.program().get_command(None, name)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}

    assert "--json" in options
    if name in {"new", "up", "update", "set", "keep"}:
        assert "--dry-run" in options


def test_the_version(tmp_path: Path) -> None:
    assert ladder(tmp_path, "--version").stdout == f"ladder, version {__version__}\n"


def test_a_new_project_and_what_to_type_next(tmp_path: Path) -> None:
    done = ladder(tmp_path, "new", "my house", "--level", "2")

    assert done.returncode == OK
    assert "my house: level 2, Reproducible" in done.stdout
    assert "26,714 rows" in done.stdout
    assert done.stdout.endswith("Next:\n  cd 'my house'\n  make setup\n  make run\n")
    defaults = [question.option(question.default) for question in QUESTIONS]
    assert done.stderr == f"Taken by default: {', '.join(defaults)}, --data the sample\n"
    assert (tmp_path / "my house" / ".git").is_dir(), "git is there, only nobody's name is known"
    assert "git config --global user.name NAME" in done.stdout


def test_json_goes_to_stdout_alone(tmp_path: Path) -> None:
    done = ladder(tmp_path, "new", "house", "--json", "--no-git")
    report = json.loads(done.stdout)

    assert report["path"] == str(tmp_path / "house")
    assert report["level"] == 1
    assert report["data"]["task"] == "binary"
    assert sorted(report["files"]) == report["files"]
    assert all((tmp_path / "house" / path).is_file() for path in report["files"])


@pytest.mark.parametrize("level", available())
def test_a_dry_run_shows_every_file_and_writes_none(tmp_path: Path, level: int) -> None:
    dry = ladder(tmp_path, "new", "house", "--dry-run", "--json", "--level", str(level))
    assert dry.returncode == OK
    assert entries(tmp_path) == []

    real = ladder(tmp_path, "new", "house", "--json", "--level", str(level), "--no-git")
    assert json.loads(dry.stdout)["files"] == json.loads(real.stdout)["files"]


def test_a_dry_run_is_a_tree(tmp_path: Path) -> None:
    done = ladder(tmp_path, "new", "house", "--dry-run")

    assert "src/\n  house/\n    __init__.py\n" in done.stdout
    assert done.stderr.endswith(" files; nothing was written.\n")
    assert entries(tmp_path) == []


def test_new_fills_the_empty_folder_that_one_is_in(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    folder.mkdir()
    done = ladder(folder, "new", ".", "--yes", "--no-git")

    assert done.returncode == 0, done.stderr
    assert (folder / "src" / "house" / "train.py").is_file()


WRONG = [
    (["new", "house", "--level", "5"], "Level 5 is not there yet."),
    (["new", "house", "--level", "6"], "There is no level 6."),
    (["new", "house", "--level", "two"], "is not a valid int"),
    (["new", "house", "--speed"], "No such option: --speed"),
    (["new", "house", "--ci", "jenkins"], "is not one of 'github', 'gitlab'"),
    (["new", "house", "--task", "clustering"], "is not one of"),
    (["new", "house", "--target", "y"], "go with --data"),
    (["new", "house", "--data", "nowhere.csv", "--target", "y"], "nowhere.csv"),
    (["new"], "ladder new PATH"),
    (["new", "class"], "keyword"),
    (["new", "json"], "Python's own module"),
    (["new", f"a{300 * '-'}b"], "Choose a shorter name."),
    (["new", "a", "b"], "unexpected extra argument"),
    (["climb"], "No such command 'climb'"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_wrong_usage_is_2_says_why_and_writes_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    done = ladder(folder, *arguments)

    assert done.returncode == USAGE
    assert words in done.stderr
    assert done.stdout == ""
    assert entries(folder) == []
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder in which a program stands")
@pytest.mark.parametrize("words", [["assess"], ["new", "house"]], ids=" ".join)
def test_a_current_folder_that_was_taken_away_is_no_bug_of_ours(tmp_path: Path, words: list[str]) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *COMMAND, *words],
        cwd=folder,
        env=clean(tmp_path, known=False, TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == USAGE
    assert "The current folder is not there any more." in done.stderr


def test_own_data_from_the_command_line(tmp_path: Path) -> None:
    asked = request("binary-csv")
    done = ladder(tmp_path, "new", "churn", "--data", str(asked["data"]), "--target", asked["target"], "--no-git")

    assert done.returncode == OK, done.stderr
    assert "binary of 'churned' from customers.csv, 400 rows" in done.stdout


@pytest.mark.parametrize("dry", [False, True])
def test_own_data_that_git_will_hold_is_told(tmp_path: Path, dry: bool) -> None:
    asked = request("binary-csv")
    words = ["new", "churn", "--data", str(asked["data"]), "--target", asked["target"], "--no-git"]
    done = ladder(tmp_path, *words, *(["--dry-run"] if dry else []))
    told = " ".join((done.stderr if dry else done.stdout).split())

    assert (
        "whoever reads the repository can read: rows, in data/raw/customers.csv and data/sample/customers.csv;" in told
    )
    assert "'churned', and the lowest and highest of " in told
    assert "in .ladder.toml, config.toml and docs/data.md." in told
    report = json.loads(ladder(tmp_path, "new", "again", *words[2:], "--json", "--dry-run").stdout)
    assert report["in_git"]["rows"] == ["data/raw/customers.csv", "data/sample/customers.csv"]


def test_of_the_sample_there_is_nothing_to_tell(tmp_path: Path) -> None:
    done = ladder(tmp_path, "new", "house", "--no-git", "--yes")

    assert done.returncode == OK
    assert "whoever reads" not in done.stdout + done.stderr


def test_colour_only_on_a_terminal_and_never_with_no_color(tmp_path: Path) -> None:
    command = [*COMMAND, "new", "class", "--yes"]
    shown = []
    for colour in ({}, {"NO_COLOR": "1"}):
        with Terminal(command, tmp_path, {**os.environ, **colour}) as terminal:
            assert terminal.end() == USAGE
            shown.append(terminal.seen)

    assert "\x1b[31m" in shown[0]
    assert "error:" in shown[1]
    assert "\x1b[3" not in shown[1]
    assert "\x1b" not in ladder(tmp_path, "new", "class").stderr


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`ladder new --dry-run | head -1`: quiet, and the usual code of a broken pipe."""
    program = subprocess.Popen(
        [*COMMAND, "new", "house", "--dry-run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    words = program.stderr.read().decode()
    program.stderr.close()

    assert program.wait(LIMIT) == 128 + signal.SIGPIPE
    assert "Traceback" not in words
    assert "BrokenPipe" not in words


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (LadderError("It is so.", "Do this."), USAGE, "error: It is so.\n\nhint: Do this.\n"),
        (LadderError("Findings.", code=FINDINGS), FINDINGS, "error: Findings.\n"),
        (PermissionError(errno.EACCES, "No entry", "shelf/x"), USAGE, "error: shelf/x: No entry.\n\nhint: Look at its"),
        (OSError(errno.ENOSPC, "Disk full"), USAGE, "error: Disk full.\n\nhint: Make room there"),
        (KeyboardInterrupt(), 130, "Interrupted; nothing was left half-done.\n"),
        (typer.Abort(), 130, "Interrupted; nothing was left half-done.\n"),
        (ZeroDivisionError("oops"), BUG, "error: This is a bug of ladder.\n\nhint: Please report it with "),
    ],
)
def test_every_way_out_has_its_code(
    raised: BaseException,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(**_: object) -> None:
        raise raised

    monkeypatch.setattr(cli.program(), "main", run)
    monkeypatch.setattr(cli, "_clean_up_when_ended", lambda: None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(words)
    if code == BUG:
        log = Path(shown.err.split("Please report it with ")[1].strip())
        assert "ZeroDivisionError: oops" in log.read_text("utf-8")
        assert f"ladder {__version__}" in log.read_text("utf-8")


@pytest.mark.parametrize(("ignored", "ended"), [(True, False), (False, True)])
def test_what_nohup_ignores_stays_ignored(ignored: bool, ended: bool, tmp_path: Path) -> None:
    code = (
        "import os, signal; from mlops_ladder import cli;"
        f"signal.signal(signal.SIGHUP, signal.SIG_IGN if {ignored} else signal.SIG_DFL);"
        "cli._clean_up_when_ended(); os.kill(os.getpid(), signal.SIGHUP); print('still here')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == (128 + signal.SIGHUP if ended else 0)
    assert ("still here" in done.stdout) is not ended


def modules_after(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_starts_without_heavy_modules() -> None:
    code = "import sys; import mlops_ladder.cli; print(*sys.modules)"
    loaded = modules_after(code)

    heavy = {"duckdb", "jinja2", "questionary", "prompt_toolkit", "rich", "yaml", "tomlkit", "asyncio"}
    assert "typer" in loaded
    assert loaded & heavy == set()


def test_new_on_the_sample_reads_no_data_and_parses_no_template() -> None:
    code = (
        "import sys; from pathlib import Path; from mlops_ladder.new.create import Request, plan;"
        "plan(Request(Path('/tmp/never-written'), 2)); print(*sys.modules)"
    )
    loaded = modules_after(code)

    assert "mlops_ladder.project.compiled" in loaded
    assert (
        loaded & {"duckdb", "jinja2", "questionary", "prompt_toolkit", "rich", "mlops_ladder.intake.profile"} == set()
    )
