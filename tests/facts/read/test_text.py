from __future__ import annotations

import re

import pytest

from mlops_ladder.facts.read.text import blocks, decode, listed, parse_ini, parse_json, parse_toml, quoted, walk


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, None),
        (b"plain", "plain"),
        (b"\xef\xbb\xbfmark", "mark"),
        ("Zürich".encode("utf-16"), "Zürich"),
        (b"caf\xe9", "caf\ufffd"),
        (b"\x7fELF\x00\x00", None),
        (b"", ""),
    ],
)
def test_bytes_into_text(content: bytes | None, text: str | None) -> None:
    found = decode(content)

    assert (found.lstrip("\ufeff") if found else found) == text


def test_malformed_data_is_not_there() -> None:
    assert parse_json('{"a": 1}') == {"a": 1}
    assert parse_json("{") is None
    assert parse_toml("a = 1") == {"a": 1}
    assert parse_toml("a =") == {}


def test_a_list_or_nothing() -> None:
    assert listed(["a"]) == ["a"]
    assert listed("a") == listed(None) == listed({"a": 1}) == []


def test_walking_meets_every_pair_outermost_first() -> None:
    assert walk({"a": {"b": 1}, "c": [{"d": 2}], 3: 4}) == [
        ("a", {"b": 1}), ("c", [{"d": 2}]), ("3", 4), ("b", 1), ("d", 2),
    ]  # fmt: skip
    assert walk("x") == []


def test_what_parsers_stumble_over_is_nothing() -> None:
    assert parse_toml("a = " + "1" * 5_000) == {}
    assert parse_toml("a" + ".a" * 100_000 + " = 1") == {}
    assert parse_toml("a = " + "{a = " * 200 + "1" + "}" * 200) == {}
    assert parse_json("[" + "1" * 5_000 + "]") is None
    assert parse_json("[" * 200 + "]" * 200) is None
    assert parse_toml("[tool.poe.tasks]\na.b.c = 1\n'x.y' = 2\n")["tool"]["poe"]["tasks"] == {
        "a": {"b": {"c": 1}},
        "x.y": 2,
    }


def test_parts_between_two_marks() -> None:
    text = "a {{ b }} c {{ d\n }} {{ e"

    assert [text[start:end] for start, end in blocks(text, "{{", "}}")] == ["{{ b }}", "{{ d\n }}"]
    assert list(blocks("}} {{", "{{", "}}")) == []


def test_strings_in_quotes() -> None:
    before = re.compile(r"run ('{3}|'|\")")
    text = "run '''a\n'b' ''' run 'c' run \"d\" run 'e\n' run '''f"

    assert [found for _, found in quoted(text, before)] == ["a\n'b' ", "c", "d"]
    assert [text[start] for start, _ in quoted(text, before)] == ["a", "c", "d"]


def test_numbers_that_python_does_not_write_are_bounded() -> None:
    assert parse_toml(f"a = 0x{'f' * 9_000}\nb = [0x{'f' * 9_000}, 7, true]\n") == {"a": 2**64, "b": [2**64, 7, True]}


def test_a_file_of_sections_that_is_malformed_or_too_long_has_none() -> None:
    told: list[str] = []

    assert parse_ini("[a]\nb = 1\n", told.append).get("a", "b") == "1"
    assert parse_ini("[a]\nb = 1\nc\n", told.append).sections() == []
    assert told == []
    assert parse_ini("[a]\n" + " x\n" * 30_000, told.append).sections() == []
    assert told == ["has more than 50,000 characters"]
