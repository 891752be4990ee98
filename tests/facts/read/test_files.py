from __future__ import annotations

import pytest

from mlops_ladder.facts.read import files as module
from mlops_ladder.facts.read.files import is_test
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

    assert (files.text("a"), files.truncated) == ("1234", False)
    assert (files.text("b"), files.truncated) == ("", True)


def test_a_spent_yaml_budget_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "YAML_BUDGET", 3)
    files = files_of({"a.yml": "a: 1"})

    assert (files.yaml("a.yml"), files.truncated) == ([], True)


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
