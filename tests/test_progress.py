"""Whoever is not shown what is being done says nothing."""

from __future__ import annotations

import pytest

from mlops_ladder.progress import Say, silent


def test_silence(capfd: pytest.CaptureFixture[str]) -> None:
    say: Say = silent
    say("reading the data")

    assert capfd.readouterr() == ("", "")
