"""TOML of both sides by its meaning: what only one side changed comes, requirements by their packages."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from mlops_ladder.lift.meeting import GiveUp
from mlops_ladder.lift.merge_toml import Clash, is_toml, merged, toml, with_new_groups
from support.repos import TRIPS_TOML as BASE


def test_what_is_no_toml() -> None:
    assert is_toml(BASE)
    assert not is_toml("a = ")


def toml_of(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def test_list_entries_of_both_sides_come_together() -> None:
    ours = BASE.replace('"pandas>=3,<4",', '"pandas>=3,<4",  # the table\n    "polars>=1",')
    theirs = BASE.replace('"pandas>=3,<4",', '"pandas>=3,<4",\n    "mlflow>=3",')
    result = toml(BASE, ours, theirs)
    assert toml_of(result)["project"]["dependencies"] == ["pandas>=3,<4", "polars>=1", "mlflow>=3"]
    assert "# the table" in result


def test_a_changed_entry_of_ours_stays_beside_a_new_one() -> None:
    ours = BASE.replace("pandas>=3,<4", "pandas>=3.1,<4")
    theirs = BASE.replace('"pandas>=3,<4",', '"pandas>=3,<4",\n    "mlflow>=3",')
    assert 'pandas>=3.1,<4",\n    "mlflow>=3"' in toml(BASE, ours, theirs)


def test_tables_and_keys_of_both_sides_come_together() -> None:
    ours = BASE + "fix = true\n\n[tool.mine]\nx = 1\n\n[tool.both]\na = 1\n"
    theirs = BASE + "preview = true\n\n[tool.level]\ny = 2\n\n[tool.both]\nb = 2\n"
    tool = toml_of(toml(BASE, ours, theirs))["tool"]
    assert tool == {
        "ruff": {"line-length": 100, "fix": True, "preview": True},
        "mine": {"x": 1},
        "level": {"y": 2},
        "both": {"a": 1, "b": 2},
    }


def test_an_array_of_tables_that_only_one_side_has_comes() -> None:
    ours = BASE + "fix = true\n"
    theirs = BASE + "preview = true\n\n[[tool.mypy.overrides]]\nmodule = ['x']\n"
    assert toml_of(toml(BASE, ours, theirs))["tool"]["mypy"] == {"overrides": [{"module": ["x"]}]}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BASE + "fix = true\n", BASE.replace("line-length = 100\n", "fix = false\n")),
        (BASE.replace("= 100", "= 120"), BASE.replace("line-length = 100\n", "")),
        (BASE + "fix = ", BASE + "preview = true\n"),
        (BASE.replace('[\n    "pandas>=3,<4",\n]', '"none"'), BASE.replace('4",', '4",\n    "mlflow>=3",')),
    ],
    ids=["same key", "changed and removed", "ours is no TOML", "other type"],
)
def test_what_cannot_be_brought_together_is_left_to_a_person(ours: str, theirs: str) -> None:
    with pytest.raises(GiveUp):
        toml(BASE, ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ('"pandas>=3,<4", "skops>=1"', '"pandas>=3.1,<5"', '"pandas>=3.1,<5", "skops>=1"'),
        ('"pandas[aws]>=3,<4"', '"pandas>=3.1,<5"', '"pandas[aws]>=3.1,<5"'),
        ("\"pandas>=3,<4; python_version < '4'\"", '"pandas>=3.1,<5"', "\"pandas>=3.1,<5; python_version < '4'\""),
        ('"pandas<4"', '"pandas>=3,<4", "mlflow>=3"', '"pandas<4", "mlflow>=3"'),
        ('"skops>=1"', '"pandas>=3.1,<5", "mlflow>=3"', '"skops>=1", "mlflow>=3"'),
        ('"pandas>=3,<4", "skops>=1"', '"mlflow>=3"', '"skops>=1", "mlflow>=3"'),
        ('"pandas==3.0.2"', '"mlflow>=3"', '"pandas==3.0.2", "mlflow>=3"'),
    ],
    ids=["bound", "extra", "marker", "own bound", "removed by us", "removed by them", "changed by us, removed by them"],
)
def test_requirements_meet_by_the_name_of_the_package(ours: str, theirs: str, result: str) -> None:
    one = "[project]\ndependencies = [%s]\n"
    assert toml(one % '"pandas>=3,<4"', one % ours, one % theirs) == one % result


def test_a_key_and_an_entry_that_the_template_takes_away_go_where_they_are_as_they_were() -> None:
    base = BASE + 'select = ["A", "B"]\n'
    ours = base.replace('"B"]', '"B", "C"]\nfix = true')
    assert toml_of(toml(base, ours, BASE.replace("line-length = 100\n", 'select = ["B"]\n')))["tool"]["ruff"] == {
        "select": ["B", "C"], "fix": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ('"pandas>=3,<4"', '"pandas>=3,<3.2"', '"pandas>=3.1,<5"'),
        ('"pandas>=3,<4"', '"pandas>=3,<4", "MLflow>=2"', '"pandas>=3,<4", "mlflow>=3"'),
    ],
    ids=["bound of both", "package of both"],
)
def test_one_package_that_both_gave_new_versions_is_the_only_difference_that_is_left(
    base: str, ours: str, theirs: str
) -> None:
    one = 'version = "1"\ndependencies = [%s]\n'
    with pytest.raises(Clash) as caught:
        toml(one % base, one % ours.replace('"1"', '"2"'), one % theirs)
    before, mine, new = caught.value.texts
    assert (mine, new) == (one % ours, one % (ours if "MLflow" not in ours else theirs).replace(">=3,<3.2", ">=3.1,<5"))
    assert before == one % base


def test_lists_in_a_new_order_are_left_to_a_person() -> None:
    with pytest.raises(GiveUp):
        toml('a = ["x", "y"]\n', 'a = ["x", "y", "z"]\n', 'a = ["y", "x"]\n')


def test_merged_leaves_ours_where_theirs_changed_nothing() -> None:
    def never(*_: Any) -> Any:
        raise AssertionError

    assert merged({"a": [1], "b": 1}, {"a": [2]}, {"a": [1], "b": 1}, never) == {"a": [2]}


def test_new_groups_are_named_only_where_all_would_have_been_installed() -> None:
    base = '[dependency-groups]\ndev = ["a"]\n[tool.uv]\ndefault-groups = %s\n'
    theirs = base.replace("dev", 'new = ["b"]\ndev')
    assert with_new_groups(base % '"all"', theirs % '["dev"]', theirs % '"all"') == theirs % '["dev", "new"]'
    assert with_new_groups(base % '["dev"]', theirs % '["dev"]', theirs % '["dev"]') == theirs % '["dev"]'
    assert with_new_groups("x", "not toml", "x") == "not toml"
