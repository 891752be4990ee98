"""The merge drivers: additions of both sides come together, everything else is left to a person."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.lift.meeting import GiveUp
from mlops_ladder.lift.merge_drivers import lines, main
from support.repos import TRIPS_TOML as BASE
from support.repos import files, git, isolate, lift, save, start

own_git = pytest.fixture(autouse=True)(isolate)


def test_lines_of_both_sides_come_together_ours_first() -> None:
    assert lines("a\nb\n", "a\nb\nmine\n", "a\nb\ntheirs\n") == "a\nb\nmine\ntheirs\n"


def test_a_line_that_ours_took_away_does_not_come_back() -> None:
    assert lines("a\nb\n", "a\nmine\n", "a\nb\ntheirs\n") == "a\nmine\ntheirs\n"


def test_a_line_that_both_add_comes_once_and_line_ends_stay() -> None:
    assert lines("a\r\n", "a\r\nx\r\n", "a\r\nx\r\ny\r\n") == "a\r\nx\r\ny\r\n"


def test_blank_lines_and_a_missing_last_one_are_no_lines_of_the_base() -> None:
    base = "a\n\n# made\nb\n"
    theirs = "a\n\n# store\nc\n\n# made\nb\n"
    assert lines(base, "a\nb\nmine", theirs) == "a\nb\nmine\n\n# store\nc\n"
    assert lines("a\n", "a\nmine\n", "a\n\nlevel\n") == "a\nmine\nlevel\n"


def test_a_heading_does_not_come_without_its_lines() -> None:
    assert lines("a\n", "a\nc\n", "a\n\n# store\nc\n") == "a\nc\n"


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


def toml_of(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


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
    assert toml_of((tmp_path / "ours").read_text())["tool"]["both"] == {"a": 1, "b": 2}


def test_a_value_that_both_changed_is_the_only_conflict(tmp_path: Path) -> None:
    ours = BASE.replace("pandas>=3,<4", "pandas==3.0.1").replace('1",', '1",\n    "polars>=1",')
    theirs = BASE.replace("pandas>=3,<4", "pandas>=3.1,<5").replace('5",', '5",\n    "mlflow>=3",')
    assert main(["toml", *three(tmp_path, BASE, ours, theirs)]) == 1
    text = (tmp_path / "ours").read_text()
    assert '<<<<<<< HEAD\n    "pandas==3.0.1",\n||||||| ' in text
    assert text.count("<<<<<<<") == 1
    assert '    "polars>=1",\n    "mlflow>=3",\n]' in text


def test_an_own_list_of_groups_to_install_names_the_new_one_also_where_the_lines_merge(tmp_path: Path) -> None:
    base = BASE + '\n[dependency-groups]\ndev = ["pytest"]\n\n[tool.uv]\ndefault-groups = "all"\n'
    theirs = base.replace("dev =", 'tracking = ["mlflow>=3"]\ndev =')
    assert main(["toml", *three(tmp_path, base, base.replace('"all"', '["dev"]  # no more'), theirs)]) == 0
    assert 'default-groups = ["dev", "tracking"]  # no more\n' in (tmp_path / "ours").read_text()
    assert main(["toml", *three(tmp_path, base, base + "x = 1\n", theirs)]) == 0
    assert 'default-groups = "all"\n' in (tmp_path / "ours").read_text()


README = "# Trips\n\n## Start\n\n| a | b |\n| --- | --- |\n| x | y |\n\nMade.\n"
MAKEFILE = "run: ## do it\n\techo 1\n\ntest:\n\techo 2\n"
CODE = 'def main():\n    return 0\n\n\nif __name__ == "__main__":\n    main()\n'
STAGES = "stages:\n  train:\n    cmd: a\n    deps:\n      - x\n"


@pytest.mark.parametrize(
    ("kind", "base", "ours", "theirs", "result"),
    [
        ("prose", README, README + "\n## Ours\n\nx\n", README + "\n## New\n\ny\n", "## Ours\n\nx\n\n## New\n\ny\n"),
        ("prose", README, README.replace("y |\n", "y |\n| u |\n"), README.replace("y |", "z |"), "| x | z |\n| u |\n"),
        ("prose", README, README.removesuffix("\n\nMade.\n"), README.replace("Made", "New.\n\nMade"), "y |\n\nNew."),
        ("make", MAKEFILE, MAKEFILE + "\techo 3\n", MAKEFILE + "\nui:\n\techo 4\n", "2\n\techo 3\n\nui:\n\techo 4\n"),
        ("make", MAKEFILE, MAKEFILE + "\nui:\n\techo 4\n", MAKEFILE + "\techo 3\n", "2\n\techo 3\n\nui:\n\techo 4\n"),
        ("make", MAKEFILE, MAKEFILE.replace("1\n", "1\n\tme\n"), MAKEFILE.replace("echo 1", "a\n\tb"), "\tb\n\tme\n"),
        ("make", MAKEFILE, MAKEFILE.replace("do it", "do all"), MAKEFILE.replace("echo 1", "dvc"), "do all\n\tdvc\n"),
        ("yaml", STAGES, STAGES + "      - y\n", STAGES + "      - z\n", "- x\n      - y\n      - z\n"),
        ("python", CODE, f"{CODE}\n\ndef mine(): ...\n", CODE.replace("    main()", "    go()"), "go()\n\n\ndef mine"),
        ("prose", README, README + "\n## A\n", "# Trips\n\nMade.\n\n## Start\n\n| a | c |\n", "| a | c |\n\n## A\n"),
        ("lines", "a\nb\n", "a\nb\nmine\n", "x\na\n", "x\na\nmine\n"),
        ("yaml", STAGES, STAGES + "\n  mine:\n    cmd: b\n", STAGES + "      - z\n", "- z\n\n  mine:\n    cmd: b\n"),
        ("yaml", STAGES, STAGES.replace("- x", "- src/x"), STAGES + "      - z\n", "- src/x\n      - z\n"),
    ],
    ids=["sections", "row beside a changed one", "last lines gone", "recipe and target", "target and recipe",
         "after a changed recipe", "neighbours", "two items", "code after a changed end", "moved section",
         "a pattern that goes", "item and stage",
         "after a changed item"],
)  # fmt: skip
def test_what_one_side_adds_beside_a_change_of_the_other_is_no_conflict(
    tmp_path: Path, kind: str, base: str, ours: str, theirs: str, result: str
) -> None:
    assert main([kind, *three(tmp_path, base, ours, theirs)]) == 0
    assert result in (tmp_path / "ours").read_text()


@pytest.mark.parametrize(
    ("kind", "base", "ours", "theirs"),
    [
        ("prose", README, README.replace("# Start", "# Begin"), README.replace("# Start", "# First")),
        ("prose", "One sentence over\ntwo lines.\n", "One phrase over\ntwo lines.\n", "One sentence over\n2 lines.\n"),
        ("prose", "", "mine\n", "theirs\n"),
        ("make", MAKEFILE, MAKEFILE + "\techo 3\n", MAKEFILE.partition("\ntest")[0]),
        ("yaml", STAGES, STAGES + "  new:\n    cmd: a\n", STAGES + "  new:\n    cmd: b\n"),
        ("lines", "a\nb\n", "a\nb\n!c\n", "a\nx\n"),
        ("lines", "a\nb\n", "a\nB\n", "a\nx\n"),
    ],
    ids=[
        "same line",
        "one sentence",
        "two files",
        "recipe of a target that goes",
        "one name",
        "exceptions",
        "a pattern",
    ],
)
def test_the_same_place_is_left_to_a_person(tmp_path: Path, kind: str, base: str, ours: str, theirs: str) -> None:
    assert main([kind, *three(tmp_path, base, ours, theirs)]) == 1
    assert "<<<<<<< HEAD\n" in (tmp_path / "ours").read_text()


UNFINISHED = "from a import (\nimport b\n    c,\n)\n\n\nx = 1\n"  # a file in the middle of somebody's work
FINISHED = UNFINISHED.replace("import b\n", "")


def test_code_that_is_no_python_merges_as_text_where_the_changes_are_apart(tmp_path: Path) -> None:
    assert main(["python", *three(tmp_path, FINISHED, UNFINISHED, FINISHED.replace("x = 1", "x = 2"))]) == 0
    assert (tmp_path / "ours").read_text() == UNFINISHED.replace("x = 1", "x = 2")


@pytest.mark.parametrize(
    ("kind", "base", "ours", "theirs"),
    [
        ("python", FINISHED, UNFINISHED, FINISHED.replace("(\n", "(\n    a,\n")),
        ("yaml", STAGES, STAGES + "      - [y\n", STAGES + "      - z\n"),
        ("toml", BASE, BASE + "x =\n", BASE + "y = 1\n"),
    ],
)
def test_what_cannot_be_read_is_left_to_a_person_where_the_changes_meet(
    tmp_path: Path, kind: str, base: str, ours: str, theirs: str
) -> None:
    assert main([kind, *three(tmp_path, base, ours, theirs)]) == 1
    assert "<<<<<<< HEAD\n" in (tmp_path / "ours").read_text()


def test_in_prose_only_the_place_that_both_changed_has_markers(tmp_path: Path) -> None:
    ours = README.replace("Start", "Begin") + "\n## Ours\n"
    theirs = README.replace("Start", "First") + "\n## New\n"
    assert main(["prose", *three(tmp_path, README, ours, theirs)]) == 1
    text = (tmp_path / "ours").read_text()
    assert text.count("<<<<<<< HEAD") == 1
    assert text.endswith("Made.\n\n## Ours\n\n## New\n")


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
