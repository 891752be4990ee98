"""Text that is not ours, made safe to show: nothing in it steers a terminal, a CI log or the eye of a reader."""

from __future__ import annotations

import json
import re
from typing import Any

# Controls (C0, DEL, C1), marks that turn the direction of writing, line separators, what cannot be seen, and halves of
# a surrogate pair, which no encoding can write. The joiners U+200C and U+200D belong to words of many languages.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_HIDDEN_BUT_LINE_ENDS = re.compile(HIDDEN.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
# What CI hosts obey in a log: `##[group]` and `##vso[...]` anywhere, `::error::` at the start of a line.
_COMMAND = re.compile(r"#(?=#\w*\[)")
_AT_START = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def line(text: str) -> str:
    """Text on one line: line ends, what cannot be seen and what a CI host would obey are escaped, as in `\\x1b`."""
    return _COMMAND.sub(r"\\x23", HIDDEN.sub(_escape, text))


def lines(text: str) -> str:
    """The same for text whose line ends are ours."""
    shown = _COMMAND.sub(r"\\x23", _HIDDEN_BUT_LINE_ENDS.sub(_escape, text))
    return _AT_START.sub(r"\1\\x3a", shown)


def json_text(value: Any) -> str:
    """JSON of which `lines` changes nothing, since it is escaped in the way of JSON already."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return _COMMAND.sub(r"\\u0023", _HIDDEN_BUT_LINE_ENDS.sub(_in_json, text))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as Python carries it in names
        code -= 0xDC00
    if code < 0x100:
        return _SHORT.get(character) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _in_json(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if match[0] != "\x7f" else r"\u007f"
