from __future__ import annotations

import pytest

from mlops_ladder.facts.tasks.variables import FILE_LIMIT, LINE_LIMIT, Variables


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("run $(A) ${B}", "run one one two"),
        ("run {{A}} {{ B }}", "run one one two"),
        ("run $(NONE)x $$HOME", "run x $HOME"),
        ("plain", "plain"),
    ],
)
def test_variables_are_filled_in(line: str, filled: str) -> None:
    assert Variables(["A = one # comment", "B ?= $(A) two", "\tA = recipe", "c: d"]).expand(line) == filled


def test_a_line_stays_short_and_the_cut_is_said() -> None:
    variables = Variables(["A=" + "$(B)" * 3_000, "B=" + "$(C)" * 3_000, "C=" + "$(D)" * 3_000, "D=x"])

    assert not variables.cut
    assert len(variables.expand("run $(A)")) <= LINE_LIMIT
    assert variables.cut


def test_a_file_stays_short() -> None:
    variables = Variables(["A=" + "x" * 9_000])
    grown = sum(len(variables.expand("run $(A)")) for _ in range(10_000))

    assert grown < 2 * FILE_LIMIT
    assert variables.cut


def test_a_line_that_uses_itself_ends() -> None:
    assert len(Variables(["A=$(A)$(A)$(A)"]).expand("$(A)")) < LINE_LIMIT
