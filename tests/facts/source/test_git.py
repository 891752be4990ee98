"""Revisions are read from complete, partial and damaged repositories."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_ladder.assess.assess import assess
from mlops_ladder.deadline import deadline
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.source.git import GitSource
from mlops_ladder.facts.source.scope import MAX_FILES, TOO_MANY
from support.facts import committed, git_at

TEXTS = {
    "README.md": "`python train.py`\n",
    "train.py": "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n",
    "model.pkl": "weights",
    "env/pyvenv.cfg": "home\n",
    "env/x.py": "x = 1\n",
}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    committed(tmp_path / "repo", TEXTS)
    git_at(tmp_path / "repo", "config", "uploadpack.allowFilter", "true")
    return tmp_path / "repo"


def test_a_revision_has_the_projects_own_files(repo: Path) -> None:
    (repo / "train.py").write_text("print('changed')\n")
    source = GitSource(repo, "HEAD")

    assert source.paths() == ["README.md", "model.pkl", "train.py"]
    assert source.held == frozenset(source.paths())
    assert source.read("train.py", 1000) == TEXTS["train.py"].encode()
    assert source.read("train.py", 5) is None
    source.close()


@pytest.mark.parametrize("kind", ["blob:none", "blob:limit=30"])
def test_a_partial_clone_is_assessed_by_what_is_there(repo: Path, tmp_path: Path, kind: str) -> None:
    bare = tmp_path / "bare.git"
    git_at(tmp_path, "clone", "--quiet", "--bare", f"--filter={kind}", f"file://{repo}", str(bare))
    source = GitSource(bare, "HEAD")
    files = Files(source)
    there = kind != "blob:none"

    assert files.paths == ["README.md", "model.pkl", "train.py"]
    assert files.text("train.py") == ""
    assert files.unseen
    assert (files.text("README.md") != "") is there
    assert files.committed("model.pkl") is there  # what was not seen may be a pointer of LFS
    assert source.absent == ({"train.py"} if there else set(files.paths))
    source.close()
    result = assess(bare, "HEAD")
    assert result.complete is False
    assert {f.capability.id: f.status for f in result.findings}["training"] == "not seen"
    assert git_at(bare, "rev-list", "--objects", "--missing=print", "HEAD").count("?") >= 1  # nothing was fetched


def test_a_clone_without_trees_says_so(repo: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    git_at(tmp_path, "clone", "--quiet", "--bare", "--filter=tree:0", f"file://{repo}", str(bare))

    with pytest.raises(LadderError, match="objects are missing") as caught:
        GitSource(bare, "HEAD")
    assert "git fetch" in str(caught.value.hint)


def test_a_lost_blob_is_not_seen(repo: Path) -> None:
    blob = git_at(repo, "rev-parse", "HEAD:train.py").strip()
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    result = assess(repo, "HEAD")

    assert result.complete is False
    assert GitSource(repo, "HEAD").absent == {"train.py"}


def test_a_folder_of_a_revision(repo: Path) -> None:
    (repo / "teams/churn").mkdir(parents=True)
    (repo / "teams/churn/a.py").write_text("x = 1\n")
    git_at(repo, "add", ".")
    git_at(repo, "commit", "-qm", "two")
    source = GitSource(repo / "teams/churn", "HEAD")

    assert (source.base, source.paths()) == ("teams/churn", ["teams/churn/a.py"])
    with pytest.raises(LadderError, match="is not a folder"):
        GitSource(repo / "none", "HEAD")


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(LadderError, match="finds no repository"):
        GitSource(tmp_path, "HEAD")


@pytest.mark.parametrize("revision", ["v9", "^HEAD", "-h", "HEAD..", "HEAD:train.py"])
def test_an_unknown_revision(repo: Path, revision: str) -> None:
    with pytest.raises(LadderError, match=f"has no revision '{re.escape(revision)}'"):
        GitSource(repo, revision)


def test_a_file_that_names_a_folder_is_not_seen_and_shifts_no_other(repo: Path) -> None:
    """A tree that git itself would not write: the entry of a file, and the id of a tree."""
    wrong = bytes.fromhex(git_at(repo, "rev-parse", "HEAD^{tree}").strip())
    right = bytes.fromhex(git_at(repo, "rev-parse", "HEAD:train.py").strip())
    entries = b"100644 a.py\0" + wrong + b"100644 train.py\0" + right
    (repo / "entries").write_bytes(entries)
    tree = git_at(repo, "hash-object", "-w", "-t", "tree", "--literally", "entries").strip()
    source = GitSource(repo, git_at(repo, "commit-tree", tree, "-m", "odd").strip())

    assert source.paths() == ["a.py", "train.py"]
    assert source.read("a.py", 1000) is None
    assert source.read("train.py", 1000) == TEXTS["train.py"].encode()
    source.close()


BOMB = """
import subprocess, sys
def git(*words, given=b""):
    return subprocess.run(["git", *words], input=given, capture_output=True, check=True).stdout.strip()
git("init", "-q")
tree = git("hash-object", "-w", "--stdin", given=b"x")
entries = b"".join(b"100644 blob %s\\tf%d\\n" % (tree, n) for n in range(30))
for _ in range(9):
    tree = git("mktree", given=entries)
    entries = b"".join(b"040000 tree %s\\td%d\\n" % (tree, n) for n in range(30))
print(git("-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", tree.decode(), "-m", "bomb").decode())
"""


def test_a_few_objects_that_name_any_number_of_files(tmp_path: Path) -> None:
    """Nine levels of thirty entries: git itself would list them for longer than anybody waits."""
    made = subprocess.run([sys.executable, "-c", BOMB], cwd=tmp_path, capture_output=True, text=True, check=True)
    with deadline(60):
        source = GitSource(tmp_path, made.stdout.strip())

    assert len(source.paths()) == MAX_FILES
    assert source.partial == TOO_MANY
    source.close()
