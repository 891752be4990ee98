from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest

from mlops_ladder.facts.read.yaml import Script, line_of_key, line_of_value, parse_yaml, script


def document(text: str) -> Any:
    return parse_yaml(dedent(text))[0]


def test_the_data_is_plain_and_equal() -> None:
    text = "a: [1, 'x', {b: null}]\n'on': yes\n2: 3.5\n"

    assert parse_yaml(text) == [{"a": [1, "x", {"b": None}], "on": True, 2: 3.5}]
    assert json.dumps(parse_yaml(text)[0]) == '{"a": [1, "x", {"b": null}], "on": true, "2": 3.5}'


def test_everything_knows_its_line() -> None:
    data = document(
        """\
        # a comment with b: in it
        a: 1
        b:
          - x
          - {c: y}
        d: |
          first
          second
        """
    )

    assert [line_of_key(data, key) for key in "abd"] == [2, 3, 6]
    assert line_of_value(data["b"]) == 4
    assert [line_of_value(item) for item in data["b"]] == [4, 5]
    assert line_of_value(data["b"][1]["c"]) == 5
    assert line_of_value(data["d"]) == 7
    assert line_of_value(data["a"], 9) == 9
    assert line_of_key(data, "none", 8) == 8
    assert line_of_key(None, "none") == 1


def test_an_alias_stands_where_its_anchor_does() -> None:
    data = document("base: &b\n  run: x\nother:\n  <<: *b\n  more: y\n")

    assert data["other"] == {"run": "x", "more": "y"}
    assert line_of_key(data["other"], "run") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run: pytest\n", Script("pytest", (1,))),
        ("run: |\n  a\n\n  b\n", Script("a\n\nb\n", (2, 3, 4, 5))),
        ("run: >\n  a\n  b\n", Script("a b\n", (2, 2))),
        ("run: 'a\n\n  b'\n", Script("a\nb", (1, 1))),
        ("run:\n  - a\n  - |\n    b\n    c\n  - [d]\n", Script("a\nb\nc\n\nd", (2, 4, 5, 6, 6))),
        ("run: 5\n", Script("", (0,))),
    ],
)
def test_each_line_of_a_script_has_its_line_of_the_file(text: str, expected: Script) -> None:
    assert script(document(text)["run"]) == expected


def test_the_line_of_a_script_is_that_of_its_first_command() -> None:
    assert script(document("run: |\n\n  a\n")["run"]).line == 3
    assert script(None).line == 0


@pytest.mark.parametrize("text", ["a: !Ref b\n", "a: !x [b]\n", "a: !x {b: c}\n", "a: !!python/name:os.system b\n"])
def test_unknown_tags_are_their_plain_value(text: str) -> None:
    assert document(text)["a"] in ("b", ["b"], {"b": "c"})


@pytest.mark.parametrize("text", ["a: [1", "a: &a [*a]\n", "? [a]: b\n", "a: 2020-99-99\n", "\ta: b"])
def test_what_is_malformed_or_a_cycle_is_not_there(text: str) -> None:
    assert parse_yaml(text) == []


def test_several_documents() -> None:
    data = parse_yaml("a: 1\n---\n---\nkind: x\n")

    assert data == [{"a": 1}, {"kind": "x"}]
    assert line_of_value(data[1]) == 4


def test_numbers_beyond_all_measure_are_text() -> None:
    document = parse_yaml(f"a: 1{':59' * 90_000}\nb: {'1' * 90_000}\nc: 90\nd: 1:30\ne: 1.5\nf: 2026-01-31\n")[0]

    assert [type(value).__name__ for value in document.values()] == ["Text", "Text", "int", "int", "float", "date"]


def test_a_document_that_is_nested_too_deep_is_nothing() -> None:
    assert parse_yaml("a: " + "[" * 600 + "]" * 600) == []
    assert (
        parse_yaml("a: &a [1]\n" + "".join(f"b{i}: &b{i} [*{'a' if not i else f'b{i - 1}'}]\n" for i in range(300)))
        == []
    )
    assert parse_yaml("a: " + "[" * 50 + "]" * 50) != []


@pytest.mark.parametrize("value", ["!!int ''", "!!int '-'", "!!float ''", "!!bool x", "!!int x", "!!timestamp x"])
def test_a_tag_that_its_value_belies_makes_a_document_malformed(value: str) -> None:
    assert parse_yaml(f"a: {value}\n") == []


def test_many_documents_of_aliases_are_no_more_than_one() -> None:
    told: list[str] = []
    document = "---\na: &a [1, 1, 1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b]\n"

    assert len(parse_yaml(document * 3, told.append)) == 3
    assert parse_yaml(document * 300, told.append) == []
    assert told == ["has aliases that make too much of it to be read"]
