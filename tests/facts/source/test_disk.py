"""A folder holds what git would commit, with git or without."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.assess.assess import assess
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.source.disk import DiskSource
from mlops_ladder.project.render import render
from support.facts import committed, git_at
from support.repos import ANSWERS
from support.trees import write

PROJECT = {
    ".gitignore": "/models/\n*.env\n.venv\n",
    "train.py": "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n",
    "data/.gitignore": "*.csv\n!sample.csv\n",
    "data/sample.csv": "a\n1\n",
}
LEFT_BEHIND = {
    "models/model.skops": "weights",
    "local.env": "API_KEY=0123456789abcdef\n",
    "data/large.csv": "a\n1\n",
    ".venv/lib/x.py": "x = 1\n",
    "environment/pyvenv.cfg": "home = /usr\n",
    "environment/lib/secret.py": "KEY = 'AKIAZQ3DJ7GH4KLM5NPQ'\n",
    "node_modules/a/model.pkl": "weights",
    ".ruff_cache/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n",
    ".ruff_cache/0.1/x.json": "{}",
    "data/x.env/inner": "x",
}


def findings(path: Path, revision: str = "") -> list[dict[str, Any]]:
    return list(assess(path, revision).as_dict()["findings"])


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    committed(tmp_path / "repo", PROJECT)
    return tmp_path / "repo"


def test_ignored_and_foreign_files_are_not_there(repo: Path) -> None:
    write(repo, LEFT_BEHIND)
    committed(repo / "nested", {"model.pkl": "weights"})

    assert DiskSource(repo).paths() == sorted(PROJECT)


def test_without_git_the_rules_of_the_gitignore_files_hold(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | LEFT_BEHIND)
    committed(tmp_path / "nested", {"model.pkl": "weights"})
    source = DiskSource(tmp_path)

    assert source.paths() == sorted(PROJECT)
    assert source.held is None


def test_rules_are_read_as_git_reads_them(tmp_path: Path) -> None:
    """The same odd rules, once by git and once without it."""
    texts = {
        ".gitignore": "\\#hash\n*.log\n!keep.log\n/only-root\nfolder/\na/**/z\n"
        "# comment\n  \nout*\n!out/in\ntrail \n[ab].x\n",
        "sub/.gitignore": "!*.log\nonly-root\nlocal/\n",
    }  # fmt: skip
    names = ["#hash", "x.log", "keep.log", "only-root", "folder/x", "a/z", "a/b/c/z", "out/in", "outer", "trail", "a.x",
             "c.x", "sub/x.log", "sub/only-root", "sub/local/y",
             "sub/folder/x", "local/y", "deep/only-root/x"]  # fmt: skip
    write(tmp_path, texts | dict.fromkeys(names, "x"))
    without = DiskSource(tmp_path).paths()
    git_at(tmp_path, "init", "--quiet")
    held = DiskSource(tmp_path).held

    assert without == DiskSource(tmp_path).paths()
    assert held == frozenset()
    assert {"sub/x.log", "local/y", "c.x"} <= set(without)


def test_only_tracked_files_are_committed(repo: Path) -> None:
    write(repo, {"new.pkl": "weights", ".env.local": "x"})
    files = Files(DiskSource(repo))

    assert "new.pkl" in files.paths
    assert [files.committed(path) for path in ("train.py", "new.pkl", "models/model.skops", "none")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_a_tracked_file_that_is_ignored_or_gone(repo: Path) -> None:
    write(repo, {"models/model.skops": "weights"})
    git_at(repo, "add", "--force", "models/model.skops")
    (repo / "data/sample.csv").unlink()
    source = DiskSource(repo)

    assert "models/model.skops" in source.paths()
    assert Files(source).committed("models/model.skops")
    assert "data/sample.csv" not in source.paths()


def test_what_a_run_leaves_behind_changes_no_finding(repo: Path) -> None:
    before = findings(repo)
    write(repo, LEFT_BEHIND)

    assert findings(repo) == before == findings(repo, "HEAD")
    assert next(f for f in before if f["id"] == "binaries-out-of-git")["status"] == "met"


def test_a_generated_project_is_the_same_with_git_without_it_and_as_a_revision(tmp_path: Path) -> None:
    tree = render(ANSWERS, 3)
    committed(tmp_path / "git", tree)
    write(tmp_path / "plain", tree)
    for folder in ("git", "plain"):
        write(
            tmp_path / folder,
            {"models/model.skops": "w", ".venv/pyvenv.cfg": "", ".venv/a.py": "fit()", "mlruns/x": ""},
        )

    assert findings(tmp_path / "git") == findings(tmp_path / "git", "HEAD") == findings(tmp_path / "plain")


def test_committed_secrets_and_models_are_flaws_and_untracked_ones_are_not(repo: Path) -> None:
    write(repo, {".env": "API_KEY=0123456789abcdef\n", "model.pkl": "weights"})
    (repo / ".gitignore").write_text("x\n")
    asked = ("no-secrets", "binaries-out-of-git")
    untracked = {f["id"]: f["status"] for f in findings(repo) if f["id"] in asked}
    git_at(repo, "add", ".")
    git_at(repo, "commit", "-qm", "two")
    tracked = {f["id"]: f["note"] for f in findings(repo) if f["id"] in asked}

    assert untracked == dict.fromkeys(asked, "met")
    assert tracked == {
        "no-secrets": ".env is committed and holds credentials",
        "binaries-out-of-git": "model.pkl is committed",
    }
    assert findings(repo) == findings(repo, "HEAD")


def test_without_git_the_finding_does_not_say_committed(tmp_path: Path) -> None:
    write(tmp_path, {"model.pkl": "weights", "train.py": "x = 1\n"})
    note = next(f["note"] for f in findings(tmp_path) if f["id"] == "binaries-out-of-git")

    assert note == "model.pkl is not ignored by git"


def test_a_file_that_lfs_keeps_is_not_committed(repo: Path) -> None:
    write(repo, {".gitattributes": "*.pkl filter=lfs diff=lfs merge=lfs -text\n", "a.pkl": "real", "b.pt": "real"})
    git_at(repo, "-c", "filter.lfs.clean=cat", "add", ".")
    files = Files(DiskSource(repo))

    assert (files.committed("a.pkl"), files.committed("b.pt")) == (False, True)


def test_a_folder_that_the_repository_around_it_ignores_is_a_project_of_its_own(repo: Path) -> None:
    write(repo / "models/demo", {"train.py": "x = 1\n", ".gitignore": "out\n", "out/x": "x"})
    source = DiskSource(repo / "models/demo")

    assert source.base == ""
    assert source.paths() == [".gitignore", "train.py"]
    assert source.read("train.py", 100) == b"x = 1\n"


def test_a_new_folder_of_a_monorepo(repo: Path) -> None:
    write(repo, {"teams/churn/a.py": "x", "teams/churn/b.env": "x", ".github/workflows/ci.yml": "on: push\n"})
    source = DiskSource(repo / "teams/churn")

    assert source.base == "teams/churn"
    assert source.paths() == [".github/workflows/ci.yml", ".gitignore", "teams/churn/a.py"]


def test_submodules_are_foreign(repo: Path, tmp_path: Path) -> None:
    committed(tmp_path / "lib", {"model.pkl": "weights"})
    git_at(repo, "submodule", "--quiet", "add", str(tmp_path / "lib"), "vendor-lib")

    assert DiskSource(repo).paths() == sorted([*PROJECT, ".gitmodules"])


def test_names_that_are_not_utf8(repo: Path) -> None:
    (repo / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    (repo / os.fsdecode(b"caf\xe8.py")).write_text("x = 2\n")
    with_git = DiskSource(repo)
    shutil.rmtree(repo / ".git")

    for source in (with_git, DiskSource(repo)):
        assert {r"caf\xe8.py", r"caf\xe9.py"} < set(source.paths())
        assert [source.read(name, 100) for name in (r"caf\xe9.py", r"caf\xe8.py")] == [b"x = 1\n", b"x = 2\n"]


def test_an_index_that_names_files_outside_is_not_followed(repo: Path, tmp_path: Path) -> None:
    """A tracked path whose folder has become a link on disk."""
    write(repo, {"code/a.py": "x"})
    git_at(repo, "add", "code")
    shutil.rmtree(repo / "code")
    write(tmp_path / "outside", {"a.py": "secret"})
    (repo / "code").symlink_to(tmp_path / "outside", target_is_directory=True)

    assert "code/a.py" not in DiskSource(repo).paths()


def test_a_damaged_repository_is_read_from_disk_and_no_repository_above_it(repo: Path) -> None:
    write(repo, {"inner/.git/HEAD": "nonsense", "inner/train.py": "x = 1\n"})
    source = DiskSource(repo / "inner")

    assert source.paths() == ["train.py"]
    assert source.held is None


def test_without_git_on_the_machine_folders_are_read_all_the_same(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, LEFT_BEHIND)
    monkeypatch.setenv("PATH", "")

    assert DiskSource(repo).paths() == sorted(PROJECT)
    with pytest.raises(LadderError, match="git was not found"):
        assess(repo, "HEAD")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(LadderError, match="is not a folder"):
        DiskSource(tmp_path / "x")


def test_a_bare_repository_asks_for_a_revision(repo: Path, tmp_path: Path) -> None:
    git_at(tmp_path, "clone", "--quiet", "--bare", str(repo), str(tmp_path / "bare.git"))
    with pytest.raises(LadderError, match="is a bare repository") as caught:
        DiskSource(tmp_path / "bare.git")
    assert "--rev" in caught.value.hint


def test_what_a_sparse_checkout_leaves_out_is_not_seen(repo: Path) -> None:
    git_at(repo, "sparse-checkout", "set", "--no-cone", "/data/", "/.gitignore")
    assert not (repo / "train.py").exists()
    source = DiskSource(repo)
    files = Files(source)

    assert source.absent == {"train.py"}
    assert files.text("train.py") == ""
    assert files.unseen == {"train.py": "has no content in this clone"}
    assert {f["id"]: f["status"] for f in findings(repo)}["training"] == "not seen"


def test_attributes_without_end_are_read_to_the_bound(repo: Path) -> None:
    with (repo / ".gitattributes").open("wb") as file:
        file.truncate(2**40)

    assert DiskSource(repo).held == set(PROJECT)
