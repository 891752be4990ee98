"""What was looked for: the first that shows it, else everything that only looks like it."""

from __future__ import annotations

from collections.abc import Iterator

from mlops_ladder.facts.seen import Seen, first


def test_only_places_count() -> None:
    assert Seen(("a.py:1",))
    assert not Seen((), "a note alone")


def test_the_first_that_shows_it_ends_the_search() -> None:
    def steps() -> Iterator[Seen | None]:
        yield None
        yield Seen((), "not this")
        yield Seen(("a.py:1",), "this")
        raise AssertionError("the search went on")

    assert first(steps()) == Seen(("a.py:1",), "this")


def test_else_all_notes_are_kept_each_once() -> None:
    assert first([Seen((), "a"), Seen(), Seen((), "b"), Seen((), "a")]) == Seen((), "a; b")
    assert first([]) == Seen()
