"""What encoding a text has that is not UTF-8: a guess, and the command that makes UTF-8 of it."""

from __future__ import annotations

import codecs
import re
import shlex
import unicodedata
from functools import partial
from itertools import chain
from pathlib import Path

BLOCK = 1 << 20
LOOKED_AT = 1 << 22  # bytes, from the line on that is no UTF-8

# By the name that iconv knows, in the order in which they are likely.
_WESTERN = {"WINDOWS-1252": "cp1252", "MACINTOSH": "mac_roman", "CP850": "cp850"}
_FOREIGN = 3  # bytes above ASCII that follow one another, on average, where the letters are not Latin ones
_UNUSED = frozenset(b"\x81\x8d\x8f\x90\x9d")  # what WINDOWS-1252 has no letter for, and iconv stops at
_SIGNS = ("Pi", "Pf", "Po", "Sc", "So")
_HIGH = re.compile(rb"[\x80-\xff]+")


def way_out(path: Path, place: int) -> str:
    """How to make UTF-8 of a file whose byte at `place`, from 0, is the first that is not."""
    with path.open("rb") as file:
        begin = file.read(min(place, BLOCK))
        file.seek(place)
        text = file.read(LOOKED_AT)
        unused = any(_UNUSED & set(block) for block in chain([text], iter(partial(file.read, BLOCK), b"")))
    if _is_mixed(begin + text):
        return f"Most of it is UTF-8. This leaves out the bytes that are not: {_command(path, 'UTF-8', ' -c')}"
    name = guess(text, unused=unused)
    if name:
        return f"It seems to be {name}: {_command(path, name)}"
    return f"Convert it from its own encoding, for instance if that is GB18030: {_command(path, 'GB18030')}"


def guess(text: bytes, *, unused: bool = False) -> str:
    """The likeliest encoding by iconv's name, or ""; `unused` says that WINDOWS-1252 cannot be it."""
    runs = _HIGH.findall(text)
    if sum(map(len, runs)) >= _FOREIGN * len(runs):
        letters = [letter for run in runs for letter in run.decode("cp1251", "replace")]
        small = sum("\u0430" <= letter <= "\u044f" for letter in letters)
        return "WINDOWS-1251" if small > len(letters) / 2 else ""
    likely = {name: _fit(text, codec) for name, codec in _WESTERN.items() if not (unused and codec == "cp1252")}
    return max(likely, key=lambda name: likely[name])


def _fit(text: bytes, codec: str) -> int:
    """How many letters above ASCII stand where one would write them, less those that stand where nobody would."""
    fit = 0
    words = text.decode(codec, "replace")
    for found in re.finditer(r"[^\x00-\x7f]", words):
        before, letter, after = words[found.start() - 1 : found.start()], found[0], words[found.end() : found.end() + 1]
        kind = unicodedata.category(letter)
        inside = before.isalpha() and after.isalpha()
        if kind in ("Ll", "Lu"):
            likely = (before + after).isalpha() and not (kind == "Lu" and before.islower())
        else:
            likely = kind in ("Zs", "Pd") or letter == "\u2019" or (kind in _SIGNS and not inside)
        fit += 1 if likely else -1
    return fit


def _is_mixed(text: bytes) -> bool:
    """Whether more letters above ASCII are UTF-8 than not."""
    decoded = codecs.decode(text, "utf-8", "replace")
    wrong = decoded.count("\ufffd")
    return sum(letter > "\x7f" for letter in decoded) - wrong > wrong


def _command(path: Path, name: str, option: str = "") -> str:
    return f"iconv{option} -f {name} -t UTF-8 {shlex.quote(path.name)} > converted.csv"
