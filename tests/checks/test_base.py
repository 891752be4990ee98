"""What a check that is defined wrongly, or not at all, is told."""

from __future__ import annotations

import pytest

from mlops_ladder.checks.base import CHECKS, Verdict, advice, check, met, run
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import TreeSource


def documented(files: Files) -> Verdict:
    """Do it."""
    return met(note="seen")


def undocumented(files: Files) -> Verdict:
    return met(note="seen")


def strange(speed: int) -> Verdict:
    """Do it."""
    return met(note=f"{speed}")


@pytest.mark.parametrize(
    ("capability", "function", "words"),
    [
        ("metrics", documented, "Two checks are named metrics"),
        ("new", undocumented, "The check of new has no docstring"),
        ("new", strange, "asks for the unknown fact 'speed'"),
    ],
)
def test_a_check_defined_wrongly_is_refused(capability: str, function, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LadderError, match=words) as caught:
        check(capability)(function)
    assert caught.value.code == BUG
    assert caught.value.hint
    assert "new" not in CHECKS


def test_a_capability_without_a_check_says_where_to_write_one() -> None:
    for ask in (lambda: run("new", Facts(TreeSource({}))), lambda: advice("new")):
        with pytest.raises(LadderError, match="There is no check of new") as caught:
            ask()
        assert '@check("new")' in caught.value.hint
