from __future__ import annotations

import pytest

from mlops_ladder.facts.code.shell import is_program, join, parse_shell, unwrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a; b && c || d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("echo 'a; b' \"c && d\"", ["echo a; b c && d"]),
        ("a # b\n# c\nd", ["a", "d"]),
        ("a \\\n  b", ["a b"]),
        ("a 2>&1 &>b", ["a 2>&1 &>b"]),
        ("cat <<EOF > x\nrm y\nEOF\nls", ["cat > x", "ls"]),
        ("bash <<'EOF'\nrm y\nEOF", ["bash"]),
        ("cat <<-A | tee b\n\tx\n\tA\ncat <<B\ny\nB; ls", ["cat", "tee b", "cat", "ls"]),
        ("cat <<EOF\nmore\nand more", ["cat <<EOF", "more", "and more"]),
        ("cat <<< word\nword", ["cat <<< word", "word"]),
        ("bash -c 'make a && make b'", ["bash -c make a && make b", "make a", "make b"]),
        ("if make a; then make b; fi", ["make a", "make b", "fi"]),
        ("echo 'unclosed", ["echo 'unclosed"]),
        ("", []),
    ],
)
def test_a_text_into_commands(text: str, lines: list[str]) -> None:
    assert [command.line for command in parse_shell(text)] == lines


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("a\nb; c\n\nd", [0, 1, 1, 3]),
        ("\n\na", [2]),
        ("a \\\n  b\nc", [0, 2]),
        ("cat <<EOF\nx\ny\nEOF\nb", [0, 4]),
        ("cat <<EOF | tee a\nx\nEOF\n# no\nb", [0, 0, 4]),
        ("echo 'a\nb'\nc", [0, 2]),
        ("a &&\nb", [0, 1]),
        ("a\nbash -c 'b\nc'", [0, 1, 1, 1]),
    ],
)
def test_each_command_knows_its_line(text: str, offsets: list[int]) -> None:
    assert [command.offset for command in parse_shell(text)] == offsets


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("a || true", [True, False]),
        ("a || exit 1", [False, False]),
        ("a || echo no", [True, False]),
        ("a & b", [True, False]),
        ("a; true", [True, False]),
        ("a; b", [False, False]),
        ("set +e\na\nset -e\nb", [True, False]),
        ("set -e\na", [False]),
    ],
)
def test_whose_failure_stops_nothing(text: str, ignored: list[bool]) -> None:
    assert [command.ignored for command in parse_shell(text)] == ignored


def test_folders_are_followed() -> None:
    commands = parse_shell("a\ncd src/app\nb\ncd ../lib && c\npushd /top; d", "x")

    assert [(command.line, command.folder) for command in commands] == [
        ("a", "x"), ("b", "x/src/app"), ("c", "x/src/lib"), ("d", "top"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "inner"),
    [
        ("A=1 B= sudo make", "make"),
        ("uv run --group dev --no-sync pytest -q", "pytest -q"),
        ("uv run -m pytest", "python -m pytest"),
        ("uv run -- pytest", "pytest"),
        ("poetry run python -m x", "python -m x"),
        ("uv sync", "uv sync"),
        ("timeout 10m make", "make"),
        ("env -u X make", "X make"),
        ("uv run python -m dvc repro", "dvc repro"),
        ("torchrun --nproc_per_node 2 train.py", "train.py"),
        ("accelerate launch --num_processes 2 train.py", "train.py"),
        ("docker run -v a:b image python train.py", "python train.py"),
        ("docker build .", "docker build ."),
        ("docker compose up", "docker compose up"),
        ("", ""),
    ],
)
def test_wrappers_are_taken_off(words: str, inner: str) -> None:
    assert unwrap(words.split()) == inner.split()


def test_the_program_and_the_text_of_a_command() -> None:
    (command,) = parse_shell("uv run ./bin/tool 'a b'")

    assert (command.program, command.line, command.text) == ("tool", "./bin/tool a b", "uv run ./bin/tool 'a b'")


@pytest.mark.parametrize(
    ("folder", "path", "joined"),
    [
        ("", "a/b", "a/b"), ("a", "../b", "b"), ("a/b", "./c/..", "a/b"), ("", "../../x", "x"), ("a", "/b", "b"),
        ("a", "", "a"),
    ],
)  # fmt: skip
def test_joining_paths(folder: str, path: str, joined: str) -> None:
    assert join(folder, path) == joined


@pytest.mark.parametrize(("word", "program"), [("python3.12", True), ("/usr/bin/make", True), ("pythonic", False)])
def test_programs_inside_other_commands(word: str, program: bool) -> None:
    assert is_program(word) is program
