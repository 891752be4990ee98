"""What files say as facts: a merge of lines is right only if it says what both sides say."""

from __future__ import annotations

import pytest

from mlops_ladder.lift.meaning import holds

MAKEFILE = "run:\n\techo 1\n\nui:\n\techo 2\n"
STAGES = "stages:\n  train:\n    deps:\n      - x\n"


@pytest.mark.parametrize(
    ("kind", "base", "ours", "theirs", "result", "right"),
    [
        ("make", MAKEFILE, MAKEFILE + "\techo 3\n", MAKEFILE, MAKEFILE + "\techo 3\n", True),
        ("make", MAKEFILE, MAKEFILE + "\techo 3\n", MAKEFILE + "new:\n", MAKEFILE + "new:\n\techo 3\n", False),
        ("make", MAKEFILE, MAKEFILE + "# a comment\n\techo 3\n", MAKEFILE, MAKEFILE + "# a comment\n\techo 3\n", True),
        ("yaml", STAGES, STAGES + "      - y\n", STAGES + "  new: [z]\n", STAGES + "      - y\n  new: [z]\n", True),
        ("yaml", STAGES, STAGES + "      - y\n", STAGES + "  new: [z]\n", STAGES + "  new: [z, y]\n", False),
        ("yaml", STAGES, STAGES + "  new: 1\n", STAGES + "  new: 2\n", STAGES + "  new: 1\n  new: 2\n", False),
        ("yaml", STAGES, "a: [", STAGES, "a: [", False),
        ("toml", "a = 1\n", "a = 1\nb = 2\n", "a = 3\n", "a = 3\nb = 2\n", True),
        ("toml", "a = 1\n", "a = 1\nb = 2\n", "a = 3\n", "a = 1\nb = 2\n", False),
        ("toml", "a = 1\n", "a = ", "a = 3\n", "a = 3\n", False),
        ("python", "x = 1\n", "x = 1\ny = 2\n", "x = 3\n", "y = 2\nx = 3\n", True),
        ("python", "def f(): pass\n", "def f(): return 1\n", "def f(): return 2\n", "def f(): return 2\n", False),
        ("python", "class A:\n  x = 1\n", "class A:\n  x = 1\n  y = 2\n", "z = 3\n", "class A:\n  y = 2\nz = 3\n", 1),
        ("python", "x = 1\n", "x =\n", "x = 3\n", "x = 3\n", False),
        ("prose", "a\n", "b\n", "c\n", "anything\n", True),
    ],
)  # fmt: skip
def test_what_a_result_must_say(kind: str, base: str, ours: str, theirs: str, result: str, right: bool) -> None:
    assert holds(kind, base, ours, theirs, result) == right


def test_words_that_met_in_one_line_are_held_word_by_word() -> None:
    sides = ("t:\n\ta b\n", "t:\n\ta c\n", "t:\n\tx a b\n", "t:\n\tx a c\n")
    assert not holds("make", *sides)
    assert holds("make", *sides, words=True)
