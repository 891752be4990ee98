"""Text of strangers, as it is shown: nothing in it steers a terminal, a CI log or the eye of a reader."""

from __future__ import annotations

import json
import unicodedata

import pytest

from mlops_ladder.legible import json_text, line, lines

HOSTILE = "m\x1b]0;x\x07\u202e\udcff\ud83d\x85\x9b\t\r\u2028\U000e0041"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zürich 北 👍 \u200d", "Zürich 北 👍 \u200d"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m", r"\x1b[31m"),
        ("train\udcff.py", r"train\xff.py"),
        ("\ud83d", r"\ud83d"),
        ("\u202egnp.py", r"\u202egnp.py"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_a_text_on_one_line(text: str, shown: str) -> None:
    assert line(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n  two ::3\n", "one\n  two ::3\n"),
        ("::error::x", r"\x3a:error::x"),
        ("a\n \u3000::add-mask::x", "a\n \u3000\\x3a:add-mask::x"),
        (
            "a ##[group]b ##vso[task.setvariable]c # [d] ## [e]",
            r"a \x23#[group]b \x23#vso[task.setvariable]c # [d] ## [e]",
        ),
    ],
)
def test_no_line_is_a_command_for_a_ci_host(text: str, shown: str) -> None:
    assert lines(text) == shown


def test_every_control_is_shown() -> None:
    hidden = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) in ("Cc", "Cs", "Zl", "Zp")]
    shown = line("".join(hidden))

    assert shown.isascii()
    assert shown.isprintable()
    assert lines("".join(hidden)).replace("\n", "").isprintable()


def test_json_is_the_value_and_nothing_in_it_needs_to_be_escaped_again() -> None:
    value = {HOSTILE: [HOSTILE, "##[error]x", "Zürich", 1, None]}
    text = json_text(value)

    assert json.loads(text) == value
    assert lines(text) == text
    assert "##[" not in text
    assert "Zürich" in text
    text.encode()
