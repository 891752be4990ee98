import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.assets import shipped_dataset
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.lock import LOCK, Lock, dump, load, lock_of, with_lock
from mlops_ladder.project.tree import File, tree_hash

ANSWERS = Answers("Late Flights", "late_flights", shipped_dataset(), {"ci": "gitlab"})
TREE = {"a": File(b"1"), "b/c": File(b"2", executable=True)}


def test_what_is_written_is_read_again() -> None:
    lock = lock_of(TREE, ANSWERS, 2, kept=("docs/data.md",))

    assert load(dump(lock)) == lock
    assert dump(load(dump(lock))) == dump(lock)
    assert with_lock(TREE, lock)[LOCK].content == dump(lock)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
columns = st.builds(
    Column,
    name=texts,
    kind=st.sampled_from(["number", "category", "text", "date", "ignored"]),
    nulls=st.floats(0, 1),
    low=numbers,
    high=numbers,
    integer=st.booleans(),
    values=st.lists(texts, max_size=3).map(tuple),
    note=texts,
)


@given(name=texts, found=st.lists(columns, max_size=4), low=numbers)
def test_any_text_and_number_survives(name: str, found: list[Column], low: float | None) -> None:
    data = Dataset("own", name, "csv", name, "regression", 3, tuple(found), separator="\t", target_low=low)
    lock = Lock("1", 1, "x", Answers(name, "p", data))

    assert load(dump(lock)) == lock


def test_zero_is_not_nothing() -> None:
    data = Dataset("own", "a", "csv", "t", "binary", 3, (Column("x", "number", low=0.0, high=0.0),))
    again = load(dump(Lock("1", 1, "x", Answers("a", "a", data)))).answers.data

    assert again.columns[0].low == 0.0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("base_tree =", "base_tre =", "base_tre"),
        ("level = 2", "level = 2\nspeed = 9", "speed"),
        ('ci = "gitlab"', 'cI = "gitlab"', "cI"),
        ('kind = "', 'sort = "', "sort"),
        ("[answers]", "[answer]", "answer"),
        ("level = 2", "level = ", "Invalid value"),
        ("level = 2", 'level = "2"', "level: Expected `int`, got `str`"),
        ("level = 2", "level = true", "level: Expected `int`, got `bool`"),
        ("rows = 26714", 'rows = "many"', "answers.data.rows: Expected `int`, got `str`"),
        ('ci = "gitlab"', 'ci = "jenkins"', "choose one of github, gitlab"),
        ('ci = "gitlab"', "ci = true", "ci is True"),
        ('package = "late_flights"', "package = []", "answers.package: Expected `str`, got `array`"),
        ('kind = "category"', 'kind = "colour"', "Invalid enum value 'colour'"),
        ('ci = "gitlab"', 'choices = {ci = "gitlab"}', "answers.choices"),
        ("[answers]", "kept = [1]\n\n[answers]", "kept"),
        ("base_tree =", "base_tree = 1\nold =", "base_tree: Expected `str`, got `int`"),
    ],
)
def test_a_damaged_lock_is_named(old: str, new: str, words: str) -> None:
    content = dump(lock_of(TREE, ANSWERS, 2))
    assert old.encode() in content

    with pytest.raises(LadderError, match=words) as caught:
        load(content.replace(old.encode(), new.encode(), 1))
    assert "git checkout" in caught.value.hint


def test_what_a_later_version_wrote_is_not_damaged() -> None:
    content = dump(replace(lock_of(TREE, ANSWERS, 2), ladder="99.10.0")).replace(
        b"[answers]\n", b"[answers]\npace = 1\n"
    )
    with pytest.raises(LadderError, match="pace") as caught:
        load(content)
    assert "ladder 99.10.0 wrote it" in caught.value.hint
    assert "uv tool upgrade" in caught.value.hint


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(LadderError, match="cannot be read"):
        load(b"\xff\xfe")


def test_the_hash_is_of_path_mode_and_content() -> None:
    seen = {
        tree_hash(tree)
        for tree in (
            TREE,
            {**TREE, "a": File(b"2")},
            {**TREE, "a": dataclasses.replace(TREE["a"], executable=True)},
            {"A": TREE["a"], "b/c": TREE["b/c"]},
            {"b/c": TREE["b/c"]},
        )
    }
    assert len(seen) == 5
    assert tree_hash(dict(reversed(TREE.items()))) == tree_hash(TREE)
