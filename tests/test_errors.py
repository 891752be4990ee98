"""The one error that a person is meant to read."""

from __future__ import annotations

import pytest

from mlops_ladder.errors import BUG, FINDINGS, OK, USAGE, LadderError


def test_a_fact_a_way_out_and_a_code() -> None:
    error = LadderError("It is so.", "Do this.", BUG)

    assert (error.message, error.hint, error.code, str(error)) == ("It is so.", "Do this.", BUG, "It is so.")


def test_without_more_it_is_a_wrong_request() -> None:
    error = LadderError("It is so.")

    assert (error.hint, error.code) == ("", USAGE)


def test_every_code_has_a_meaning_of_its_own() -> None:
    assert (OK, FINDINGS, USAGE, BUG) == (0, 1, 2, 3)


def test_it_is_caught_by_its_message() -> None:
    with pytest.raises(LadderError, match=r"^It is so\.$"):
        raise LadderError("It is so.", "Do this.")
