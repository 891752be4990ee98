"""Which lines of CI may be executed here: a task, or a test runner and nothing else.

Everything that could reach further (another machine, a container, another user, other folders, the values of
variables) is left to CI. What is taken is quoted word by word, so that the shell finds nothing to interpret in it.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence

from mlops_ladder.facts.code.shell import Command

_QUOTED = re.compile(r"""'[^']*'|"[^"$`\\]*\"""")
_PLAIN = re.compile(r"[\w./:=,@%+ -]*", re.ASCII)
_LONGEST = 2000  # characters of a line
_WRAPPERS = {"uv", "poetry", "hatch", "pdm"}
_FLAGS = {
    "--all-extras", "--all-groups", "--dev", "--frozen", "--isolated", "--locked", "--no-dev", "--no-sync",
    "--quiet", "-q",
}  # fmt: skip
_WITH_NAME = {"--extra", "--group", "--only-group"}
_TASK = re.compile(r"[\w.][\w.-]*", re.ASCII)
_ELSEWHERE = ("--tx", "--rsyncdir")  # pytest-xdist can hand tests to other machines


def bare(lines: Sequence[str], command: Command) -> tuple[str, ...]:
    """The words of a command, of a shell text in lines, when it may be executed by itself; nothing when it may not."""
    text = command.text.strip()
    if len(text) > _LONGEST or not text.isprintable() or not command.folder.isprintable() or "$" in command.folder:
        return ()
    if not _PLAIN.fullmatch(_QUOTED.sub("", text)):
        return ()
    words = shlex.split(text)
    inner = _unwrapped(words)
    fits = _is_task(words) or (_is_runner(inner) and _stays(inner[1:], command.folder))
    return tuple(words) if fits and _alone(lines, command.offset, words) else ()


def _alone(lines: Sequence[str], at: int, words: list[str]) -> bool:
    """Whether a line holds nothing but these words, and the way into a folder before them."""
    line = lines[at].rstrip("\r")
    while line.endswith("\\") and at + 1 < len(lines):
        at += 1
        line = line.removesuffix("\\") + lines[at].rstrip("\r")
        if len(line) > _LONGEST:
            return False
    try:
        all_words = shlex.split(line, comments=True)
    except ValueError:
        return False
    if all_words[:1] == ["cd"] and all_words[2:3] == ["&&"]:
        all_words = all_words[3:]
    return all_words == words


def _unwrapped(words: list[str]) -> list[str]:
    """The words behind `uv run` and its like; none behind an option whose meaning is not known."""
    if words[0] not in _WRAPPERS or words[1:2] != ["run"]:
        return words
    rest = words[2:]
    while rest and rest[0].startswith("-"):
        if rest[0] in _FLAGS:
            rest = rest[1:]
        elif rest[0] in _WITH_NAME:
            rest = rest[2:]
        else:
            return []
    return rest


def _is_task(words: list[str]) -> bool:
    if words[0] == "dvc":
        return words == ["dvc", "repro"]
    return len(words) == 2 and words[0] in ("make", "just") and bool(_TASK.fullmatch(words[1]))


def _is_runner(words: list[str]) -> bool:
    if not words:
        return False
    if re.fullmatch(r"python(3(\.\d+)?)?", words[0]):
        return words[1:2] == ["-m"] and words[2:3] in (["pytest"], ["unittest"])
    return words[0] in ("pytest", "py.test", "tox", "nox")


def _stays(words: list[str], folder: str) -> bool:
    """Whether no word leads out of the repository, or to another machine."""
    for word in words:
        parts = re.split("[=:]", word)
        if re.match("-[^-]", word):
            parts.append(word[2:])  # the value of a short option
        paths = [posixpath.normpath(posixpath.join("root", folder, part)) for part in parts]
        if parts[0] in _ELSEWHERE or any(path.split("/")[0] != "root" for path in paths):
            return False
    return True
