import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mlops_ladder.errors import LadderError
from mlops_ladder.intake.profile import safe_name
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.assets import shipped_dataset
from mlops_ladder.project.dataset import Column, Dataset
from mlops_ladder.project.layers import available
from mlops_ladder.project.lock import LARGEST, LOCK, Lock, dump, load, lock_of, read, with_lock
from mlops_ladder.project.render import render
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
    kind=st.sampled_from(["category", "text", "date", "ignored"]),
    nulls=st.floats(0, 1),
    low=numbers,
    high=numbers,
    integer=st.booleans(),
    values=st.lists(texts, max_size=3).map(tuple),
    note=st.sampled_from(["", "constant", "infinite in 12 rows"]),
)
HASH = "0" * 64


@given(name=texts, found=st.lists(columns, max_size=4), low=numbers)
def test_any_text_and_number_of_a_table_survives(name: str, found: list[Column], low: float | None) -> None:
    data = Dataset("own", "a.csv", "csv", name, "regression", 3, tuple(found), separator="\t", target_low=low)
    lock = Lock("1", 1, HASH, Answers("P", "p", data))

    assert load(dump(lock)) == lock


measures = st.builds(Column, texts, st.just("number"), st.floats(0, 1), *(numbers,) * 4)
anything = st.builds(
    Dataset,
    source=st.sampled_from(["own", "flights"]),
    file=st.just("a.csv"),
    format=st.just("csv"),
    target=texts,
    task=st.sampled_from(["binary", "multiclass", "regression"]),
    rows=st.integers(0, 2**62),
    columns=st.lists(columns | measures, max_size=2).map(tuple),
    time=texts,
    positive=texts,
    classes=st.lists(texts, max_size=2).map(tuple),
    target_low=numbers,
    target_high=numbers,
    target_q01=numbers,
    target_q99=numbers,
    target_nulls=st.none() | st.floats(0, 1),
    shares=st.lists(st.floats(0, 1), max_size=2).map(tuple),
    decimal=st.sampled_from(".,"),
    thousands=st.sampled_from(["", ".", " "]),
    missing=st.lists(texts, max_size=2).map(tuple),
    time_form=st.sampled_from(["", "%Y", "s", "%d/%m/%y %I:%M %p"]),
    group=texts,
    unlabelled=st.integers(0, 2**62),
)


@settings(max_examples=60, deadline=None)
@given(anything, st.sampled_from(available()))
def test_what_is_read_can_be_rendered(data: Dataset, level: int) -> None:
    try:
        lock = load(dump(Lock("1", level, HASH, Answers("P", "p", data))))
    except LadderError:
        return
    assert render(lock.answers, level)


@given(st.text(max_size=40))
def test_any_name_that_intake_writes_is_read_again(name: str) -> None:
    lock = Lock("1", 1, HASH, Answers("P", "p", Dataset("own", safe_name(f"{name}.CSV"), "csv", "t", "binary", 3)))

    assert load(dump(lock)) == lock


def test_zero_is_not_nothing() -> None:
    data = Dataset("own", "a.csv", "csv", "t", "binary", 3, (Column("x", "number", 0, 0.0, 0.0, 0.0, 0.0),))
    again = load(dump(Lock("1", 1, HASH, Answers("a", "a", data)))).answers.data

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


