from __future__ import annotations

import pytest

from mlops_ladder.facts.read.text import decode, listed, parse_json, parse_toml, walk


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
