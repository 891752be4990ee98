"""Old versions of the templates: kept whole, rendered again, and checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from history_samples import SAMPLES, sample, samples
from mlops_ladder import __version__
from mlops_ladder.errors import LadderError
from mlops_ladder.project import history
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.layers import available, templates_root
from mlops_ladder.project.lock import Lock, lock_of
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import tree_hash
from support.cases import kinds
from support.repos import ANSWERS, templates


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A history of two versions."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    history.freeze("0.0.1", {"1": "x"}, templates(tmp_path / "t1"), folder)
    newer = {"level1/files/README.md.jinja": "# {{ name }}, newer\n"}
    history.freeze("0.0.2", {"1": "y"}, templates(tmp_path / "t2", newer), folder)
    return folder


def test_every_version_renders_as_it_did(tmp_path: Path, shipped: Path) -> None:
    assert history.versions(shipped) == ["0.0.1", "0.0.2"]
    for version, root in (("0.0.1", tmp_path / "t1"), ("0.0.2", tmp_path / "t2")):
        for level in (1, 2, 3, 4):
            tree = render(ANSWERS, level, root)
            lock = replace(lock_of(tree, ANSWERS, level), ladder=version)
            assert history.recover(lock, tmp_path / "t2", shipped) == tree


def test_contents_that_versions_share_are_stored_once(tmp_path: Path, shipped: Path) -> None:
    before = (shipped / history.STORE).stat().st_size
    history.freeze("0.0.3", {}, tmp_path / "t2", shipped)
    assert (shipped / history.STORE).stat().st_size == before


def test_freezing_again_replaces_and_is_the_same_to_the_byte(tmp_path: Path, shipped: Path) -> None:
    before = [(shipped / name).read_bytes() for name in (history.INDEX, history.STORE)]
    history.freeze("0.0.2", {"1": "y"}, tmp_path / "t1", shipped)
    assert (shipped / history.INDEX).read_bytes() != before[0]
    history.freeze("0.0.2", {"1": "y"}, tmp_path / "t2", shipped)
    assert [(shipped / name).read_bytes() for name in (history.INDEX, history.STORE)] == before


def test_what_is_for_readers_is_not_kept(tmp_path: Path, shipped: Path) -> None:
    root = tmp_path / "t2"
    (root / "level1/lab").mkdir()
    (root / "level1/lab/step.md").write_text("a step\n")
    (root / "level1/README.md").write_text("why\n")
    history.freeze("0.0.3", {}, root, shipped)
    with history.templates("0.0.3", shipped) as old:
        assert not (old / "level1/lab").exists()
        assert not (old / "level1/README.md").exists()
        assert (old / "level1/level.toml").exists()


def test_a_hash_that_differs_stops(tmp_path: Path, shipped: Path) -> None:
    lock = lock_of(render(ANSWERS, 1, tmp_path / "t1"), ANSWERS, 1)
    with pytest.raises(LadderError, match="would be a guess"):
        history.recover(replace(lock, ladder="0.0.2"), tmp_path / "t2", shipped)


def test_an_unknown_version_names_the_known_ones(tmp_path: Path, shipped: Path) -> None:
    lock = lock_of(render(ANSWERS, 1, tmp_path / "t1"), ANSWERS, 1)
    with pytest.raises(LadderError, match=rf"0\.0\.1, 0\.0\.2, {__version__}") as caught:
        history.recover(replace(lock, ladder="7.0"), tmp_path / "t2", shipped)
    assert "newer ladder" in caught.value.hint


def test_the_present_version_needs_no_history() -> None:
    tree = render(ANSWERS, 1)
    assert history.recover(lock_of(tree, ANSWERS, 1)) == tree


def test_released_versions_still_render_what_they_rendered() -> None:
    """The contract: neither a newer Jinja nor a change of ours may alter an old version's project."""
    recorded = history.recorded()
    assert set(recorded) == set(history.versions())
    for version, trees in recorded.items():
        with history.templates(version) as root:
            assert {name: sample(name, root) for name in trees} == trees


def test_a_version_that_was_released_does_not_change() -> None:
    if __version__ in history.versions():
        with history.templates(__version__) as root:
            assert available(root) == available()
            assert samples(root) == samples(templates_root())


def test_samples_cover_every_level_and_variant() -> None:
    names = set(samples(templates_root()))
    assert names == {f"{level}/{variant}/{data}" for level, variant in kinds() for data in ("a", "b")}
    assert len(set(samples(templates_root()).values())) > len(available())


def test_hash_of_a_sample_is_the_hash_of_its_render(tmp_path: Path) -> None:
    root = templates(tmp_path / "t")
    assert tree_hash(render(SAMPLES["a"], 1, root)) == samples(root)["1/github/a"]


def test_answers_that_no_template_can_use_are_not_what_a_project_was_made_from() -> None:
    with pytest.raises(LadderError, match="is not what this project was made from") as caught:
        history.recover(Lock(__version__, 1, "0" * 64, Answers("trips", "trips")))
    assert caught.value.code == 2
