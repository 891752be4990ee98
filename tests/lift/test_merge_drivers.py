"""The merge drivers: additions of both sides come together, everything else is left to a person."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlops_ladder.lift.merge_drivers import GiveUp, lines, main, merged, toml
from support.repos import files, git, isolate, lift, save, start

own_git = pytest.fixture(autouse=True)(isolate)

BASE = """[project]
name = "trips"
dependencies = [
    "pandas>=3,<4",
]

[tool.ruff]
line-length = 100
"""


def test_lines_of_both_sides_come_together_ours_first() -> None:
    assert lines("a\nb\n", "a\nb\nmine\n", "a\nb\ntheirs\n") == "a\nb\nmine\ntheirs\n"


def test_a_line_that_ours_took_away_does_not_come_back() -> None:
    assert lines("a\nb\n", "a\nmine\n", "a\nb\ntheirs\n") == "a\nmine\ntheirs\n"


def test_a_line_that_both_add_comes_once_and_line_ends_stay() -> None:
    assert lines("a\r\n", "a\r\nx\r\n", "a\r\nx\r\ny\r\n") == "a\r\nx\r\ny\r\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a\nb\n", "a\nb\nmine\n", "a\n"),
        ("a\nb\n", "a\nb\nmine\n", "b\na\n"),
        ("a\n", "a\n!keep\n", "a\nb\n"),
        ("a\n", "a\nmine\n", "a\n!keep\n"),
    ],
    ids=["taken away", "reordered", "our exception", "their exception"],
)
def test_lines_that_are_more_than_additions_are_left_to_a_person(base: str, ours: str, theirs: str) -> None:
    with pytest.raises(GiveUp):
        lines(base, ours, theirs)


def toml_of(text: str) -> dict[str, object]:
    return tomllib.loads(text)


def test_list_entries_of_both_sides_come_together() -> None:
    ours = BASE.replace('"pandas>=3,<4",', '"pandas>=3,<4",  # the table\n    "polars>=1",')
    theirs = BASE.replace('"pandas>=3,<4",', '"pandas>=3,<4",\n    "mlflow>=3",')
    result = toml(BASE, ours, theirs)
    assert toml_of(result)["project"]["dependencies"] == ["pandas>=3,<4", "polars>=1", "mlflow>=3"]  # type: ignore[index]
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
    assert toml_of(toml(BASE, ours, theirs))["tool"]["mypy"] == {"overrides": [{"module": ["x"]}]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BASE.replace("= 100", "= 120"), BASE.replace("= 100", "= 90")),
        (BASE + "fix = true\n", BASE + "fix = false\n"),
        (BASE + "fix = true\n", BASE.replace("line-length = 100\n", "")),
        (BASE + "fix = true\n", BASE.replace('    "pandas>=3,<4",\n', "")),
        (BASE.replace('4",', '4",\n    "MLflow>=2",'), BASE.replace('4",', '4",\n    "mlflow>=3",')),
        (BASE + "fix = ", BASE + "preview = true\n"),
        (BASE.replace('[\n    "pandas>=3,<4",\n]', '"none"'), BASE.replace('4",', '4",\n    "mlflow>=3",')),
    ],
    ids=["value", "same key", "key removed", "entry removed", "same package", "ours is no TOML", "other type"],
)
def test_toml_that_is_more_than_additions_is_left_to_a_person(ours: str, theirs: str) -> None:
    with pytest.raises(GiveUp):
        toml(BASE, ours, theirs)


def test_merged_leaves_ours_where_theirs_changed_nothing() -> None:
    assert merged({"a": [1], "b": 1}, {"a": [2]}, {"a": [1], "b": 1}) == {"a": [2]}


def three(folder: Path, base: str, ours: str, theirs: str) -> list[str]:
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(text.encode())
    return [str(folder / "base"), str(folder / "ours"), str(folder / "theirs"), "7"]


def test_gits_own_text_merge_comes_first(tmp_path: Path) -> None:
    ours, theirs = BASE.replace("trips", "mine"), BASE.replace("= 100", "= 90")
    assert main(["toml", *three(tmp_path, BASE, ours, theirs)]) == 0
    assert (tmp_path / "ours").read_text() == ours.replace("= 100", "= 90")


def test_what_is_left_to_a_person_has_markers(tmp_path: Path) -> None:
    arguments = three(tmp_path, BASE, BASE.replace("= 100", "= 120"), BASE.replace("= 100", "= 90"))
    assert main(["toml", *arguments]) == 1
    text = (tmp_path / "ours").read_text()
    assert "<<<<<<< HEAD\nline-length = 120\n" in text
    assert "=======\nline-length = 90\n>>>>>>> " in text


def test_a_text_merge_that_is_no_toml_any_more_is_merged_by_value(tmp_path: Path) -> None:
    ours = BASE.replace("[project]", "[tool.both]\na = 1\n\n[project]")
    theirs = BASE + "\n[tool.both]\nb = 2\n"
    assert main(["toml", *three(tmp_path, BASE, ours, theirs)]) == 0
    assert toml_of((tmp_path / "ours").read_text())["tool"]["both"] == {"a": 1, "b": 2}  # type: ignore[index]


def test_binary_files_are_left_as_they_are(tmp_path: Path) -> None:
    arguments = three(tmp_path, "a\0", "b\0", "c\0")
    assert main(["lines", *arguments]) == 1
    assert (tmp_path / "ours").read_bytes() == b"b\0"


def test_git_calls_them_in_a_lift_also_in_a_sub_folder(tmp_path: Path) -> None:
    base = files(("pyproject.toml", BASE), (".gitignore", "a\n"), (".dockerignore", "a\n"), ("x.txt", "a\n"))
    theirs = files(
        ("pyproject.toml", BASE.replace('4",', '4",\n    "mlflow>=3",')),
        (".gitignore", "a\nlevel\n"),
        (".dockerignore", "a\nlevel\n"),
        ("x.txt", "a\n"),
    )
    project = start(tmp_path / "r", base, "sub folder")
    (project / "pyproject.toml").write_text(BASE.replace('4",', '4",\n    "polars>=1",'))
    (project / ".gitignore").write_text("a\nmine\n")
    (project / ".dockerignore").write_text("a\nmine\n")
    # A package of this name in the user's folder must not be run.
    (tmp_path / "r/mlops_ladder").mkdir()
    (tmp_path / "r/mlops_ladder/__init__.py").write_text("raise SystemExit(1)\n")
    (tmp_path / "r/tomllib.py").write_text("raise SystemExit(1)\n")
    save(tmp_path / "r")
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert set(found.steps[0].merged) == {"pyproject.toml", ".gitignore", ".dockerignore"}
    assert (project / ".gitignore").read_text() == "a\nmine\nlevel\n"
    assert (project / ".dockerignore").read_text() == "a\nmine\nlevel\n"
    assert '"polars>=1",\n    "mlflow>=3",' in (project / "pyproject.toml").read_text()


def test_attributes_of_the_repository_and_of_the_user_win_or_hold(tmp_path: Path) -> None:
    base = files((".gitignore", "a\n"), ("own.lst", "a\n"))
    theirs = files((".gitignore", "a\nlevel\n"), ("own.lst", "a\nlevel\n"))
    project = start(tmp_path / "r", base)
    (tmp_path / "home/.config/git").mkdir(parents=True)
    (tmp_path / "home/.config/git/attributes").write_text("*.lst merge=union\n")
    (project / ".gitattributes").write_text(".gitignore -merge\n")
    (project / ".gitignore").write_text("a\nmine\n")
    (project / "own.lst").write_text("a\nmine\n")
    save(project)
    found, _ = lift(project, base, theirs)
    assert [path for path, _ in found.conflicts] == [".gitignore"]
    assert (project / "own.lst").read_text() == "a\nmine\nlevel\n"
    assert "merge.ladder" not in git(project, "config", "--list")
