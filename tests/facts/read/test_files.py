from __future__ import annotations

import pytest

from assess.labelled import Case
from assess.labelled.all import CASES
from mlops_ladder.assess.assess import verdicts
from mlops_ladder.facts.read import files as module
from mlops_ladder.facts.read.files import is_test
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import TreeSource
from support.facts import files_of


def test_archives_and_vendored_code_are_set_aside() -> None:
    files = files_of({"train.py": "", "legacy/train.py": "", "third_party/x.py": "", "src/Vendor/y.py": ""})

    assert files.paths == ["train.py"]
    assert files.text("legacy/train.py") == ""
    assert not files.committed("legacy/train.py")


def test_lookups() -> None:
    files = files_of({"a/b/c.py": "", "c.py": "", "d.YML": ""})

    assert files.by_name["c.py"] == ["a/b/c.py", "c.py"]
    assert files.folders == {"", "a", "a/b"}
    assert files.match(r"(^|/)C\.py$") == ["a/b/c.py", "c.py"]
    assert files.match(r"\.ya?ml$") == ["d.YML"]
    assert files.match(r"b|d") == ["a/b/c.py", "d.YML"]


def test_data_of_any_format() -> None:
    files = files_of({"a.yaml": "x: 1", "a.toml": "x = 1", "a.json": '{"x": 1}', "a.ini": "x=1", "b.yml": "["})

    assert [files.data(f"a.{ending}") for ending in ("yaml", "toml", "json")] == [{"x": 1}] * 3
    assert files.data("a.ini") is files.data("b.yml") is files.document("none.yml") is None


def test_a_spent_budget_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_BUDGET", 3)
    files = files_of({"a": "1234", "b": "1"})

    assert (files.text("a"), bool(files.unseen)) == ("1234", False)
    assert (files.text("b"), bool(files.unseen)) == ("", True)


def test_a_spent_yaml_budget_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARSE_BUDGET", 3)
    files = files_of({"a.yml": "a: 1"})

    assert (files.yaml("a.yml"), bool(files.unseen)) == ([], True)


def test_what_does_not_fit_leaves_room_for_what_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARSE_BUDGET", 10)
    files = files_of({"a.yml": "a: [1, 2, 3, 4]", "b.yml": "b: 1", "c.yml": "c: 2"})

    assert [files.document(path) for path in ("a.yml", "b.yml", "c.yml")] == [None, {"b": 1}, {"c": 2}]


def test_a_text_that_is_wanted_whole_when_the_budget_is_spent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_of({"a.md": "x" * 900, "b.md": "y"})
    monkeypatch.setattr(files, "_budget", 100)
    assert len(files.text("a.md")) == 500
    assert not files.unseen

    assert (files.whole("a.md"), files.unseen) == ("", {"text": module.SPENT})


def test_what_is_committed_is_the_content_itself() -> None:
    files = files_of({"a.pkl": "weights", "b.pkl": "version https://git-lfs.github.com/spec/v1\noid x\n"})

    assert [files.committed(path) for path in ("a.pkl", "b.pkl", "c.pkl")] == [True, False, False]
    assert files.in_git


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/a.py", True), ("src/pkg/test_a.py", True), ("a_test.py", True), ("conftest.py", True),
        ("src/testing.py", False), ("contest/a.py", False), ("latest_a.py", False),
    ],
)  # fmt: skip
def test_tests_by_their_path(path: str, test: bool) -> None:
    assert is_test(path) is test


def test_parsers_get_the_whole_text_and_patterns_a_short_one() -> None:
    word = "x" * 900
    files = files_of(
        {"a.yml": f"a: {word}", "a.toml": f"a = '{word}'", "a.json": f'{{"a": "{word}"}}', "a.md": "short"}
    )

    assert files.text("a.yml") == "a: " + "x" * 500
    assert files.whole("a.yml") == f"a: {word}"
    assert files.whole("a.md") is files.text("a.md")
    assert [files.data(f"a.{ending}") for ending in ("yml", "toml", "json")] == [{"a": "x" * 500}] * 3
    assert files.unseen == {}


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("train.py", "x = 1\n" * 110_000, "is larger than 600,000 bytes or cannot be read"),
        ("conf/a.yaml", "x: 1\n" * 130_000, "is larger than 600,000 bytes or cannot be read"),
        ("Makefile", "a: b\n" * 130_000, "is larger than 600,000 bytes or cannot be read"),
        ("train.py", "\0binary", "is not text"),
        ("README.md", "word " * 9_000, "has a line of more than 20,000 characters, and it is not read beyond them"),
        ("ci.yml", "a:\n" + "\n" * 1_001, "has more than 1,000 empty lines in a row, and is not read beyond them"),
    ],
)
def test_evidence_that_is_cut_is_said(path: str, content: str, why: str) -> None:
    files = files_of({path: content})
    files.text(path)

    assert files.unseen == {path: why}
    assert files.unseen


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data.json", "[1, 2]\n" * 90_000), ("data.json", "[" + "1, " * 90_000 + "1]"), ("rows.csv", "1,2\n" * 200_000),
        ("conda-lock.yml", "a: 1\n" * 130_000), ("model.pkl", "\0"), ("model", "\0"), ("data.jsonl", "\n" * 9_000),
        ("x.ipynb", "{" + '"a", ' * 90_000), ("README.md", f"![a](data:image/png;base64,{'QUJD' * 90_000})\n"),
        ("app.py", f'x = "{"a" * 90_000}"\n'),
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_not_missed(path: str, content: str) -> None:
    files = files_of({path: content})
    files.text(path)

    assert files.unseen == {}


def test_of_many_things_the_first_are_looked_at_and_that_is_said() -> None:
    files = files_of({})

    assert files.some([1, 2], 2, "numbers") == [1, 2]
    assert files.unseen == {}
    assert files.some([1, 2, 3], 2, "numbers") == [1, 2]
    assert files.unseen == {"numbers": "are looked at up to the first 2"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_of_what_people_write_nothing_is_missed(case: Case) -> None:
    facts = Facts(TreeSource(case.tree()))
    verdicts(facts)

    assert facts.files.unseen == {}


def test_configuration_that_is_as_often_data_comes_last_and_its_rest_is_no_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CONFIGURATION", 2)
    files = files_of({"a.json": "{}", "b.json": "{}", "c.toml": ""})

    assert files.configuration(r"\.(json|toml)$") == ["c.toml", "a.json"]
    assert not files.unseen
    files = files_of({"a.toml": "", "b.toml": "", "c.toml": ""})
    assert files.configuration(r"\.(json|toml)$") == ["a.toml", "b.toml"]
    assert files.unseen == {"configuration files": "are looked at up to the first 2"}


def test_what_a_bound_of_ours_leaves_out_is_said() -> None:
    deep = "[" * 300 + "]" * 300
    alias = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: &b [" + "*a, " * 30 + "]\nc: [" + "*b, " * 30 + "]\n"
    files = files_of({"a.yaml": f"a: {deep}", "b.yaml": alias, "c.toml": f"a = {deep}", "d.json": deep, "e.yaml": "["})

    assert [files.data(path) for path in files.paths] == [None, None, {}, None, None]
    assert files.unseen == {
        "a.yaml": "is nested too deep to be read",
        "b.yaml": "has aliases that make too much of it to be read",
        "c.toml": "is nested too deep to be read",
    }


def test_a_pointer_of_lfs_is_not_the_code_that_it_stands_for() -> None:
    files = files_of({"train.py": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"})

    assert files.text("train.py") == ""
    assert files.unseen == {"train.py": "is a pointer of Git LFS here, without its content"}
