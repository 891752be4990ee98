"""Shell text into the commands that it runs. Nothing is ever executed."""

from __future__ import annotations

import re
import shlex
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache

_RUNNERS = {
    "uv": {"run"}, "poetry": {"run"}, "pipenv": {"run"}, "pdm": {"run"}, "hatch": {"run"}, "pixi": {"run"},
    "rye": {"run"}, "conda": {"run"}, "mamba": {"run"}, "micromamba": {"run"}, "coverage": {"run"}, "dotenv": {"run"},
    "doppler": {"run"}, "aws-vault": {"exec"}, "accelerate": {"launch"}, "bundle": {"exec"},
}  # fmt: skip
_PREFIXES = frozenset(
    [
        "sudo",
        "time",
        "nohup",
        "exec",
        "command",
        "env",
        "xvfb-run",
        "srun",
        "nice",
        "stdbuf",
        "torchrun",
        "timeout",
        "uvx",
        "pipx",
        "do",
        "then",
        "else",
        "if",
        "!",
        "(",
        "{",
    ]
)
_AS_MODULES = (["dvc"], ["mlflow"])  # whose subcommands mean the same after `python -m`
_VALUE_OPTIONS = frozenset(
    [
        "--group",
        "--extra",
        "--with",
        "--python",
        "-p",
        "--package",
        "--project",
        "--directory",
        "-n",
        "--name",
        "--only-group",
        "--env-file",
        "-e",
        "--no-group",
        "--num_processes",
        "--config_file",
        "--nproc_per_node",
        "--nnodes",
        "--rcfile",
        "--source",
        "-a",
    ]
)
_SPLIT = re.compile(r"(\|\||&&|;|\n|\|(?!\|)|(?<![>&\d])&(?![&>]))")
_ASSIGN = re.compile(r"^[A-Za-z_]\w*=")
_HARMLESS = re.compile(r"^\s*(true|:|exit\s+0|echo\b.*|printf\b.*)\s*$")
_JOINED = "\0"  # stands for a line break that ends no command
_DOCUMENT = re.compile(r"(?<!<)<<-?[ \t]{0,40}['\"]?(\w{1,80})['\"]?")
_WORD = re.compile(r"\s*(\w+)")


@dataclass(frozen=True)
class Command:
    """One simple command: its words without wrappers such as `uv run`, the folder it runs in, and its text.

    `ignored` says that its failure stops nothing; `offset` is the line (from 0) of the text on which it stands.
    """

    words: tuple[str, ...]
    folder: str
    text: str
    ignored: bool = False
    offset: int = 0

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def line(self) -> str:
        """The words, joined."""
        return " ".join(self.words)


@lru_cache(maxsize=20_000)
def parse_shell(text: str, folder: str = "") -> tuple[Command, ...]:
    """The commands of a shell text in their order, with `cd` followed.

    Text inside a here-document is data, except where it is fed to a shell.
    """
    text = _without_documents(text)
    text = re.sub(r"\\\r?\n", f"{_JOINED} ", text)
    commands: list[Command] = []
    parts = _split(text)
    lenient = False
    above = 0
    for index in range(0, len(parts), 2):
        part = parts[index]
        offset = above + _newlines(part[: len(part) - len(part.lstrip(f" \t\r\n{_JOINED}"))])
        above += _newlines(part) + _newlines("".join(parts[index + 1 : index + 2]))
        raw = part.replace(_JOINED, "").strip()
        if not raw or raw.startswith("#"):
            continue
        after = parts[index + 1] if index + 1 < len(parts) else ""
        following = parts[index + 2] if index + 2 < len(parts) else ""
        ignored = lenient or (after == "||" and bool(_HARMLESS.match(following))) or after == "&"
        ignored = ignored or (after == ";" and bool(re.match(r"^\s*(true|:|exit\s+0)\s*$", following)))
        words = _words(raw)
        if words[:2] == ["set", "+e"]:
            lenient = True
            continue
        if words[:1] == ["set"]:
            lenient = lenient and "-e" not in words[1] if len(words) > 1 else lenient
            continue
        if words[:1] in (["cd"], ["pushd"]) and len(words) > 1:
            folder = join(folder, words[1])
            continue
        words = unwrap(words)
        if words:
            commands.append(Command(tuple(words), folder, raw, ignored, offset))
            if words[0] in ("bash", "sh", "zsh") and len(words) > 2 and words[1] in ("-c", "-lc", "-ec", "-exc"):
                commands += [replace(inner, offset=offset) for inner in parse_shell(words[2], folder)]
    return tuple(commands)


