"""Targets and sections that were moved, settled each on its own, in the order of the user."""

from __future__ import annotations

import pytest

from mlops_ladder.lift.blocks import Settled, settle_blocks

MAKEFILE = "# verbs\n.PHONY: run test\n\nrun: ## do\n\techo run\n\ntest:\n\techo test\n"
README = "# Trips\n\nWords.\n\n## Start\n\n```sh\n# make\n```\n\n## End\n\nMade.\n"


def never(_: Settled) -> Settled:
    raise AssertionError


def joined(texts: Settled) -> Settled:
    """Stands for a merge: the lines that are new on either side, after those of the base."""
    base, ours, theirs = (text.splitlines(keepends=True) for text in texts)
    text = "".join([*base, *(line for line in (*ours, *theirs) if line not in base)])
    return text, text, text


def test_a_target_that_moved_takes_the_change_where_the_user_has_it() -> None:
    moved = (
        "# verbs\n.PHONY: run test\n\ntest:\n\techo test\n\techo more\n\nrun: ## do\n\techo run\n\nnew:\n\techo new\n"
    )
    ours = MAKEFILE.replace("echo run", "echo run\n\techo mine")
    settled = settle_blocks("make", (MAKEFILE, ours, moved), never)
    assert settled
    assert len(set(settled)) == 1
    assert settled[1] == ours.replace("echo run\n\techo mine\n", "echo run\n\techo mine\n\nnew:\n\techo new\n").replace(
        "echo test\n", "echo test\n\techo more\n"
    )


def test_a_block_that_both_changed_is_settled_alone() -> None:
    ours, theirs = MAKEFILE + "\techo mine\n", MAKEFILE + "\techo new\n"
    settled = settle_blocks("make", (MAKEFILE, ours, theirs), joined)
    assert settled
    assert settled[0].endswith("test:\n\techo test\n\techo mine\n\techo new\n")


def test_sections_come_after_the_one_they_follow_and_own_ones_stay_last() -> None:
    ours = README.replace("# Trips", "# Birds") + "\n## Ours\n\nx\n"
    theirs = README.replace("## End", "## Team\n\ny\n\n## End").replace("Made.", "Made again.")
    settled = settle_blocks("prose", (README, ours, theirs), never)
    assert settled
    assert [line for line in settled[0].splitlines() if line.startswith("#")] == [
        "# Birds", "## Start", "# make", "## Team", "## End", "## Ours",
    ]  # fmt: skip
    assert "Made again.\n\n## Ours" in settled[0]


def test_what_only_one_side_took_away_goes() -> None:
    assert settle_blocks("prose", (README, README.partition("\n## End")[0], README), never) == (
        (README.partition("\n## End")[0],) * 3
    )


@pytest.mark.parametrize(
    ("kind", "base", "ours", "theirs"),
    [
        ("prose", README, README.replace("## Start", "## Begin"), README.replace("## Start", "## First")),
        ("prose", README, README.replace("Made", "Built"), README.partition("\n## End")[0]),
        ("prose", README, README + "\n## End\n", README),
        ("prose", README, README.replace("\n", "\r\n"), README),
        ("yaml", "a: 1\n", "a: 2\n", "a: 3\n"),
    ],
    ids=["two names", "changed and gone", "one name twice", "crlf", "no blocks"],
)
def test_what_blocks_do_not_help_with(kind: str, base: str, ours: str, theirs: str) -> None:
    assert settle_blocks(kind, (base, ours, theirs), never) is None