FULL = Lock(
    "0.2.0",
    2,
    HASH,
    Answers(
        "P",
        "p",
        Dataset(
            "own",
            "a.csv",
            "csv",
            "late",
            "binary",
            30,
            (
                Column("x", "number", 0.5, 1.0, 9.0, 2.0, 8.0, integer=True, remark="few values"),
                Column("carrier", "category", values=("AA", "B6")),
                Column("id", "ignored", note="identifier"),
                Column("sent", "date", form="%d.%m.%Y"),
            ),
            separator=";",
            time="day",
            first="2013-01-01",
            last="2013-02-01",
            positive="yes",
            classes=("no", "yes"),
            target_low=1.5,
            target_high=2.5,
            target_q01=1.6,
            target_q99=2.4,
            target_nulls=0.25,
            shares=(0.75, 0.25),
            decimal=",",
            thousands=".",
            missing=("?",),
            time_form="%Y",
            group="id",
            seed=8,
            unlabelled=2,
            target_remark="far off",
        ),
        {"ci": "gitlab"},
        "0a1b2c",
    ),
    ("docs/data.md",),
)
HOSTILE = {
    "absolute": '"/etc/passwd"',
    "above": '"../../secret.csv"',
    "template": '"{{ cycler.__init__.__globals__.os.getcwd() }}"',
    "control": '"\\u001b]0;x\\u0007"',
    "two lines": '"a\\nb"',
    "empty": '""',
    "list": '["x"]',
    "table": "{ x = 1 }",
    "yes": "true",
    "number": "-7",
    "fraction": "-7.5",
    "infinite": "inf",
    "none": "nan",
    "digits": "9" * 5_000,
    "exponent": "1e999",
    "deep": "[" * 20_000 + "]" * 20_000,
    "deep tables": "{a=" * 20_000 + "1" + "}" * 20_000,
}
TEXTS = {"absolute", "above", "template", "control", "two lines", "empty"}
# What may be said all the same: any text of a table, numbers of it, and a moment or a note that is left out.
FREE = {
    **dict.fromkeys(
        (
            "answers.data.target",
            "answers.data.time",
            "answers.data.positive",
            "answers.data.classes.0",
            "answers.data.classes.1",
            "answers.data.columns.0.name",
            "answers.data.columns.1.name",
            "answers.data.columns.1.values.0",
            "answers.data.columns.1.values.1",
            "answers.data.columns.2.name",
            "answers.data.columns.3.name",
            "answers.data.group",
            "answers.data.missing.0",
        ),
        TEXTS,
    ),
    **{f"answers.data.columns.0.{name}": {"number", "fraction"} for name in ("low", "high", "q01", "q99")},
    **{f"answers.data.target_{name}": {"number", "fraction"} for name in ("low", "high", "q01", "q99")},
    "answers.data.columns.0.integer": {"yes"},
    "answers.data.first": {"empty"},
    "answers.data.last": {"empty"},
    "answers.data.thousands": {"empty"},
    "answers.data.time_form": {"empty"},
    "answers.data.columns.3.form": {"empty"},
    # Printed as it is, and no more.
    "answers.data.target_remark": {"absolute", "above", "template", "empty"},
    "answers.data.columns.0.remark": {"absolute", "above", "template", "empty"},
    "answers.data.columns.2.note": {"absolute", "above", "template", "empty"},
    "kept.0": {"template"},  # a name as any other
}


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The path of every value that is no table and no list."""
    if not isinstance(value, dict | list):
        yield path
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(one, f"{path}.{key}" if path else str(key))


def with_value(path: str, raw: str) -> bytes:
    """The full lock with one value replaced by a piece of TOML."""
    table = tomllib.loads(dump(FULL).decode())
    *above, last = path.split(".")
    at: Any = table
    for part in above:
        at = at[int(part) if part.isdigit() else part]
    at[int(last) if last.isdigit() else last] = "@"
    return tomli_w.dumps(table).replace('"@"', raw).encode()


LEAVES = list(leaves(tomllib.loads(dump(FULL).decode())))


@pytest.mark.parametrize("path", LEAVES)
def test_a_value_that_ladder_would_not_have_written_is_refused(path: str) -> None:
    accepted = set()
    for kind, raw in HOSTILE.items():
        try:
            load(with_value(path, raw))
            accepted.add(kind)
        except LadderError as error:
            assert error.code == 2  # noqa: PT017
            assert len(error.message) < 500  # noqa: PT017
    assert accepted == FREE.get(path, set())


def test_every_field_of_a_lock_is_among_those_values() -> None:
    fields = {field for one in (Lock, Dataset, Column) for field in one.__struct_fields__} | {
        "name",
        "package",
        "data",
        "ci",
        "id",
    }
    named = {part for path in LEAVES for part in path.split(".") if not part.isdigit()}

    assert named == fields


DEEP = "a key is too deep"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"#" * (LARGEST + 1), "it has more than 4,000,000 bytes"),
        (b"[" + b"a." * 500_000 + b"a]\n" + b"b=1\n" * 10, DEEP),
        (b'["]"' + b".a" * 500_000 + b"]\n" + b"b=1\n" * 10, DEEP),
        (b"a" + b" . a" * 500_000 + b" = 1\n", DEEP),
        (b'"a"' + b'."a"' * 500_000 + b" = 1\n", DEEP),
        (b"x = { a" + b".a" * 500_000 + b" = 1 }\n", DEEP),
        (b"# '''\na" + b".a" * 500_000 + b" = 1\n# '''\n", DEEP),
        (b'# "\na = "\\" # "\nb' + b".a" * 500_000 + b" = 1\n", DEEP),
        (b'a = "' + b'\\"' * 1_000_000, "Unterminated"),
        (b'a = """' + b'\\"' * 1_000_000, "Unterminated"),
        (b"level = " + b"9" * 5_000, "a number has too many digits"),
        (b"level = " + b"[" * 20_000, "it is nested too deeply"),
        (b'ladder = "' + b"9" * 5_000 + b'"', "ladder: "),
        (b'ladder = "9.\xc2\xb2"', "ladder: it is not of the form"),
    ],
    ids=[
        *("size", "header", "quoted header", "key", "quoted key", "inline key", "behind a comment", "behind a text"),
        *("endless text", "endless lines", "digits", "depth", "long version", "odd version"),
    ],
)
def test_a_lock_that_costs_more_than_it_says_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(LadderError, match=words) as caught:
        load(content)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "text", ["a.b.c.d.e.f.g.h.i.j.k", '""" . . . . . . . . . . ', "' . . . . . . . . . . .", "# '"]
)
def test_dots_in_a_text_are_no_depth(text: str) -> None:
    column = Column(text, "category", values=(text, "\\", "'" * 3, '"' * 3))
    lock = Lock("1", 1, HASH, Answers("P", "p", Dataset("own", "a.csv", "csv", text, "binary", 3, (column,))))

    assert load(dump(lock)) == lock


