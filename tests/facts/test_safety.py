"""Assessing reads, whatever the repository holds: nothing is executed, imported or followed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mlops_ladder.assess.assess import assess
from mlops_ladder.errors import LadderError
from mlops_ladder.facts.read.text import parse_json, parse_toml
from mlops_ladder.facts.read.yaml import parse_yaml
from mlops_ladder.facts.source.disk import DiskSource

TRAP = "open({mark!r}, 'w').write('executed')\n"


@pytest.fixture
def trapped(tmp_path: Path) -> tuple[Path, Path]:
    """A repository that marks a file when anything of it is run."""
    mark, repo = tmp_path / "mark", tmp_path / "repo"
    trap = TRAP.format(mark=str(mark))
    files = {
        "setup.py": trap,
        "conftest.py": trap,
        "tests/conftest.py": trap,
        "sitecustomize.py": trap,
        "yaml.py": trap,
        "train.py": trap + "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n",
        "sklearn/__init__.py": trap,
        "Makefile": f"train: $(shell touch {mark})\n\tpython train.py\nX := $(shell touch {mark})\n",
        "README.md": "Run `python train.py`.\n",
        "params.yaml": f"seed: !!python/object/apply:os.system ['touch {mark}']\n",
        ".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{run: "
        f"!!python/object/apply:os.system ['touch {mark}']}}]}}}}\n",
        "noxfile.py": trap,
        "bomb.ipynb": '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "deep.py": "x = " + "(" * 5000 + ")" * 5000 + "\n",
        "minus.py": "x = " + "-" * 50_000 + "1\n",
        "long.py": "x = " + " + ".join(["1"] * 20_000) + "\n",
        "chain.py": "x = a" + ".b" * 20_000 + "\n",
        "latin.py": "# caf\xe9\nx = 1\n",
        "laughs.yaml": "a0: &a0 [1]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i},*a{i},*a{i}]\n" for i in range(20)),
        "merge.yaml": "a: &a {x: 1}\n" + "".join(f"b{i}: &b{i} {{<<: [*a, *a]}}\n" for i in range(50)),
        "self.yaml": "a: &a [*a]\n",
        "nested.yaml": "[" * 20_000 + "]" * 20_000,
        "nested.toml": "a = " + "[" * 20_000 + "]" * 20_000,
    }  # fmt: skip
    for path, text in files.items():
        target = repo / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("latin-1"))
    (repo / "huge.py").write_bytes(b"x = 1\n" * 400_000)
    (repo / "binary.py").write_bytes(b"\x00\xff" * 1000)
    (repo / "utf16.md").write_bytes("# Zürich".encode("utf-16"))
    (repo / "broken.md").write_bytes(b"\xff\xfe\xfd\x80 `python train.py`")
    return repo, mark


def test_nothing_of_a_booby_trapped_repository_runs(
    trapped: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, mark = trapped
    monkeypatch.chdir(repo)
    result = assess(repo)

    assert not mark.exists()
    assert {f.capability.id: f.status for f in result.findings}["training"] == "met"


def test_links_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    outside, repo = tmp_path / "outside", tmp_path / "repo"
    outside.mkdir()
    repo.mkdir()
    (outside / "train.py").write_text("from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n")
    (repo / "code").symlink_to(outside, target_is_directory=True)
    (repo / "train.py").symlink_to(outside / "train.py")
    (repo / "loop").symlink_to(repo, target_is_directory=True)
    os.mkfifo(repo / "pipe.py")

    assert DiskSource(repo).paths() == []
    assert DiskSource(repo).read("train.py", 1000) is None
    assert assess(repo).level == 0


def test_a_repository_with_hostile_git_settings_starts_nothing(tmp_path: Path) -> None:
    repo, mark = tmp_path / "repo", tmp_path / "mark"
    git = ["git", "-C", str(repo), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    (repo / "train.py").write_text("from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n")
    (repo / ".gitattributes").write_text("*.pkl filter=lfs\n")
    (repo / "model.pkl").write_text("weights")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    subprocess.run(["git", "init", "-q", str(repo / "inner")], check=True)
    subprocess.run(["git", "-C", str(repo / "inner"), "config", "core.fsmonitor", f"touch {mark}"], check=True)
    (repo / "train.py").write_text("from sklearn.svm import SVC\nSVC(random_state=2).fit([[0]], [0])\n")
    for key in (
        "filter.lfs.clean",
        "filter.lfs.process",
        "core.alternateRefsCommand",
        "credential.helper",
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "filter.x.smudge",
        "diff.external",
        "core.editor",
    ):
        subprocess.run([*git, "config", key, f"touch {mark}"], check=True)
    hook = repo / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    assess(repo)
    assess(repo, "HEAD")

    assert not mark.exists()


def test_a_bare_clone_is_read_at_a_commit_and_equals_the_folder(tmp_path: Path) -> None:
    repo, bare = tmp_path / "repo", tmp_path / "bare.git"
    git = ["git", "-C", str(repo), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    (repo / "README.md").write_text("`python train.py`\n")
    (repo / "train.py").write_text("from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(repo), str(bare)], check=True)
    (repo / "train.py").write_text("print('nothing')\n")
    at_commit = {f.capability.id: f.status for f in assess(bare, "HEAD").findings}
    in_folder = {f.capability.id: f.status for f in assess(repo).findings}

    assert (at_commit["training"], in_folder["training"]) == ("met", "missing")
    with pytest.raises(LadderError, match="no revision"):
        assess(bare, "--upload-pack=touch")


def test_a_folder_of_a_monorepo_has_the_ci_of_its_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    files = {
        ".github/workflows/churn.yml": "on: pull_request\njobs:\n  t:\n"
        "    defaults: {run: {working-directory: teams/churn}}\n"
        "    steps:\n    - uses: actions/checkout@v4\n    - run: pip install -r requirements.txt\n    - run: pytest\n",
        "teams/churn/requirements.txt": "pytest\n",
        "teams/churn/split.py": "def half(x):\n    return x / 2\n",
        "teams/churn/test_split.py": "from split import half\n\n\ndef test_half():\n    assert half(2) == 1\n",
        "teams/other/train.py": "from sklearn.svm import SVC\nSVC().fit([[0]], [0])\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    statuses = {f.capability.id: f.status for f in assess(tmp_path / "teams/churn").findings}

    assert (statuses["ci-tests"], statuses["training"]) == ("met", "missing")


@pytest.mark.parametrize(
    "text", ["a: !!python/name:os.system x", "a: &a [*a]", "[" * 5000, "\x00", "- - : : {", "? [a]: b"]
)
def test_hostile_yaml_gives_plain_data_or_nothing(text: str) -> None:
    assert str(parse_yaml(text)).count("function") == 0


def test_parsers_of_malformed_text_give_nothing() -> None:
    assert parse_json("[" * 200_000) is None
    assert parse_toml("a = " + "[" * 20_000) == {}
    assert parse_yaml("a: [1") == []
