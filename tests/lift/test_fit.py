"""Both renders of a merge, fitted to the project: what must not be left to git's merge."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from mlops_ladder.lift.fit import Aside, Sides, fit
from mlops_ladder.project.tree import File, Tree
from support.repos import files


def identity(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fitted(base: Tree, theirs: Tree, mine: dict[str, bytes] | None = None, **more: Any) -> Sides:
    """Both sides for a project that holds `mine`: by default the base as it was rendered."""
    held = {path: file.content for path, file in base.items()} if mine is None else mine
    edited = {path: text for path, text in held.items() if path not in base or text != base[path].content}
    return fit(base, theirs, {path: identity(text) for path, text in held.items()}, edited, identity, **more)


BASE = files(("a.txt", "a\n"), ("b.txt", "b\n"))


def test_what_needs_no_fitting_is_as_it_was_rendered_and_the_renders_are_not_touched() -> None:
    theirs = files(("a.txt", "a\n2\n"), ("b.txt", "b\n"), ("c.txt", "c\n"))
    before = (dict(BASE), dict(theirs))

    assert fitted(BASE, theirs) == Sides(BASE, theirs, (), ())
    fitted(BASE, files(("a.txt", "a\n")), foreign=["a.txt"])
    assert (BASE, theirs) == before


def test_what_git_does_not_hold_is_on_neither_side_and_told_where_its_template_changes() -> None:
    theirs = files(("a.txt", "new\n"), ("b.txt", "b\n"))
    sides = fitted(BASE, theirs, foreign=["b.txt", "a.txt"])

    assert (sides.base, sides.theirs) == ({}, {})
    assert sides.aside == (Aside("a.txt", "not in git: left as it is, though its template changes"),)


def test_what_is_kept_is_the_new_render_on_both_sides() -> None:
    theirs = files(("a.txt", "new\n"), ("b.txt", "b\n"), ("c.txt", "c\n"))
    sides = fitted(BASE, theirs, kept=["a.txt", "b.txt", "c.txt"])

    assert sides.base == sides.theirs == theirs
    assert sides.aside == tuple(Aside(path, "kept as yours: its template changes") for path in ("a.txt", "c.txt"))


def test_what_is_kept_and_dropped_by_the_template_is_on_neither_side() -> None:
    sides = fitted(BASE, files(("b.txt", "b\n")), kept=["a.txt"])

    assert (sides.base, sides.theirs) == (files(("b.txt", "b\n")),) * 2
    assert (sides.withdrawn, sides.aside) == ((), ())


@pytest.mark.parametrize(
    ("mine", "withdrawn", "aside"),
    [
        ({"a.txt": b"a\n", "b.txt": b"b\n"}, ("a.txt",), ()),
        ({"a.txt": b"mine\n"}, (), ("a.txt",)),
        ({"b.txt": b"b\n"}, (), ()),
    ],
)
def test_a_file_that_no_template_has_any_more(
    mine: dict[str, bytes], withdrawn: tuple[str, ...], aside: tuple[str, ...]
) -> None:
    """It stays on both sides, so that no look-alike is taken for it; untouched, it goes afterwards."""
    theirs = files(("b.txt", "b\n"))
    sides = fitted(BASE, theirs, mine)
    both = "a.txt" in mine

    assert (sides.base, sides.theirs) == ((BASE, BASE) if both else (theirs, theirs))
    assert sides.withdrawn == withdrawn
    assert sides.aside == tuple(
        Aside(path, "edited by you: left in place, though no template has it any more", dropped=True) for path in aside
    )


def test_a_removal_that_the_templates_declare_is_left_to_the_merge() -> None:
    theirs = files(("b.txt", "b\n"))

    assert fitted(BASE, theirs, removes=["a.txt"]) == Sides(BASE, theirs, (), ())


def test_line_ends_are_those_of_the_projects_own_copy() -> None:
    theirs = files(("a.txt", "a\n2\n"), ("b.txt", "b\n2\n"))
    sides = fitted(BASE, theirs, {"a.txt": b"a\r\n", "b.txt": b"b\n"})

    assert (sides.base["a.txt"].content, sides.theirs["a.txt"].content) == (b"a\r\n", b"a\r\n2\r\n")
    assert (sides.base["b.txt"], sides.theirs["b.txt"]) == (BASE["b.txt"], theirs["b.txt"])


@pytest.mark.parametrize("mine", [b"a\r\nb\n", b"a\r\n\0", b""])
def test_mixed_ends_and_bytes_that_are_no_text_stay(mine: bytes) -> None:
    theirs = files(("a.txt", "a\n2\n"), ("b.txt", "b\n"))

    assert fitted(BASE, theirs, {"a.txt": mine, "b.txt": b"b\n"}).theirs["a.txt"].content == b"a\n2\n"


def test_where_all_are_crlf_so_is_a_file_that_was_moved_away() -> None:
    base = {**BASE, "run.sh": File(b"x\n", executable=True)}
    sides = fitted(base, base, {"a.txt": b"a\r\n", "run.sh": b"x\r\n"})
    assert sides.base["b.txt"].content == sides.theirs["b.txt"].content == b"b\r\n"
    assert sides.base["run.sh"] == File(b"x\r\n", executable=True)

    some = fitted(base, base, {"a.txt": b"a\r\n", "run.sh": b"x\n"})
    assert some.theirs["b.txt"].content == b"b\n"
