"""What the copy is made from, and what is refused before anything is executed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_ladder.assess.running.origin import Origin, look
from mlops_ladder.errors import LadderError
from support.env import isolate
from support.facts import committed, git_at
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "r"
    committed(folder, {"a.py": "1\n", "svc/b.py": "2\n", ".gitignore": "ignored\n"})
    return folder


def head(folder: Path) -> str:
    return git_at(folder, "rev-parse", "HEAD").strip()


def test_a_repository_is_seen_from_its_root(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, {"ignored": "x"})
    monkeypatch.chdir(repo / "svc")

    assert look(repo, "") == Origin(repo, "", head(repo))
    assert look(Path(), "svc") == look(Path("../svc"), "svc") == Origin(repo, "svc", head(repo))


def test_what_is_not_committed_is_named(repo: Path) -> None:
    write(repo, {"a.py": "changed\n", "new.py": "", "staged.py": ""})
    git_at(repo, "add", "staged.py")
    (repo / "svc/b.py").unlink()

    assert set(look(repo, "").changed) == {"a.py", "new.py", "staged.py", "svc/b.py"}


def test_a_folder_without_git_has_no_commit(tmp_path: Path) -> None:
    origin = look(write(tmp_path / "r", {"a": "x"}), "")

    assert origin == Origin(tmp_path / "r", "")
    assert origin.name == f"the files in {tmp_path / 'r'}"


def test_a_linked_worktree_is_seen_with_its_own_commit(repo: Path, tmp_path: Path) -> None:
    git_at(repo, "worktree", "add", "--quiet", str(tmp_path / "other"))
    write(tmp_path / "other", {"c.py": "3\n"})
    git_at(tmp_path / "other", "add", "--all")
    git_at(tmp_path / "other", "commit", "--quiet", "--message", "two")

    assert look(tmp_path / "other", "") == Origin(tmp_path / "other", "", head(tmp_path / "other"))
    assert head(tmp_path / "other") != head(repo)


def test_a_repository_without_a_commit_is_refused(tmp_path: Path) -> None:
    git_at(write(tmp_path / "r", {"a": "x"}), "init", "--quiet")
    with pytest.raises(LadderError, match="no commit yet") as caught:
        look(tmp_path / "r", "")
    assert "git add -A" in caught.value.hint


def test_a_folder_of_which_nothing_is_committed_is_refused(repo: Path) -> None:
    write(repo, {"new/c.py": "3\n"})
    with pytest.raises(LadderError, match="Nothing of new is committed yet") as caught:
        look(repo / "new", "new")
    assert f"git add {repo}/new && git commit" in caught.value.hint


def test_a_folder_that_is_a_link_in_the_commit_is_refused(repo: Path) -> None:
    (repo / "was").symlink_to("svc")
    git_at(repo, "add", "--all")
    git_at(repo, "commit", "--quiet", "--message", "link")
    (repo / "was").unlink()
    write(repo, {"was/b.py": "2\n"})
    with pytest.raises(LadderError, match="Nothing of was is committed yet"):
        look(repo / "was", "was")


def test_a_damaged_repository_is_refused_and_none_around_it_is_taken(repo: Path) -> None:
    write(repo, {"svc/.git": "gitdir: /nowhere\n"})
    with pytest.raises(LadderError, match=r"git finds no repository in .*svc that it may read") as caught:
        look(repo / "svc", "")
    assert "git fsck" in caught.value.hint


@pytest.mark.parametrize("kind", ["commit", "tree", "blob"])
def test_a_repository_that_lost_objects_is_refused(repo: Path, kind: str) -> None:
    name = git_at(repo, "rev-parse", {"commit": "HEAD", "tree": "HEAD^{tree}", "blob": "HEAD:a.py"}[kind]).strip()
    (repo / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(LadderError, match="Objects of the last commit are missing"):
        look(repo, "")


@pytest.mark.parametrize("how", ["clone", "extensions.partialClone", "remote.x.promisor", "include"])
def test_a_partial_clone_is_refused(repo: Path, tmp_path: Path, how: str) -> None:
    if how == "clone":
        git_at(repo, "config", "uploadpack.allowFilter", "true")
        git_at(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{repo}", "part")
        repo = tmp_path / "part"
    elif how == "include":
        write(tmp_path, {"more": '[remote "x"]\n\tpartialCloneFilter = blob:none\n'})
        git_at(repo, "config", "include.path", str(tmp_path / "more"))
    else:
        git_at(repo, "config", how, "true" if how.endswith("promisor") else "origin")
    with pytest.raises(LadderError, match="This is a partial clone") as caught:
        look(repo, "")
    assert "without --filter" in caught.value.hint


def test_a_broken_index_is_told_with_a_way_to_learn_more(repo: Path) -> None:
    (repo / ".git/index").write_bytes(b"junk")
    with pytest.raises(LadderError, match=r"git status failed: .*index file") as caught:
        look(repo, "")
    assert f"git status` say in {repo}" in caught.value.hint


def test_a_commit_that_would_fill_the_disk_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlops_ladder.assess.running.origin.LIMIT", 3)
    with pytest.raises(LadderError, match=r"Commit .* holds more than"):
        look(repo, "")


def test_a_commit_that_names_any_number_of_files_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlops_ladder.facts.source.process.MAX_FILES", 1)
    with pytest.raises(LadderError, match="has more than 200,000 files"):
        look(repo, "")


@pytest.mark.parametrize("name", ["x", "a=b", "a.b", "A b"])
def test_looking_starts_no_program_of_the_repositorys_settings(repo: Path, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "mark"
    program = f"touch {mark}; cat"
    for key in (f"filter.{name}.clean", f"filter.{name}.smudge", f"filter.{name}.process", "core.fsmonitor"):
        git_at(repo, "config", key, program)
    git_at(repo, "config", f"filter.{name}.required", "true")
    write(repo, {".git/info/attributes": f'* "filter={name}"\n* filter={name}\n', "a.py": "1\n", ".git/hooks/x.sh": ""})
    os.utime(repo / "a.py", (1, 1))  # git has to look into it
    look(repo, "")

    assert not mark.exists()


def test_the_work_tree_is_the_root_whatever_the_settings_say(repo: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"secret": "x"})
    git_at(repo, "config", "core.worktree", str(tmp_path / "elsewhere"))

    assert look(repo, "").changed == ()