def test_what_would_not_be_read_again_is_not_written() -> None:
    wide = Dataset("own", "a.csv", "csv", "t", "binary", 3, (Column("x" * LARGEST, "text"),))

    with pytest.raises(LadderError, match="4,000,000 are the most"):
        dump(Lock("1", 1, HASH, Answers("P", "p", wide)))


def test_no_more_of_a_lock_is_read_than_may_be(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(b"#" * (LARGEST + 100))

    assert len(read(tmp_path / LOCK)) == LARGEST + 1


def test_a_name_that_is_taken_today_was_free_when_the_project_was_made() -> None:
    assert load(dump(Lock("1", 1, HASH, Answers("pandas", "pandas")))).answers.package == "pandas"


@pytest.mark.parametrize(
    ("name", "package"), [("P", "q"), ("class", "class "), ("\u212aelvin", "kelvin"), ("a--b", "a__b"), ("_a", "_a")]
)
def test_a_package_is_what_the_name_gives(name: str, package: str) -> None:
    with pytest.raises(LadderError, match=r"answers\.package"):
        load(dump(Lock("1", 1, HASH, Answers(name, package))))


@pytest.mark.parametrize("path", ["/a", "a/../b", "..", ".", "a//b", "a/", "a\\..\\b", "", "a\x1bb", "a\nb"])
def test_a_kept_path_leads_to_a_file_of_the_project(path: str) -> None:
    with pytest.raises(LadderError, match="kept"):
        load(dump(replace(FULL, kept=("a.txt", path))))


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
