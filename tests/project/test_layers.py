from pathlib import Path

import pytest

from mlops_ladder.errors import USAGE, LadderError
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.layers import (
    LEVELS,
    available,
    check_available,
    layers,
    read_level,
    templates_root,
)

ANSWERS = Answers("a", "a", Dataset("own", "a.csv", "csv", "y", "binary", 3), {"ci": "gitlab"})


def test_every_level_has_a_name_and_a_test() -> None:
    levels = [read_level(number) for number in LEVELS]

    assert [level.number for level in levels] == [1, 2, 3, 4, 5]
    assert [level.name for level in levels][:3] == ["Manual", "Reproducible", "Automated training"]
    assert all(level.test.endswith(".") for level in levels)


def test_levels_with_files_can_be_had() -> None:
    for number in available():
        check_available(number)

    assert available()[0] == 1


@pytest.mark.parametrize(("number", "words"), [(0, "There is no level 0"), (6, "no level 6"), (-1, "no level -1")])
def test_other_levels_are_refused(number: int, words: str) -> None:
    with pytest.raises(LadderError, match=words) as caught:
        check_available(number)
    assert caught.value.code == USAGE


def test_a_level_without_files_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "level1" / "files").mkdir(parents=True)

    assert available(tmp_path) == (1,)
    with pytest.raises(LadderError, match="Level 4 is not there yet") as caught:
        check_available(4, tmp_path)
    assert "1 can be generated" in caught.value.hint


def test_layers_are_stacked_from_below_with_the_chosen_host_only(tmp_path: Path) -> None:
    for folder in (
        "level1/files",
        "level2/files",
        "level2/files+github",
        "level2/files+gitlab",
        "level3/files+gitlab",
        "level4/files",
    ):
        (tmp_path / folder).mkdir(parents=True)
    stacked = [path.relative_to(tmp_path).as_posix() for path in layers(3, ANSWERS, tmp_path)]

    assert stacked == ["level1/files", "level2/files", "level2/files+gitlab", "level3/files+gitlab"]


def test_the_templates_are_found_in_a_checkout() -> None:
    assert (templates_root() / "level1" / "level.toml").is_file()
