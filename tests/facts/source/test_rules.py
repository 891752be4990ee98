"""Rules of a .gitignore file mean what they mean to pathspec, and take no time to speak of."""

from __future__ import annotations

import os
import random
import re
import time
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from mlops_ladder.facts.source.rules import LONGEST, linear, rules
from support.budget import slowness

PARTS = ["a", "b", "*", "*", "/", "**/", "/**/", "?", "[ab]", "/**", "!", ".", "\\*"]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261125)


def test_an_expression_without_ways_back_finds_the_same(chance: random.Random) -> None:
    compared = 0
    for _ in range(4_000):
        rule = "".join(chance.choices(PARTS, k=chance.randint(1, 9)))
        try:
            before = [p.regex for p in GitIgnoreSpec.from_lines([rule]).patterns if p.regex is not None]
        except ValueError:
            continue
        for regex in before:
            path = "/".join("".join(chance.choices("ab.", k=3)) for _ in range(chance.randint(1, 5)))
            one, other = regex.match(path), re.match(linear(regex.pattern), path)
            assert (one and one.groupdict()) == (other and other.groupdict()), (rule, path)
            compared += 1

    assert compared > 2_000


@pytest.mark.parametrize(
    ("rule", "path"),
    [("*a" * 12 + "b", "a" * 240), ("**/a/" * 12 + "b", "a/" * 120 + "c"), ("a**" * 12 + "b", "a" * 240)],
)
def test_a_rule_with_many_stars_takes_no_time(tmp_path: Path, rule: str, path: str) -> None:
    (tmp_path / ".gitignore").write_text(rule)
    found = rules(tmp_path / ".gitignore")
    start = time.process_time()

    assert found is not None
    assert found.check_file(path).include is None
    assert time.process_time() - start < 0.5 * max(1.0, slowness())


def test_malformed_rules_are_passed_over_without_a_word(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("[z-a]\n\\\n[[:alpha:]][a-\n(?P<x>\n*.csv\n")
    found = rules(tmp_path / ".gitignore")

    assert found is not None
    assert found.check_file("a.csv").include is True
    assert found.check_file("a.py").include is None


def test_a_file_without_end_is_read_to_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / ".gitignore").open("wb") as file:
        file.write(b"*.csv\n")
        file.truncate(2**40)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(".gitignore")
    found = rules(tmp_path / ".gitignore")

    assert found is not None
    assert found.check_file("a.csv").include is True
    assert rules(tmp_path / "pipe") is rules(tmp_path / "link") is rules(tmp_path / "none") is None
    assert LONGEST < 100_000