def _without_documents(text: str) -> str:
    """The text without its here-documents, the line breaks of which are joined."""
    lines = text.split("\n")
    if "<<" not in text or len(lines) == 1:
        return text
    ends: dict[str, list[int]] = {}  # the lines that may end a document, by their first word
    for number, line in enumerate(lines):
        if match := _WORD.match(line):
            ends.setdefault(match[1], []).append(number)
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        match = _DOCUMENT.search(line)
        later = ends.get(match[1], []) if match else []
        place = bisect_right(later, at)
        if match and place < len(later):
            end = later[place]
            rest = lines[end].lstrip()[len(match[1]) :]
            line = f"{line[: match.start()]}{line[match.end() :]}{_JOINED * (end - at)}{rest}"
            at = end
        kept.append(line)
        at += 1
    return "\n".join(kept)


def _newlines(text: str) -> int:
    return text.count("\n") + text.count(_JOINED)


def _split(text: str) -> list[str]:
    """Commands and the operators between them, alternating; quotes are respected, comments dropped."""
    parts: list[str] = []
    quote = ""
    position = start = 0
    kept: list[str] = []
    while position < len(text):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and (position == 0 or text[position - 1] in " \t\n;"):
            end = text.find("\n", position)
            kept.append(text[start:position])
            position = start = len(text) if end < 0 else end
            continue
        elif match := _SPLIT.match(text, position):
            parts += ["".join([*kept, text[start:position]]), match[1]]
            position = start = match.end()
            kept = []
            continue
        position += 1
    return [*parts, "".join([*kept, text[start:]])]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def unwrap(words: list[str]) -> list[str]:
    """A command without assignments, `sudo`, `uv run` and their like in front of it."""
    while words:
        head = words[0].rpartition("/")[2]
        if _ASSIGN.match(words[0]) or head in _PREFIXES:
            words = _after_options(words[1:]) if head in ("torchrun", "timeout", "env") else words[1:]
        elif head in _RUNNERS and any(word in _RUNNERS[head] for word in words[1:4]):
            at = next(i for i, word in enumerate(words) if word in _RUNNERS[head])
            words = _after_options(words[at + 1 :])
        elif head in ("docker", "podman") and len(words) > 2 and words[1] in ("run", "exec", "compose"):
            inner = next((i for i, word in enumerate(words[2:], 2) if is_program(word)), None)
            if inner is None:
                return words
            words = words[inner:]
        elif head.startswith("python") and words[1:2] == ["-m"] and words[2:3] in _AS_MODULES:
            words = words[2:]
        else:
            break
    return words


def _after_options(words: list[str]) -> list[str]:
    while words and (words[0].startswith("-") or re.fullmatch(r"\d+[smh]?", words[0])):
        if words[0] == "--":
            return words[1:]
        if words[0] == "-m":
            return ["python", *words]
        words = words[2:] if words[0] in _VALUE_OPTIONS else words[1:]
    return words


def is_program(word: str) -> bool:
    """Whether a word inside another command starts a command of its own."""
    return bool(re.fullmatch(r"(?:.*/)?(python[\d.]*|make|dvc|bash|sh|pytest|tox|nox|papermill|kedro|uv|poetry)", word))


def join(folder: str, path: str) -> str:
    """A path below a folder of the repository, with `.` and `..` worked out; "" is the root."""
    parts: list[str] = [] if path.startswith("/") else [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)
